"""Assessments: what is asked together, and who sat them under which conditions."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models.people import Course, User
from question_bank.models import Concept, Question, Tag

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from assessments.models.attempts import Attempt


class Assessment(models.Model):
    """Questions asked together: a practice or an exam.

    It opens and closes for everybody at ``opens_at`` and ``closes_at``; ``minutes`` is the time
    that one sitting may take. Both are scaled by a learner's accommodation. What was answered
    before the end and arrives within the grace time counts.
    """

    class Kind(models.TextChoices):
        """Whether it is sat to learn, or to be marked."""

        PRACTICE = "practice", _("Practice")
        EXAM = "exam", _("Exam")

    class Feedback(models.TextChoices):
        """When learners see how their answers were marked."""

        AT_ONCE = "at_once", _("at once, after each answer")
        HANDED_IN = "handed_in", _("when they have handed in")
        CLOSED = "closed", _("when the assessment has closed for everybody")
        RELEASED = "released", _("when an instructor releases it")

    class Counts(models.TextChoices):
        """Which of a learner's sittings is their result."""

        BEST = "best", _("the best one")
        LAST = "last", _("the last one")
        FIRST = "first", _("the first one")

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("course")
    )
    slug = models.SlugField(max_length=80, verbose_name=_("slug"))
    title = models.CharField(max_length=120, verbose_name=_("title"))
    introduction = models.TextField(
        blank=True, help_text=_("Markdown; read before beginning"), verbose_name=_("introduction")
    )
    kind = models.CharField(
        max_length=10, choices=Kind, default=Kind.PRACTICE, verbose_name=_("kind")
    )
    position = models.PositiveIntegerField(
        default=0, help_text=_("Order within the course"), verbose_name=_("position")
    )
    opens_at = models.DateTimeField(null=True, blank=True, verbose_name=_("opens at"))
    closes_at = models.DateTimeField(null=True, blank=True, verbose_name=_("closes at"))
    minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Time of one sitting"),
        verbose_name=_("minutes"),
    )
    grace_seconds = models.PositiveIntegerField(
        default=60,
        help_text=_("What was typed before the end and arrives so much later counts"),
        verbose_name=_("grace seconds"),
    )
    sittings_allowed = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: any number"),
        verbose_name=_("sittings allowed"),
    )
    shuffles = models.BooleanField(
        _("shuffled"),
        default=False,
        help_text=_("Each learner has the questions in another order"),
    )
    per_page = models.PositiveSmallIntegerField(
        _("questions a page"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Code and designs have a page of their own"),
    )
    feedback = models.CharField(
        max_length=10, choices=Feedback, default=Feedback.AT_ONCE, verbose_name=_("feedback")
    )
    counts = models.CharField(
        _("which sitting counts"), max_length=10, choices=Counts, default=Counts.BEST
    )
    released_at = models.DateTimeField(null=True, blank=True, verbose_name=_("released at"))
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Until then only instructors see it"),
        verbose_name=_("published at"),
    )

    if TYPE_CHECKING:
        slots: RelatedManager["Slot"]
        sittings: RelatedManager["Sitting"]

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["course_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="assessment_slug_once"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True)
                | Q(opens_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="assessment_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Slot(models.Model):
    """A place in an assessment: one question, or so many drawn at random from a pool.

    A pool is every live question of the course that fits all that is given of concept, kind, tag
    and difficulty.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="slots", verbose_name=_("assessment")
    )
    position = models.PositiveIntegerField(verbose_name=_("position"))
    points = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(0)],
        verbose_name=_("points"),
    )
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        verbose_name=_("question"),
    )
    draws = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        verbose_name=_("draws"),
    )
    concept = models.ForeignKey(
        Concept,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        verbose_name=_("concept"),
    )
    kind = models.CharField(
        max_length=20, choices=Question.Kind, blank=True, verbose_name=_("kind")
    )
    tag = models.ForeignKey(
        Tag,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        verbose_name=_("tag"),
    )
    easiest = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        verbose_name=_("easiest"),
    )
    hardest = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        verbose_name=_("hardest"),
    )

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["assessment_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=True)
                | Q(
                    draws=1,
                    concept__isnull=True,
                    kind="",
                    tag__isnull=True,
                    easiest__isnull=True,
                    hardest__isnull=True,
                ),
                name="slot_question_or_pool",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(assessment)s, place %(position)s") % {
            "assessment": self.assessment,
            "position": self.position + 1,
        }


class Accommodation(models.Model):
    """More time for one learner, in one assessment or in all of a course.

    ``factor`` scales the time of a sitting, the time from opening to closing, and the grace time
    alike. One for an assessment takes precedence over one for its course.
    """

    learner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="accommodations", verbose_name=_("learner")
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="accommodations", verbose_name=_("course")
    )
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="accommodations",
        help_text=_("Empty: all of the course"),
        verbose_name=_("assessment"),
    )
    factor = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        verbose_name=_("factor"),
    )
    extra_sittings = models.PositiveSmallIntegerField(default=0, verbose_name=_("extra sittings"))
    note = models.CharField(max_length=400, blank=True, verbose_name=_("note"))
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(verbose_name=_("given at"))

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        ordering = ["course_id", "learner_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assessment"],
                condition=Q(assessment__isnull=False),
                name="accommodation_once_an_assessment",
            ),
            models.UniqueConstraint(
                fields=["learner", "course"],
                condition=Q(assessment__isnull=True),
                name="accommodation_once_a_course",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(learner)s: %(factor)s times the time in %(place)s") % {
            "learner": self.learner,
            "factor": self.factor,
            "place": self.assessment or self.course,
        }


class Sitting(models.Model):
    """A learner at an assessment, once: which questions in which order, and until when.

    The questions are its attempts, each pinned to its version and seed. ``due_at`` and
    ``grace_until`` are empty where nothing ends it; they are worked out anew only where the
    assessment's times or the learner's accommodation change. ``is_test`` marks an instructor who
    takes it as a learner would: it counts nowhere.
    """

    learner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="sittings", verbose_name=_("learner")
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="sittings", verbose_name=_("assessment")
    )
    number = models.PositiveIntegerField(verbose_name=_("number"))
    started_at = models.DateTimeField(verbose_name=_("started at"))
    due_at = models.DateTimeField(null=True, blank=True, verbose_name=_("due at"))
    grace_until = models.DateTimeField(null=True, blank=True, verbose_name=_("grace until"))
    handed_in_at = models.DateTimeField(null=True, blank=True, verbose_name=_("handed in at"))
    by_clock = models.BooleanField(
        default=False,
        help_text=_("Handed in because its time was over"),
        verbose_name=_("by clock"),
    )
    is_test = models.BooleanField(default=False, verbose_name=_("is test"))

    if TYPE_CHECKING:
        attempts: RelatedManager["Attempt"]

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["assessment_id", "learner_id", "number"]
        indexes = [
            models.Index(fields=["handed_in_at", "grace_until"], name="sitting_over"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assessment", "number"], name="sitting_number_once"
            ),
            models.UniqueConstraint(
                fields=["learner", "assessment"],
                condition=Q(handed_in_at__isnull=True),
                name="one_sitting_open",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(learner)s at %(assessment)s, sitting %(number)s") % {
            "learner": self.learner,
            "assessment": self.assessment,
            "number": self.number,
        }
