"""What a learner has typed, kept while it is typed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.attempts import Attempt


class Saved(models.Model):
    """The answer to an attempt as it stands: ``assessments.journal.State`` as JSON.

    ``late`` is the same for what arrived when its sitting no longer took it: it counts for nothing
    and is there to be looked at. Both are changed in place, for every change has its place in them.
    """

    attempt = models.OneToOneField(
        Attempt,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="saved",
        verbose_name=_("attempt"),
    )
    state = models.JSONField(default=dict, verbose_name=_("state"))
    late = models.JSONField(default=dict, verbose_name=_("late"))
    revision = models.PositiveBigIntegerField(default=0, verbose_name=_("revision"))
    saved_at = models.DateTimeField(verbose_name=_("saved at"))

    def __str__(self) -> str:
        return f"{self.attempt}, revision {self.revision}"
