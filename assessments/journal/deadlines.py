"""Whether what arrives counts: the server's clock decides, in the grace time with the page's.

Times are ``datetime`` with a zone; what pages say of time is milliseconds since 1970.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Times:
    """When a sitting ends, its grace time too, and when it was handed in; empty: never."""

    due_at: datetime | None = None
    grace_until: datetime | None = None
    handed_in_at: datetime | None = None


def counts(times: Times, *, received_at: datetime, typed_at: datetime) -> bool:
    """Whether a change counts: received in time, or typed in time and received in the grace time.

    Nothing counts that is received once the sitting has been handed in.
    """
    if times.handed_in_at is not None:
        return False
    if times.due_at is None or received_at <= times.due_at:
        return True
    until = times.grace_until or times.due_at
    return typed_at <= times.due_at and received_at <= until


def typed_time(
    typed_at: int, *, offset: int | None, sent_at: int, received_at: datetime
) -> datetime:
    """Return when something was typed by the server's clock, never after it was received.

    ``typed_at`` and ``sent_at`` are by the page's clock; ``offset`` is by how much the server's
    clock is ahead of it, as the page measured. A page that could not measure is taken to have sent
    what it sends at the moment of its receipt.
    """
    if offset is None:
        ago = timedelta(milliseconds=max(0, sent_at - typed_at))
        return received_at - ago
    typed = datetime.fromtimestamp((typed_at + offset) / 1000, UTC)
    return min(typed, received_at)
