"""One answer to be marked: the text, its rubric as a form, and its marks so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.admin.marking.form import fields_of, held_by
from assessments.admin.marking.piles import Pile
from assessments.models import RubricMark, User, WaitingText
from assessments.services import last_mark
from assessments.services.marks import rubric_digest
from assessments.web.marks import TextMarked, marked_texts
from assessments.web.prose import render, render_inline
from question_bank.kinds import Answerable
from question_bank.variants import variant_of


@dataclass(frozen=True)
class Line:
    """A line of the ledger, as markers read it."""

    mark: RubricMark
    texts: tuple[TextMarked, ...]
    points: int
    of: int


@dataclass(frozen=True)
class Sequence:
    """Where an answer stands among all to its question; its neighbours are keys."""

    number: int
    total: int
    waiting: int
    before: int | None
    after: int | None


def context(
    text: WaitingText, pile: Pile, user: User, *, typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return what the page shows; ``typed`` is what a refused form held."""
    attempt = text.attempt
    variant = variant_of(attempt.version, attempt.seed)
    assert isinstance(variant, Answerable)
    last = last_mark(text)
    lines = _ledger(text, variant)
    held = held_by(last) if typed is None else typed
    fields = fields_of(variant.written, text.answer, held)
    return {
        "text": text,
        "question": attempt.question,
        "version": attempt.version,
        "digest": rubric_digest(attempt),
        "assessment": attempt.sitting.assessment if attempt.sitting else None,
        "stem": render(variant.page.stem),
        "explanation": render(variant.explanation),
        "percent": round(100 * text.fraction),
        "share": round(100 * text.waits),
        "decided": _decided(text),
        "fields": fields,
        "comment": held.get("comment", ""),
        "reason": held.get("reason", ""),
        "last": last,
        "stands": last is not None and last.fraction is not None,
        "lines": lines,
        "theirs": lines[0] if lines else None,
        "sequence": _sequence(pile, text, user),
        "pile": pile,
        "zone": timezone.get_current_timezone_name(),
        "points": sum(one.points for one in fields),
    }


def _decided(text: WaitingText) -> dict[str, Any]:
    """Return what was decided when the answer came in; nothing where all of it waits."""
    if text.waits >= 1:
        return {}
    return {
        "given": render_inline(text.feedback["given"]),
        "feedback": render(text.feedback["feedback"]),
    }


def _ledger(text: WaitingText, variant: Answerable) -> list[Line]:
    """Return all lines, the newest first."""
    marks = RubricMark.objects.filter(response=text.pk).select_related("marker").order_by("-pk")
    lines = []
    for mark in marks:
        texts: Iterable[TextMarked] = marked_texts(variant, mark.given)
        told = tuple(one for one in texts if one.lines)
        lines.append(Line(mark, told, sum(one.points for one in told), sum(t.of for t in told)))
    return lines


def _sequence(pile: Pile, text: WaitingText, user: User) -> Sequence:
    rows = list(pile.texts(user).values_list("pk", "marked"))
    order = [pk for pk, _ in rows]
    place = order.index(text.pk)
    return Sequence(
        number=place + 1,
        total=len(order),
        waiting=sum(marked is None for _, marked in rows),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


def next_waiting(pile: Pile, user: User, after: int | None = None) -> int | None:
    """Return the text that waits next after one, from the oldest again at the end."""
    rows = list(pile.texts(user).values_list("pk", "marked"))
    order = [pk for pk, _ in rows]
    start = order.index(after) + 1 if after in order else 0
    turned = rows[start:] + rows[:start]
    return next((pk for pk, marked in turned if marked is None and pk != after), None)
