"""What a page needs to keep the journal of an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessments.journal import State
from assessments.models import Attempt

SEEN = "journal-seen"
"""The field of a form, after its prefix, that says what the form had shown."""


@dataclass(frozen=True)
class PageJournal:
    """Where a form's entries go, and what the page knows when it is loaded."""

    id: str
    url: str
    state: dict[str, Any]

    @property
    def seen(self) -> str:
        """Return what the page shows, as its form sends it back."""
        return json.dumps(self.state["past"])


def journal_of(attempt: Attempt, state: State) -> PageJournal:
    """Return the journal of an attempt at this state."""
    url = reverse("web:journal", args=[attempt.pk])
    return PageJournal(f"journal-{attempt.pk}", url, news(state, {}))


def news(state: State, known: Mapping[str, int]) -> dict[str, Any]:
    """Return as JSON of a state what somebody lacks who knows so much of each writer."""
    lacking = {
        name: tips
        for name, tips in state.fields.items()
        if len(tips) > 1 or any(tip.sequence > known.get(tip.writer, 0) for tip in tips)
    }
    return State(state.past, lacking).as_json() | {"clock": state.clock}
