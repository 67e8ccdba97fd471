"""How the questions of an assessment went, as a table that can be sorted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Course, Sitting
from assessments.services.gradebook import sittings_of
from assessments.services.tallies import QuestionTally, by_question
from assessments.web.results import plain

_NOTHING = Decimal(-1)
_KEYS: dict[str, tuple[Promise, Callable[[QuestionTally], Any]]] = {
    "question": (_("Question"), lambda one: one.question.title.casefold()),
    "mean": (_("Mean"), lambda one: _NOTHING if one.mean is None else one.mean),
    "asked": (_("Asked"), lambda one: one.asked),
    "answered": (_("Answered"), lambda one: one.answered),
    "full": (_("All points"), lambda one: one.full),
    "waiting": (_("For a person"), lambda one: one.waiting),
    "judging": (_("Being judged"), lambda one: one.judging),
}


@dataclass(frozen=True)
class QuestionRow:
    """A question's tally with its mean in words."""

    tally: QuestionTally

    @property
    def mean(self) -> str:
        """The mean credit in per cent."""
        mean = self.tally.mean
        return "–" if mean is None else f"{plain((100 * mean).quantize(Decimal('0.1')))} %"


@dataclass(frozen=True)
class Heading:
    """A column's heading, and where it leads."""

    title: Promise
    query: str
    direction: str


def sittings_over(course: Course, assessment: Assessment) -> QuerySet[Sitting]:
    """Return the sittings of an assessment that count and are handed in."""
    return sittings_of(course).filter(assessment=assessment, handed_in_at__isnull=False)


def context(course: Course, assessment: Assessment, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the table; six queries."""
    asked = query.get("sort", "")
    sort, down = asked.removeprefix("-"), asked.startswith("-")
    if sort not in _KEYS:
        sort, down = "question", False
    sittings = sittings_over(course, assessment)
    tallied = sorted(by_question(sittings), key=_KEYS[sort][1], reverse=down)
    return {
        "course": course,
        "assessment": assessment,
        "columns": [_heading(key, sort, down=down) for key in _KEYS],
        "rows": [QuestionRow(one) for one in tallied],
        "sittings": sittings.count(),
        "file": reverse("web:gradebook_questions_file", args=[course.slug, assessment.slug]),
    }


def _heading(key: str, sort: str, *, down: bool) -> Heading:
    direction = ("descending" if down else "ascending") if key == sort else "none"
    turned = key == sort and not down
    return Heading(_KEYS[key][0], f"?sort={'-' if turned else ''}{key}", direction)
