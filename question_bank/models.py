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

    slug = models.SlugField(max_length=80, unique=True, verbose_name=_("slug"))
    title = models.CharField(max_length=120, verbose_name=_("title"))
    chapter = models.CharField(max_length=120, verbose_name=_("chapter"))
    position = models.PositiveIntegerField(
        default=0, help_text=_("Order within the course"), verbose_name=_("position")
    )
    summary = models.CharField(max_length=400, verbose_name=_("summary"))
    body = models.TextField(help_text=_("Markdown"), verbose_name=_("body"))
    pattern = models.CharField(max_length=400, blank=True, verbose_name=_("pattern"))
    pattern_n = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(64)],
        verbose_name=_("pattern n"),
    )
    parameters = models.JSONField(default=list, blank=True, verbose_name=_("parameters"))
    learn_before = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="learn_after",
        blank=True,
        verbose_name=_("learn before"),
    )

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A word that instructors sort questions by."""

    name = models.CharField(max_length=60, unique=True, verbose_name=_("name"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
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

    slug = models.SlugField(max_length=80, unique=True, verbose_name=_("slug"))
    kind = models.CharField(max_length=20, choices=Kind, verbose_name=_("kind"))
    title = models.CharField(max_length=120, verbose_name=_("title"))
    bloom = models.CharField(max_length=20, choices=Bloom, blank=True, verbose_name=_("bloom"))
    difficulty = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        verbose_name=_("difficulty"),
    )
    folder = models.CharField(max_length=255, blank=True, db_index=True, verbose_name=_("folder"))
    tags = models.ManyToManyField(Tag, related_name="questions", blank=True, verbose_name=_("tags"))
    concepts = models.ManyToManyField(
        Concept, through="Tested", related_name="questions", verbose_name=_("concepts")
    )
    live = models.ForeignKey(
        "QuestionVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("live"),
    )

    if TYPE_CHECKING:
        versions: RelatedManager["QuestionVersion"]
        events: RelatedManager["QuestionEvent"]
        draft: "Draft"

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
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

    question = models.ForeignKey(Question, on_delete=models.CASCADE, verbose_name=_("question"))
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, verbose_name=_("concept"))
    position = models.PositiveSmallIntegerField(verbose_name=_("position"))

    class Meta:
        verbose_name = _("tested")
        verbose_name_plural = _("testeds")
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

    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="versions", verbose_name=_("question")
    )
    number = models.PositiveIntegerField(verbose_name=_("number"))
    content = models.JSONField(verbose_name=_("content"))
    digest = models.CharField(max_length=64, verbose_name=_("digest"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Nobody: it came from files"),
        verbose_name=_("author"),
    )
    made_at = models.DateTimeField(auto_now_add=True, verbose_name=_("made at"))

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        ordering = ["question_id", "number"]
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

    question = models.OneToOneField(
        Question, on_delete=models.CASCADE, related_name="draft", verbose_name=_("question")
    )
    content = models.JSONField(verbose_name=_("content"))
    revision = models.PositiveIntegerField(default=1, verbose_name=_("revision"))
    based_on = models.ForeignKey(
        QuestionVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("based on"),
    )
    proposed = models.ForeignKey(
        QuestionVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed"),
    )
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("writers")
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("saved by"),
    )
    saved_at = models.DateTimeField(verbose_name=_("saved at"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
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

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="events", verbose_name=_("question")
    )
    version = models.ForeignKey(
        QuestionVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("version"),
    )
    action = models.CharField(max_length=20, choices=Action, verbose_name=_("action"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.CharField(max_length=400, blank=True, verbose_name=_("note"))
    at = models.DateTimeField(auto_now_add=True, verbose_name=_("at"))

    class Meta:
        verbose_name = _("question event")
        verbose_name_plural = _("question events")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.question.slug}: {self.get_action_display()}"
