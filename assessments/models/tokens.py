"""What scripts and other platforms sign in with, and what they asked for once."""

from django.db import models

from assessments.models.people import User


class Scope(models.TextChoices):
    """What a token may be used for, besides what its person may do."""

    COURSES_READ = "courses:read"
    WORK_READ = "work:read"
    WORK_WRITE = "work:write"
    AUTHORING_READ = "authoring:read"
    AUTHORING_WRITE = "authoring:write"
    GRADEBOOK_READ = "gradebook:read"
    GRADEBOOK_WRITE = "gradebook:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"


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
