"""The forms of a sitting's questions: what they hold untouched, and what came back of them.

Where a page has several questions, the fields of each have the prefix of its place before their
names.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from assessments import journal
from assessments.journal import State
from assessments.models import Assessment, Attempt
from assessments.services import Posted
from question_bank.kinds import (
    Answerable,
    CasePage,
    CodePage,
    DesignPage,
    OrderingPage,
    Page,
    Variant,
)
from question_bank.kinds.case import prefix as prefix_of_part
from question_bank.models import Question
from question_bank.variants import variant_of

Fields = dict[str, str]
_ShownFields = dict[str, tuple[str, dict[str, Annotated[int, Field(ge=0, lt=2**31)]]]]
_SHOWN = TypeAdapter(dict[str, _ShownFields])
_ALONE = {Question.Kind.CODE, Question.Kind.DESIGN}


def pages_of(assessment: Assessment, attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """Return a sitting's attempts by the page that asks them; code and designs stand alone."""
    pages: list[list[Attempt]] = []
    for attempt in attempts:
        last = pages[-1] if pages else []
        alone = attempt.question.kind in _ALONE or (last and last[0].question.kind in _ALONE)
        if not last or alone or len(last) >= assessment.per_page:
            pages.append([attempt])
        else:
            last.append(attempt)
    return pages


def prefix_on(page: Sequence[Attempt], attempt: Attempt) -> str:
    """Return what stands before the names of an attempt's fields on its page."""
    return f"q{attempt.place}-" if len(page) > 1 else ""


def names_of(variant: Variant) -> tuple[str, ...]:
    """Return the names of a question's fields."""
    return variant.fields if isinstance(variant, Answerable) else ("source",)


def came_back(posted: Mapping[str, str], page: Sequence[Attempt]) -> dict[Attempt, Fields]:
    """Return the fields of each question of a page as they were sent, without their prefix."""
    typed = {}
    for attempt in page:
        before, variant = prefix_on(page, attempt), variant_of(attempt.version, attempt.seed)
        typed[attempt] = {
            name: _typed(name, posted[before + name])
            for name in names_of(variant)
            if before + name in posted
        }
    return typed


def _typed(name: str, text: str) -> str:
    """Return a text with the line ends that were typed: browsers send a form's with CRLF."""
    return text.replace("\r\n", "\n") if "\r" in text and name != "order" else text


def shown_on(
    page: Sequence[Attempt],
    held: Callable[[Attempt], Mapping[str, str]],
    states: Mapping[int, State],
) -> str:
    """Return what a page's form says of itself in a hidden field: what it shows, field by field.

    From that the server tells what was changed on it from what somebody changed elsewhere since.
    """
    return json.dumps({str(one.place): _shown(held(one), states.get(one.pk, {})) for one in page})


def _shown(held: Mapping[str, str], state: State) -> dict[str, Any]:
    return {
        name: [_print(held.get(name)), journal.shown(state[name]) if name in state else {}]
        for name in {*held, *state}
    }


def posted_of(typed: Mapping[Attempt, Fields], shown: str, otherwise: str) -> dict[Attempt, Posted]:
    """Return the fields that were changed on a page, by its question.

    ``shown`` is the hidden field; where that is none of ours, ``otherwise`` is believed.
    """
    try:
        known = _SHOWN.validate_json(shown)
    except ValidationError:
        known = _SHOWN.validate_json(otherwise)
    posted = {
        attempt: _posted(attempt, answer, known.get(str(attempt.place), {}))
        for attempt, answer in typed.items()
    }
    return {attempt: one for attempt, one in posted.items() if one.fields}


def _posted(attempt: Attempt, answer: Fields, known: _ShownFields) -> Posted:
    fields: dict[str, str | None] = {}
    before = untouched(attempt)
    for name in names_of(variant_of(attempt.version, attempt.seed)):
        was = known[name][0] if name in known else _print(before.get(name))
        if _print(answer.get(name)) != was:
            fields[name] = answer.get(name)
    return Posted(fields, {name: known[name][1] for name in fields if name in known})


def _print(value: str | None) -> str:
    """Return a short digest of a value; an empty one is like one that is not there."""
    return hashlib.blake2b((value or "").encode(errors="replace"), digest_size=6).hexdigest()


def untouched(attempt: Attempt) -> Fields:
    """Return what the form of an attempt holds before anything is typed."""
    return _untouched(variant_of(attempt.version, attempt.seed).page)


def _untouched(page: Page) -> Fields:
    if isinstance(page, CodePage):
        return {"source": page.starter}
    if isinstance(page, OrderingPage):
        return {"order": ",".join(map(str, range(len(page.items))))}
    if isinstance(page, DesignPage):
        begun = page.start.as_answer()
        return {name: begun.get(name, "") for name in page.desk.fields.open()}
    if isinstance(page, CasePage):
        return {
            prefix_of_part(place) + name: value
            for place, part in enumerate(page.parts)
            for name, value in _untouched(part).items()
        }
    return {}
