"""The judging of submissions, and what people decide about it."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.attempts import Submission
from assessments.models.people import User
from grader.trace import present_request

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Grading(models.Model):
    """One judging of a submission: where it stands, and its verdict once there is one.

    A submission has one grading at first. What was too noisy to decide is judged again as a new
    grading (``retry`` counts them), and so is what somebody asked to be graded again; verdicts are
    never overwritten, and exactly one grading of a submission ``counts``.

    ``dispatched_at`` is empty while no message of it is with the broker: it waits for its turn from
    ``lease_until`` on. Once it has been sent, somebody vouches for it until ``lease_until``: the
    broker's queue while it waits there, its worker's stage messages while it runs. After that it is
    sent again under a new token.
    ``started_at`` is when the first stage message under the present token came.
    ``spent`` says what its judging took, by the accounts of ``SPENT``; empty before there is a
    verdict.
    ``request_id`` names, in logs, the request that it is graded for.
    ``passed`` is empty where nothing has been decided: not done, unavailable, inconclusive, or
    ``held`` for a person to look at. Only what has been decided may ever cost anybody anything.
    """

    class State(models.TextChoices):
        """Where a grading stands."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    class Kind(models.TextChoices):
        """Why it is graded: a learner waits, somebody has it done again, an author tries it."""

        LIVE = "live", _("Live")
        REGRADE = "regrade", _("Regrade")
        TRIAL = "trial", _("Trial")

    #: What seconds of a judging are told for: all of it, the learner's code, the reference, the
    #: expected output, the wait for the device, and what is left.
    SPENT = ("judging", "candidate", "reference", "expected", "device", "rest")

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="gradings", verbose_name=_("submission")
    )
    device = models.CharField(
        max_length=10, choices=[("cpu", "CPU"), ("cuda", "CUDA")], verbose_name=_("device")
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LIVE, verbose_name=_("kind"))
    retry = models.PositiveSmallIntegerField(
        default=0, help_text=_("Inconclusive ones before it"), verbose_name=_("retry")
    )
    counts = models.BooleanField(
        default=True,
        help_text=_("The one that counts for its submission"),
        verbose_name=_("counts"),
    )
    state = models.CharField(
        max_length=10, choices=State, default=State.QUEUED, verbose_name=_("state")
    )
    stage = models.CharField(max_length=20, blank=True, verbose_name=_("stage"))
    stage_done = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("stage done"))
    stage_total = models.PositiveIntegerField(null=True, blank=True, verbose_name=_("stage total"))
    token_digest = models.CharField(
        max_length=64, help_text=_("SHA-256 of the job's token"), verbose_name=_("token digest")
    )
    deliveries = models.PositiveSmallIntegerField(default=0, verbose_name=_("deliveries"))
    handed_on = models.PositiveSmallIntegerField(
        default=0, help_text=_("By workers too noisy for it"), verbose_name=_("handed on")
    )
    dispatched_at = models.DateTimeField(null=True, blank=True, verbose_name=_("dispatched at"))
    started_at = models.DateTimeField(null=True, blank=True, verbose_name=_("started at"))
    lease_until = models.DateTimeField(verbose_name=_("lease until"))
    verdict = models.JSONField(
        null=True,
        blank=True,
        help_text=_("grader.contract.Verdict as JSON"),
        verbose_name=_("verdict"),
    )
    spent = models.JSONField(
        default=dict, help_text=_("Seconds of its judging, by account"), verbose_name=_("spent")
    )
    failure = models.CharField(max_length=20, blank=True, verbose_name=_("failure"))
    passed = models.BooleanField(null=True, blank=True, verbose_name=_("passed"))
    held = models.CharField(
        max_length=400,
        blank=True,
        help_text=_("Why a person has to look at it"),
        verbose_name=_("held"),
    )
    request_id = models.CharField(
        max_length=64, blank=True, default=present_request, verbose_name=_("request id")
    )
    created_at = models.DateTimeField(verbose_name=_("created at"))
    finished_at = models.DateTimeField(null=True, blank=True, verbose_name=_("finished at"))

    if TYPE_CHECKING:
        reviews: RelatedManager["Review"]

    class Meta:
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        ordering = ["submission_id", "pk"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="grading_lease"),
            models.Index(fields=["device", "state", "dispatched_at"], name="grading_queue"),
            models.Index(fields=["device", "state", "finished_at"], name="grading_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=models.Q(counts=True), name="one_grading_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.failure or self.state}"

    @property
    def is_done(self) -> bool:
        """Whether the verdict is there."""
        return self.state == self.State.DONE

    def rests(self) -> bool:
        """Whether it waits for the end of a rest, not for its turn."""
        waits = self.state == self.State.QUEUED and self.dispatched_at is None
        return waits and self.lease_until > timezone.now()


class HeldGrading(Grading):
    """The same rows, as the list of those that a person has to look at."""

    class Meta:
        proxy = True
        verbose_name = _("held grading")


class Review(models.Model):
    """What a person decided about a grading that was held; the verdict itself stays as it came.

    A review is never changed but undone, by whom and when; then another one may follow.
    """

    grading = models.ForeignKey(
        Grading, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("grading")
    )
    reviewer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    accepted = models.BooleanField(verbose_name=_("accepted"))
    reason = models.TextField(blank=True, max_length=1_000, verbose_name=_("reason"))
    reviewed_at = models.DateTimeField(verbose_name=_("reviewed at"))
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="reviews_undone",
        null=True,
        blank=True,
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(null=True, blank=True, verbose_name=_("undone at"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["grading_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grading"], condition=models.Q(undone_at=None), name="one_review_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grading}: {'accepted' if self.accepted else 'rejected'}"


class Lane(models.Model):
    """A device's way to the broker: who holds its row decides alone what is sent next."""

    device = models.CharField(max_length=10, primary_key=True, verbose_name=_("device"))

    def __str__(self) -> str:
        return self.device


class Worker(models.Model):
    """A grading worker, and when something was last heard of it."""

    name = models.CharField(max_length=120, verbose_name=_("name"))
    device = models.CharField(max_length=10, verbose_name=_("device"))
    seen_at = models.DateTimeField(verbose_name=_("seen at"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["device", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "device"], name="worker_once")]
        indexes = [models.Index(fields=["device", "seen_at"], name="worker_seen")]

    def __str__(self) -> str:
        return f"{self.name} ({self.device})"
