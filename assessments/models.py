"""People and what they did: enrolments, attempts, responses, submissions, gradings."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

from question_bank.immutable import WriteOnce
from question_bank.models import Concept, Question, QuestionVersion

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class User(AbstractUser):
    """A person with an account; the project's own from the first migration."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"


class Course(models.Model):
    """Concepts by chapter and questions in order.

    Anyone with an account may join an open course; into a closed one an instructor enrols.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField()
    chapters = models.JSONField(default=list, help_text="Titles, in order")
    is_open = models.BooleanField(default=True, help_text="Anyone with an account may join")
    concepts = models.ManyToManyField(Concept, related_name="courses", blank=True)
    questions = models.ManyToManyField(Question, through="CourseItem", related_name="courses")

    if TYPE_CHECKING:
        items: RelatedManager["CourseItem"]

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class CourseItem(models.Model):
    """A question at its place in a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "question"], name="question_once_a_course"),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.question}"


class Enrolment(models.Model):
    """A person's part in a course."""

    class Role(models.TextChoices):
        """What an enrolled person may do."""

        LEARNER = "learner"
        INSTRUCTOR = "instructor"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=20, choices=Role, default=Role.LEARNER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="enrolled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course} as {self.role}"


class Attempt(models.Model):
    """A learner at a question: pins the version, the seed of its values, and the grader."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attempts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="attempts")
    seed = models.BigIntegerField()
    grader_digest = models.CharField(max_length=64, blank=True, help_text="Code questions only")
    started_at = models.DateTimeField()

    if TYPE_CHECKING:
        responses: RelatedManager["Response"]
        submissions: RelatedManager["Submission"]

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "question", "number"], name="attempt_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} at {self.question}, attempt {self.number}"


class Response(WriteOnce):
    """An answer to a choice or numeric question, and how it was marked then.

    ``fraction`` runs from 0 to 1. ``feedback`` is ``question_bank.kinds.Mark`` as JSON.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    number = models.PositiveIntegerField()
    answer = models.JSONField()
    fraction = models.DecimalField(max_digits=5, decimal_places=4)
    feedback = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="response_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}, response {self.number}"


class Submission(WriteOnce):
    """One file of code, as it came, byte for byte."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    source = models.BinaryField()
    submitted_at = models.DateTimeField()

    if TYPE_CHECKING:
        gradings: RelatedManager["Grading"]

    class Meta:
        ordering = ["attempt", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="submission_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}, submission {self.number}"

    @property
    def text(self) -> str:
        """The source as text, for showing only: what is not UTF-8 is replaced."""
        return bytes(self.source).decode("utf-8", errors="replace")

    @property
    def grading(self) -> "Grading":
        """The newest grading; with ``prefetch_related("gradings")`` this costs no query."""
        return max(self.gradings.all(), key=lambda grading: grading.pk)


class Grading(models.Model):
    """The judging of one submission: where it stands, and its verdict once there is one.

    ``lease_until``: until then somebody vouches for the job, the broker's queue while it waits and
    its worker's stage messages while it runs; after that it is sent again under a new token.
    ``dispatched_at`` is empty while no message of it is with the broker.
    ``started_at`` is when the first stage message under the present token came.
    """

    class State(models.TextChoices):
        """Where a grading stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="gradings")
    device = models.CharField(max_length=10, choices=[("cpu", "CPU"), ("cuda", "CUDA")])
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=20, blank=True)
    stage_done = models.PositiveIntegerField(null=True, blank=True)
    stage_total = models.PositiveIntegerField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, help_text="SHA-256 of the job's token")
    deliveries = models.PositiveSmallIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField()
    verdict = models.JSONField(null=True, blank=True, help_text="grader.contract.Verdict as JSON")
    failure = models.CharField(max_length=20, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["submission", "pk"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="grading_lease"),
            models.Index(fields=["device", "state", "dispatched_at"], name="grading_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.failure or self.state}"

    @property
    def is_done(self) -> bool:
        """Whether the verdict is there."""
        return self.state == self.State.DONE
