"""What stands around the questions of a course: its glossary, and whether its pages helped."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models.people import Course, User
from question_bank.models import Concept


class Term(models.Model):
    """A term of a course's glossary; ``also`` lists what else it is called."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="terms", verbose_name=_("course")
    )
    position = models.PositiveIntegerField(verbose_name=_("position"))
    slug = models.SlugField(max_length=80, verbose_name=_("slug"))
    term = models.CharField(max_length=80, verbose_name=_("term"))
    also = models.JSONField(default=list, blank=True, verbose_name=_("also"))
    definition = models.TextField(help_text=_("Markdown"), verbose_name=_("definition"))
    concept = models.ForeignKey(
        Concept,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="terms",
        verbose_name=_("concept"),
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="term_once_a_course"),
        ]

    def __str__(self) -> str:
        return self.term


class Vote(models.Model):
    """Whether the page of a concept helped somebody; they may change their mind."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="votes", verbose_name=_("user")
    )
    concept = models.ForeignKey(
        Concept, on_delete=models.CASCADE, related_name="votes", verbose_name=_("concept")
    )
    helped = models.BooleanField(verbose_name=_("helped"))
    comment = models.CharField(max_length=500, blank=True, verbose_name=_("comment"))
    voted_at = models.DateTimeField(verbose_name=_("voted at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["-voted_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "concept"], name="one_vote_a_concept"),
        ]

    def __str__(self) -> str:
        said = (
            gettext("%(concept)s: helped") if self.helped else gettext("%(concept)s: did not help")
        )
        return said % {"concept": self.concept}
