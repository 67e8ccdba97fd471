"""The form of a rubric: what it shows, and what it sends.

A criterion's radio buttons are called ``level:FIELD:KEY`` and its comment ``comment:FIELD:KEY``,
by the answer's field and the criterion's key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import RubricMark
from assessments.services import Given
from assessments.web.prose import render, render_inline
from question_bank.kinds.writing import Criterion, Written, count_words


@dataclass(frozen=True)
class Step:
    """Points that may be given, and what they mean."""

    points: int
    meaning: SafeString
    chosen: bool


@dataclass(frozen=True)
class CriterionFields:
    """A criterion with its steps and its comment."""

    level: str
    comment: str
    title: str
    of: int
    description: SafeString
    steps: tuple[Step, ...]
    said: str


@dataclass(frozen=True)
class TextFields:
    """A text, and its rubric as fields."""

    stem: SafeString
    text: str
    words: int
    least: int
    most: int
    points: int
    criteria: tuple[CriterionFields, ...]


def fields_of(
    texts: Iterable[Written], answer: Mapping[str, str], held: Mapping[str, str]
) -> list[TextFields]:
    """Return the texts of an answer with their rubrics, filled with what the form holds."""
    return [
        TextFields(
            stem=render(text.stem),
            text=answer.get(text.field, ""),
            words=count_words(answer.get(text.field, "")),
            least=text.writing.words.least,
            most=text.writing.words.most,
            points=text.writing.points,
            criteria=tuple(_criterion(text, one, held) for one in text.writing.rubric),
        )
        for text in texts
    ]


def _criterion(text: Written, criterion: Criterion, held: Mapping[str, str]) -> CriterionFields:
    level, comment = _names(text.field, criterion.key)
    meanings = {one.points: render_inline(one.description) for one in criterion.levels}
    if criterion.levels:
        meanings.setdefault(0, render_inline(_("None of these.")))
    return CriterionFields(
        level=level,
        comment=comment,
        title=criterion.title,
        of=criterion.points,
        description=render(criterion.description),
        steps=tuple(
            Step(points, meanings.get(points, SafeString()), held.get(level) == str(points))
            for points in criterion.steps
        ),
        said=held.get(comment, ""),
    )


def given_in(texts: Iterable[Written], posted: Mapping[str, str]) -> list[Given]:
    """Return what a form gives: nothing for a criterion of which no level is chosen."""
    given = []
    for text in texts:
        for criterion in text.writing.rubric:
            level, comment = _names(text.field, criterion.key)
            points = posted.get(level, "")
            if points.isascii() and points.isdigit() and len(points) < 4:
                said = posted.get(comment, "").replace("\r\n", "\n").strip()
                given.append(Given(text.field, criterion.key, int(points), said))
    return given


def held_by(mark: RubricMark | None) -> dict[str, str]:
    """Return what the form holds when it shows a mark; nothing where none stands."""
    if mark is None or mark.fraction is None:
        return {}
    held: dict[str, Any] = {"comment": mark.comment}
    for one in mark.given:
        level, comment = _names(one["field"], one["criterion"])
        held |= {level: str(one["points"]), comment: one["comment"]}
    return held


def _names(field: str, key: str) -> tuple[str, str]:
    return f"level:{field}:{key}", f"comment:{field}:{key}"
