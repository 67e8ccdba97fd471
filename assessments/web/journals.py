"""What a page needs to keep the journal of an answer."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.journal import State, news, seen_of
from assessments.models import Attempt, Sitting


@dataclass(frozen=True)
class PageJournal:
    """Where a form's entries go, and what the page knows when it is loaded."""

    id: str
    url: str
    state: dict[str, Any]

    seen_name: str

    @property
    def seen(self) -> str:
        """What the form says that its page has seen, in its field ``seen_name``."""
        return json.dumps(self.state["past"])


def journal_of(attempt: Attempt, state: State) -> PageJournal:
    """Return the journal of an attempt at this state."""
    url = reverse("web:journal", args=[attempt.pk])
    known = news(state, {}) | times(attempt.sitting, timezone.now())
    return PageJournal(f"journal-{attempt.pk}", url, known, _seen_name(attempt))


def seen_by(posted: Mapping[str, str], attempts: Iterable[Attempt]) -> dict[int, dict[str, int]]:
    """Return what the page of a form had seen of its answers' journals, by the attempt's key."""
    said = {each.pk: seen_of(posted.get(_seen_name(each), "")) for each in attempts}
    return {pk: seen for pk, seen in said.items() if seen is not None}


def _seen_name(attempt: Attempt) -> str:
    return f"journal-seen-{attempt.pk}"


def times(sitting: Sitting | None, now: datetime) -> dict[str, Any]:
    """Return what a page is told of time: the server's clock in milliseconds, and what is left."""
    left = None
    if sitting is not None and sitting.due_at is not None:
        left = max(0.0, (sitting.due_at - now).total_seconds())
    return {
        "now": round(now.timestamp() * 1000),
        "handed_in": sitting is not None and sitting.handed_in_at is not None,
        "seconds_left": left,
    }
