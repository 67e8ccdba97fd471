"""What scripts and other platforms sign in with, and what they asked for once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.people import User


class Scope(models.TextChoices):
    """What a token may be used for, besides what its person may do."""

    COURSES_READ = "courses:read", _("read courses, concepts and questions")
    WORK_READ = "work:read", _("read your attempts, submissions and marks")
    WORK_WRITE = "work:write", _("answer and submit code in your name")
    AUTHORING_READ = "authoring:read", _("read drafts and keys, where you are an author")
    AUTHORING_WRITE = "authoring:write", _("write, approve and publish, where you may")
    GRADEBOOK_READ = "gradebook:read", _("read the gradebook, where you teach")
    GRADEBOOK_WRITE = (
        "gradebook:write",
        _("publish assessments and release marks, where you teach"),
    )
    PEOPLE_READ = "people:read", _("read who is in a course, where you teach")
    PEOPLE_WRITE = "people:write", _("enrol people and give them more time, where you teach")


class Token(models.Model):
    """A key of a person's for scripts. Only its digest is kept: it is told once.

    ``start`` is its beginning, by which its owner knows it again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


class Repeatable(models.Model):
    """What a request with an idempotency key was answered, so that its repetition is too."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key", "route"], name="repeatable_once"),
        ]

    def __str__(self) -> str:
        return f"{self.route}, {self.key}"
