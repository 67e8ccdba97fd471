"""What a learner has typed, kept while it is typed."""

from django.db import models

from assessments.models.attempts import Attempt


class Saved(models.Model):
    """The answer to an attempt as it stands: ``assessments.journal.State`` as JSON.

    ``late`` is the same for what arrived when its sitting no longer took it: it counts for nothing
    and is there to be looked at. Both are changed in place, for every change has its place in them.
    """

    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, primary_key=True, related_name="saved"
    )
    state = models.JSONField(default=dict)
    late = models.JSONField(default=dict)
    revision = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attempt}, revision {self.revision}"
