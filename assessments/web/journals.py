"""What a page needs to keep the journal of an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.journal import State
from assessments.models import Attempt, Sitting


@dataclass(frozen=True)
class PageJournal:
    """Where a form's entries go, and what the page knows when it is loaded."""

    id: str
    url: str
    state: dict[str, Any]

    @property
    def seen(self) -> str:
        """What the form says that its page has seen."""
        return json.dumps(self.state["past"])


def journal_of(attempt: Attempt, state: State) -> PageJournal:
    """Return the journal of an attempt at this state."""
    url = reverse("web:journal", args=[attempt.pk])
    known = news(state, {}) | times(attempt.sitting, timezone.now())
    return PageJournal(f"journal-{attempt.pk}", url, known)


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


def news(state: State, known: Mapping[str, int]) -> dict[str, Any]:
    """Return as JSON of a state what somebody lacks who knows so much of each writer."""
    lacking = {
        name: tips
        for name, tips in state.fields.items()
        if len(tips) > 1 or any(tip.sequence > known.get(tip.writer, 0) for tip in tips)
    }
    return State(state.past, lacking).as_json() | {"clock": state.clock}
