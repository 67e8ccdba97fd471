"""Concepts, questions, and the versions of a question that never change."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from question_bank.immutable import WriteOnce

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Concept(models.Model):
    """One idea of the curriculum, with what to learn before it.

    ``pattern`` is notation of ``grader.patterns`` drawn as the page's picture at ``pattern_n``.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    chapter = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, help_text="Order within the course")
    summary = models.CharField(max_length=400)
    body = models.TextField(help_text="Markdown")
    pattern = models.CharField(max_length=400, blank=True)
    pattern_n = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(64)]
    )
    learn_before = models.ManyToManyField(
        "self", symmetrical=False, related_name="learn_after", blank=True
    )

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """A question under a name that stays while its versions come and go."""

    class Kind(models.TextChoices):
        """How a question is asked and marked; one file each in ``question_bank.kinds``."""

        CHOICE = "choice", "Multiple choice"
        MULTI = "multi", "Several of many"
        MATCHING = "matching", "Matching"
        NUMERIC = "numeric", "Number"
        SHORT = "short", "A few words"
        ESSAY = "essay", "Essay"
        DESIGN = "design", "Design"
        CASE = "case", "Case"
        ORDERING = "ordering", "Ordering"
        CODE = "code", "Code"

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=120)
    concepts = models.ManyToManyField(Concept, through="Tested", related_name="questions")

    if TYPE_CHECKING:
        versions: RelatedManager["QuestionVersion"]

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def newest_version(self) -> "QuestionVersion":
        """Return the version that a new attempt is pinned to."""
        return self.versions.latest("number")


class Tested(models.Model):
    """That a question tests a concept; the most tested concept has position 0."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "concept"], name="tested_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} tests {self.concept}"


class QuestionVersion(WriteOnce):
    """What a question says, word for word; ``content`` is its kind's schema as JSON.

    ``digest`` is the SHA-256 of the canonical JSON, so that the same content makes no new version.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question.slug} version {self.number}"
