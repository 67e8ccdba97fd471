"""A person's mark, as the learner reads it: criterion by criterion, with what was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.models import Response, RubricMark
from assessments.web.prose import render, render_inline
from question_bank.kinds import Answerable, Variant
from question_bank.kinds.writing import Criterion

ROLES: dict[str, Promise] = {
    RubricMark.Role.ASSISTANT: _("an assistant"),
    RubricMark.Role.INSTRUCTOR: _("an instructor"),
    RubricMark.Role.ADMINISTRATOR: _("an administrator"),
}


@dataclass(frozen=True)
class CriterionLine:
    """One criterion: its points, what their level says, and what the marker said to it."""

    title: str
    points: int
    of: int
    level: SafeString
    comment: str


@dataclass(frozen=True)
class TextMarked:
    """One text of the answer with the lines of its rubric; ``stem`` only where it has its own."""

    stem: SafeString
    lines: tuple[CriterionLine, ...]
    points: int
    of: int


@dataclass(frozen=True)
class MarkShown:
    """A mark without its marker's name.

    ``automatic`` is what was said when the answer came in, where a part of it was decided then.
    """

    texts: tuple[TextMarked, ...]
    comment: str
    role: Promise
    marked_at: datetime
    corrected: bool
    automatic: SafeString


def mark_shown(variant: Variant, response: Response, mark: RubricMark | None) -> MarkShown | None:
    """Return a response's mark that stands as it is read; None while there is none."""
    if mark is None or not isinstance(variant, Answerable):
        return None
    alone = response.waits >= 1
    return MarkShown(
        texts=marked_texts(variant, mark.given),
        comment=mark.comment,
        role=ROLES[mark.role],
        marked_at=mark.marked_at,
        corrected=mark.supersedes_id is not None,
        automatic=SafeString() if alone else render(response.feedback["feedback"]),
    )


def marked_texts(variant: Answerable, given: list[dict[str, Any]]) -> tuple[TextMarked, ...]:
    """Return the rubrics of a variant's texts with what a line of the ledger gives."""
    found = {(one["field"], one["criterion"]): one for one in given}
    texts = []
    for text in variant.written:
        rubric = [one for one in text.writing.rubric if (text.field, one.key) in found]
        lines = tuple(_line(one, found[text.field, one.key]) for one in rubric)
        points = sum(line.points for line in lines)
        texts.append(TextMarked(render(text.stem), lines, points, text.writing.points))
    return tuple(texts)


def _line(criterion: Criterion, given: dict[str, Any]) -> CriterionLine:
    said = {level.points: level.description for level in criterion.levels}
    level = said.get(given["points"], criterion.description or str(_("None of the levels.")))
    points, comment = given["points"], given["comment"]
    return CriterionLine(criterion.title, points, criterion.points, render_inline(level), comment)
