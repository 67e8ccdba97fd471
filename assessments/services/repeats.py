"""What requests with an idempotency key were answered, kept for as long as they can be repeated."""

from datetime import timedelta

from django.utils import timezone

from assessments.models import Repeatable

KEPT = timedelta(hours=24)


def forget_repeats() -> int:
    """Delete what no request can repeat any more; return how many rows. Beat calls it."""
    return Repeatable.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
