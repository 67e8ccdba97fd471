"""What a learner answered and submitted."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models.assessments import Sitting
from assessments.models.people import User
from question_bank.immutable import WriteOnce
from question_bank.models import Question, QuestionVersion

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from assessments.models.gradings import Grading


class Attempts(models.QuerySet["Attempt"]):
    """Attempts, by why they were made."""

    def practice(self) -> Self:
        """Return those that were begun on a question's own page."""
        return self.filter(purpose=Attempt.Purpose.PRACTICE)

    def by_learners(self) -> Self:
        """Return those that say something about learners: no author's trial, no test sitting."""
        return self.exclude(purpose=Attempt.Purpose.TRIAL).exclude(sitting__is_test=True)


class Attempt(models.Model):
    """A learner at a question: pins the version, the seed of its values, and the grader.

    Attempts of a purpose are numbered by learner and question. Within a sitting an attempt has its
    place and the points that its question is worth there.
    """

    class Purpose(models.TextChoices):
        """Why it is made: to practise, in a sitting, or by an author who tries an exercise out."""

        PRACTICE = "practice", _("Practice")
        SITTING = "sitting", _("Sitting")
        TRIAL = "trial", _("Trial")

    learner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("learner")
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("question")
    )
    purpose = models.CharField(
        max_length=10, choices=Purpose, default=Purpose.PRACTICE, verbose_name=_("purpose")
    )
    number = models.PositiveIntegerField(verbose_name=_("number"))
    version = models.ForeignKey(
        QuestionVersion,
        on_delete=models.PROTECT,
        related_name="attempts",
        verbose_name=_("version"),
    )
    seed = models.BigIntegerField(verbose_name=_("seed"))
    grader_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("Code questions only"),
        verbose_name=_("grader digest"),
    )
    started_at = models.DateTimeField(verbose_name=_("started at"))
    sitting = models.ForeignKey(
        Sitting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("sitting"),
    )
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("In its sitting"), verbose_name=_("place")
    )
    points = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, blank=True, verbose_name=_("points")
    )
    is_flagged = models.BooleanField(
        default=False, help_text=_("Its learner wants to come back"), verbose_name=_("is flagged")
    )

    objects = Attempts.as_manager()

    if TYPE_CHECKING:
        responses: RelatedManager["Response"]
        submissions: RelatedManager["Submission"]

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["question_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question", "purpose", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["sitting", "place"],
                condition=models.Q(sitting__isnull=False),
                name="attempt_place_once",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose="sitting", sitting__isnull=False, place__isnull=False)
                | models.Q(~models.Q(purpose="sitting"), sitting__isnull=True),
                name="attempt_in_a_sitting",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(learner)s at %(question)s, attempt %(number)s") % {
            "learner": self.learner,
            "question": self.question,
            "number": self.number,
        }


class Response(WriteOnce):
    """An answer to a question that is marked at once, and how it was marked then.

    ``fraction`` runs from 0 to 1 and is what was decided then; ``waits`` is the share of the whole
    mark that waited for a person. ``feedback`` is ``question_bank.kinds.Mark`` as JSON.
    """

    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="responses", verbose_name=_("attempt")
    )
    number = models.PositiveIntegerField(verbose_name=_("number"))
    answer = models.JSONField(verbose_name=_("answer"))
    fraction = models.DecimalField(max_digits=5, decimal_places=4, verbose_name=_("fraction"))
    waits = models.DecimalField(
        max_digits=5, decimal_places=4, default=Decimal(0), verbose_name=_("waits")
    )
    feedback = models.JSONField(verbose_name=_("feedback"))
    created_at = models.DateTimeField(verbose_name=_("created at"))

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["attempt_id", "number"]
        indexes = [
            models.Index(
                fields=["attempt"], condition=models.Q(waits__gt=0), name="response_waits"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="response_number_once"),
        ]

    def __str__(self) -> str:
        return gettext("%(attempt)s, response %(number)s") % {
            "attempt": self.attempt,
            "number": self.number,
        }


class Submission(WriteOnce):
    """One file of code, as it came, byte for byte.

    ``code_digest`` is the same for files that differ only in comments and blank lines.
    """

    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("attempt")
    )
    number = models.PositiveIntegerField(verbose_name=_("number"))
    source = models.BinaryField(verbose_name=_("source"))
    code_digest = models.CharField(
        max_length=64, blank=True, db_index=True, verbose_name=_("code digest")
    )
    submitted_at = models.DateTimeField(verbose_name=_("submitted at"))

    if TYPE_CHECKING:
        gradings: RelatedManager["Grading"]

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["attempt_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="submission_number_once"),
        ]

    def __str__(self) -> str:
        return gettext("%(attempt)s, submission %(number)s") % {
            "attempt": self.attempt,
            "number": self.number,
        }

    @property
    def text(self) -> str:
        """The source as text, for showing only: what is not UTF-8 is replaced."""
        return bytes(self.source).decode("utf-8", errors="replace")

    @property
    def grading(self) -> "Grading":
        """The grading that counts; with ``prefetch_related("gradings")`` this costs no query."""
        return next(grading for grading in self.gradings.all() if grading.counts)
