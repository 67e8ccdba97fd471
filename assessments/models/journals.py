"""What a learner typed, change by change, and what it comes to."""

from django.db import models

from assessments.models.attempts import Attempt
from question_bank.immutable import WriteOnce


class Entry(WriteOnce):
    """One change of one field of an answer, as ``assessments.journal.Change`` says it.

    ``value`` is empty where the field is (a box not ticked). ``typed_at`` is by the server's clock.
    What is ``late`` arrived, or was typed, after the end of its sitting: it is kept and does not
    count.
    """

    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    writer = models.CharField(max_length=24)
    sequence = models.PositiveIntegerField()
    clock = models.PositiveBigIntegerField()
    field = models.CharField(max_length=80)
    value = models.TextField(null=True)
    seen = models.JSONField()
    typed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    late = models.BooleanField(default=False)

    class Meta:
        ordering = ["attempt", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "writer", "sequence"], name="entry_sequence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["attempt"], condition=models.Q(late=True), name="entry_late"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}, {self.field}: {self.writer} {self.sequence}"


class Saved(models.Model):
    """What the entries of an attempt that count come to: ``assessments.journal.State``.

    ``revision`` grows by one with every change; ``size`` is how many bytes of values have been kept
    for the attempt in all.
    """

    attempt = models.OneToOneField(
        Attempt, on_delete=models.PROTECT, related_name="saved", primary_key=True
    )
    state = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "saved"

    def __str__(self) -> str:
        return f"{self.attempt}, saved {self.revision}"
