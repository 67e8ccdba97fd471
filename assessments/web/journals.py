"""What a page needs to keep the journal of an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from assessments.journal import State, news, seen_of
from assessments.models import Attempt, Sitting
from assessments.services.journal import Form, print_of
from assessments.web.sitting_forms import untouched

_PRINTS = TypeAdapter(dict[str, str])


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

    @property
    def was(self) -> str:
        """What the form says that its fields showed, so that what was changed there is known."""
        heads = {name: tips[0][0] for name, tips in self.state["fields"].items()}
        return json.dumps({name: print_of(value) for name, value in heads.items()})


def journal_of(attempt: Attempt, state: State) -> PageJournal:
    """Return the journal of an attempt at this state."""
    url = reverse("web:journal", args=[attempt.pk])
    known = news(state, {}) | times(attempt.sitting, timezone.now())
    return PageJournal(f"journal-{attempt.pk}", url, known, _seen_name(attempt))


def form_sent(attempt: Attempt, fields: Mapping[str, str], posted: Mapping[str, str]) -> Form:
    """Return what a form sent of an attempt, with what its page says that it had shown."""
    name = _seen_name(attempt)
    was = _was(posted.get(f"{name}-was", ""))
    if was is not None:
        begun = {name: print_of(value) for name, value in untouched(attempt).items()}
        was = begun | was
    return Form(fields, seen_of(posted.get(name, "")), was)


def _was(sent: str) -> dict[str, str] | None:
    try:
        return _PRINTS.validate_json(sent)
    except ValidationError:
        return None


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
