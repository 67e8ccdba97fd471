"""What the instructor's gradebook shows: learners in rows, assessments in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from assessments.models import Assessment, Course, User
from assessments.services.gradebook import (
    Result,
    Standing,
    assessments_of,
    learners_of,
    results,
    sittings_of,
    standing_of,
)
from assessments.web.results import MARKS, WORDS, plain, told

A_PAGE = 50
BY_NAME, BY_TOTAL = "name", "total"
NOT_DECIDED = "open"
_CENT = Decimal("0.01")

Results = Mapping[tuple[int, int], Result]


@dataclass(frozen=True)
class Cell:
    """A learner's result at an assessment; ``sitting`` is the key of the one to look at."""

    standing: Standing
    points: str = ""
    percent: str = ""
    waits: str = ""
    sitting: int | None = None

    @property
    def mark(self) -> str:
        """The standing as a shape."""
        return MARKS[self.standing]

    @property
    def words(self) -> Any:
        """The standing in words."""
        return WORDS[self.standing]


@dataclass(frozen=True)
class Row:
    """A learner with a cell for each assessment, and the points that are earned for certain."""

    learner: User
    cells: tuple[Cell, ...]
    total: str


@dataclass(frozen=True)
class Column:
    """What a column is sorted by, and where its heading leads."""

    title: str
    key: str
    query: str
    direction: str
    assessment: Assessment | None = None


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    sort: str
    down: bool
    text: str
    only: str

    @classmethod
    def of(cls, query: Mapping[str, str], assessments: Sequence[Assessment]) -> "Asked":
        """Read it; what is not there is by name, upwards, of everybody."""
        keys = {BY_NAME, BY_TOTAL, *(one.slug for one in assessments)}
        sort = query.get("sort", "")
        only = query.get("only", "")
        return cls(
            sort=sort.removeprefix("-") if sort.removeprefix("-") in keys else BY_NAME,
            down=sort.startswith("-"),
            text=query.get("q", "").strip()[:100],
            only=only if only == NOT_DECIDED else "",
        )

    def query(self, **changed: str) -> str:
        """Return the address of the same with something else."""
        sort = f"-{self.sort}" if self.down else self.sort
        asked = {"sort": sort, "q": self.text, "only": self.only} | changed
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def of_all(self) -> bool:
        """Whether the results of everybody are needed to know who stands on a page."""
        return self.sort == BY_TOTAL or bool(self.only)


def context(course: Course, query: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of the gradebook; twelve queries at most, however many learners."""
    assessments = assessments_of(course)
    asked = Asked.of(query, assessments)
    people = _named(list(learners_of(course)), asked.text)
    known = _known(course, assessments, asked)
    page = Paginator(_sorted(people, assessments, known, asked), A_PAGE).get_page(query.get("page"))
    shown = page.object_list
    if not asked.of_all:
        own = sittings_of(course).filter(learner__in=[one.pk for one in shown])
        known = results(own, assessments)
    return {
        "course": course,
        "columns": _columns(assessments, asked),
        "rows": [row_of(learner, assessments, known) for learner in shown],
        "page": page,
        "pages": _pages(page, asked),
        "asked": asked,
        "number": len(people),
        "assessments": assessments,
        "open_only": NOT_DECIDED,
        "file": reverse("web:gradebook_file", args=[course.slug]),
    }


def _named(people: list[User], text: str) -> list[User]:
    """Return those whose name has the text in it, whatever its case."""
    wanted = text.casefold()
    return [one for one in people if wanted in f"{one.username}\n{one.get_full_name()}".casefold()]


def _known(course: Course, assessments: Sequence[Assessment], asked: Asked) -> Results:
    """Return the results that the order and the filter need."""
    if asked.of_all:
        return results(sittings_of(course), assessments)
    return results(sittings_of(course), [one for one in assessments if one.slug == asked.sort])


def _sorted(
    people: list[User], assessments: Sequence[Assessment], known: Results, asked: Asked
) -> list[User]:
    if asked.only:
        waiting = {learner for (learner, _), one in known.items() if _is_open(one)}
        people = [one for one in people if one.pk in waiting]
    if asked.sort == BY_NAME:
        return people[::-1] if asked.down else people
    wanted = {one.pk for one in assessments if asked.sort in (BY_TOTAL, one.slug)}
    points: dict[int, Decimal] = {}
    for (learner, assessment), result in known.items():
        if assessment in wanted and result.sitting is not None:
            points[learner] = points.get(learner, Decimal(0)) + result.tally.score.least
    # Whoever has nothing comes last upwards, and first where the order is turned round.
    return sorted(people, key=lambda one: points.get(one.pk, Decimal(-1)), reverse=not asked.down)


def _is_open(result: Result) -> bool:
    return standing_of(result) in {Standing.WAITING, Standing.JUDGING}


def row_of(learner: User, assessments: Sequence[Assessment], known: Results) -> Row:
    """Return a learner's row."""
    mine = [known.get((learner.pk, one.pk)) for one in assessments]
    total = sum((one.tally.score.least for one in mine if one), Decimal(0))
    points = plain(total.quantize(_CENT, ROUND_HALF_UP))
    return Row(learner, tuple(_cell(one) for one in mine), points)


def _cell(result: Result | None) -> Cell:
    standing = standing_of(result)
    if result is None or result.sitting is None:
        return Cell(standing)
    words = told(result.tally)
    return Cell(standing, words.points, words.percent, words.waits, result.sitting.pk)


def _columns(assessments: Sequence[Assessment], asked: Asked) -> list[Column]:
    columns = [_column("", BY_NAME, asked), _column("", BY_TOTAL, asked)]
    return columns + [_column(one.title, one.slug, asked, one) for one in assessments]


def _column(title: str, key: str, asked: Asked, assessment: Assessment | None = None) -> Column:
    direction = "none"
    if asked.sort == key:
        # Names go up from A, points down from the most.
        direction = "descending" if asked.down == (key == BY_NAME) else "ascending"
    turned = asked.sort == key and not asked.down
    return Column(title, key, asked.query(sort=f"-{key}" if turned else key), direction, assessment)


def _pages(page: Page[User], asked: Asked) -> dict[str, str]:
    """Return the addresses of the pages before and after."""
    found = {}
    if page.has_previous():
        found["before"] = asked.query(page=str(page.previous_page_number()))
    if page.has_next():
        found["after"] = asked.query(page=str(page.next_page_number()))
    return found
