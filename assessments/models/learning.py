"""What stands around the questions of a course: its glossary, and whether its pages helped."""

from django.db import models

from assessments.models.people import Course, User
from question_bank.models import Concept


class Term(models.Model):
    """A term of a course's glossary; ``also`` lists what else it is called."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="terms")
    position = models.PositiveIntegerField()
    slug = models.SlugField(max_length=80)
    term = models.CharField(max_length=80)
    also = models.JSONField(default=list, blank=True)
    definition = models.TextField(help_text="Markdown")
    concept = models.ForeignKey(
        Concept, null=True, blank=True, on_delete=models.SET_NULL, related_name="terms"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="term_once_a_course"),
        ]

    def __str__(self) -> str:
        return self.term


class Vote(models.Model):
    """Whether the page of a concept helped somebody; they may change their mind."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="votes")
    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="votes")
    helped = models.BooleanField()
    comment = models.CharField(max_length=500, blank=True)
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["-voted_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "concept"], name="one_vote_a_concept"),
        ]

    def __str__(self) -> str:
        return f"{self.concept}: {'helped' if self.helped else 'did not help'}"
