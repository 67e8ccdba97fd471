"""Concepts, questions, their versions that never change, and what becomes of them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from question_bank.immutable import WriteOnce

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Concept(models.Model):
    """One idea of the curriculum, with what to learn before it.

    ``pattern`` is notation of ``grader.patterns`` drawn as the page's picture at ``pattern_n``;
    its free names are those of ``parameters``, as ``ConceptHead`` has them.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    chapter = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, help_text=_("Order within the course"))
    summary = models.CharField(max_length=400)
    body = models.TextField(help_text=_("Markdown"))
    pattern = models.CharField(max_length=400, blank=True)
    pattern_n = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(64)]
    )
    parameters = models.JSONField(default=list, blank=True)
    learn_before = models.ManyToManyField(
        "self", symmetrical=False, related_name="learn_after", blank=True
    )

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A word that instructors sort questions by."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question under a name that stays while its versions come and go.

    ``live`` is the version that a new attempt is pinned to; without one no attempt begins. Title,
    Bloom level, difficulty and concepts are those of the live version, or of the draft of a
    question that has never been live: they are kept here to be searched. ``folder`` is a path of
    names with slashes between.
    """

    class Kind(models.TextChoices):
        """How a question is asked and marked; one file each in ``question_bank.kinds``."""

        CHOICE = "choice", _("Multiple choice")
        MULTI = "multi", _("Several of many")
        MATCHING = "matching", _("Matching")
        NUMERIC = "numeric", _("Number")
        SHORT = "short", _("A few words")
        ESSAY = "essay", _("Essay")
        DESIGN = "design", _("Design")
        CASE = "case", _("Case")
        ORDERING = "ordering", _("Ordering")
        CODE = "code", _("Code")

    class Bloom(models.TextChoices):
        """What a question asks of whoever answers it (Bloom's taxonomy, revised 2001)."""

        REMEMBER = "remember", _("Remember")
        UNDERSTAND = "understand", _("Understand")
        APPLY = "apply", _("Apply")
        ANALYSE = "analyse", _("Analyse")
        EVALUATE = "evaluate", _("Evaluate")
        CREATE = "create", _("Create")

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=120)
    bloom = models.CharField(max_length=20, choices=Bloom, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    folder = models.CharField(max_length=255, blank=True, db_index=True)
    tags = models.ManyToManyField(Tag, related_name="questions", blank=True)
    concepts = models.ManyToManyField(Concept, through="Tested", related_name="questions")
    live = models.ForeignKey(
        "QuestionVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    if TYPE_CHECKING:
        versions: RelatedManager["QuestionVersion"]
        events: RelatedManager["QuestionEvent"]
        draft: "Draft"

    class Meta:
        ordering = ["slug"]
        permissions = [
            ("write_question", "Can write drafts of questions"),
            ("approve_question", "Can approve what somebody else has written"),
            ("publish_question", "Can publish, withdraw and roll back questions"),
        ]

    def __str__(self) -> str:
        return self.title


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
        return gettext("%(question)s tests %(concept)s") % {
            "question": self.question,
            "concept": self.concept,
        }


class QuestionVersion(WriteOnce):
    """What a question says, word for word; ``content`` is its kind's schema as JSON.

    A version is made before it is live: what is tested and approved is what is published.
    ``digest`` is the SHA-256 of the canonical JSON, so that the same content makes no new version.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Nobody: it came from files"),
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return gettext("%(slug)s version %(number)s") % {
            "slug": self.question.slug,
            "number": self.number,
        }


class Draft(models.Model):
    """What a question is to say next: changed at will, seen by no learner.

    ``content`` need not be valid, so that nothing half-written is lost. ``revision`` counts what
    has been saved, so that two people do not overwrite each other unseen. ``based_on`` is the
    version that it was started from, ``proposed`` the version made of it for tests and approval;
    saving anything else withdraws the proposal.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="draft")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey(
        QuestionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed = models.ForeignKey(
        QuestionVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return gettext("draft of %(slug)s") % {"slug": self.question.slug}


class QuestionEvent(WriteOnce):
    """What somebody did with a question, and when; ``by`` is nobody where a command did it."""

    class Action(models.TextChoices):
        """What was done."""

        LOADED = "loaded", _("loaded from files")
        IMPORTED = "imported", _("imported")
        STARTED = "started", _("draft started")
        DISCARDED = "discarded", _("draft discarded")
        PROPOSED = "proposed", _("handed in")
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent_back", _("sent back")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ROLLED_BACK = "rolled_back", _("rolled back")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="events")
    version = models.ForeignKey(
        QuestionVersion, null=True, on_delete=models.PROTECT, related_name="events"
    )
    action = models.CharField(max_length=20, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.question.slug}: {self.get_action_display()}"
