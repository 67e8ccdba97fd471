"""Gradebooks as files for spreadsheets: UTF-8, times in UTC, and no cell is a formula.

With ``bom`` the file begins with a byte order mark, by which Excel knows UTF-8.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from assessments.models import Assessment, Course
from assessments.services.gradebook import (
    Result,
    assessments_of,
    learners_of,
    results,
    sittings_of,
    standing_of,
)
from assessments.services.tallies import QuestionTally
from assessments.web.results import plain
from question_bank.formats.table import guarded

_BOM = "\ufeff"
_OF_A_RESULT = ("least", "most", "of", "standing", "sitting", "handed_in_utc")


def learners_csv(course: Course, *, bom: bool) -> bytes:
    """Return a row for each learner, and for each assessment what it came to, at least and at most;
    five queries.
    """
    assessments = assessments_of(course)
    known = results(sittings_of(course), assessments)
    head = ["user_name", "name", "email"]
    head += [f"{one.slug}: {column}" for one in assessments for column in _OF_A_RESULT]
    rows = (
        [
            *(learner.username, learner.get_full_name(), learner.email),
            *(
                cell
                for one in assessments
                for cell in _result_cells(known.get((learner.pk, one.pk)))
            ),
        ]
        for learner in learners_of(course)
    )
    return _file(head, rows, bom)


def _result_cells(result: Result | None) -> Iterator[str]:
    standing = standing_of(result).value
    if result is None or result.sitting is None:
        yield from ("", "", "", standing, "", "")
        return
    score = result.tally.score.rounded()
    yield from (plain(score.least), plain(score.most), plain(score.of), standing)
    yield str(result.sitting.number)
    yield _moment(result.sitting.handed_in_at)


def questions_csv(assessment: Assessment, tallies: Sequence[QuestionTally], *, bom: bool) -> bytes:
    """Return a row for each question of an assessment."""
    head = [
        "question",
        "title",
        "asked",
        "answered",
        "full",
        "for_a_person",
        "being_judged",
        "mean",
    ]
    rows = (
        [
            *(one.question.slug, one.question.title, str(one.asked), str(one.answered)),
            *(str(one.full), str(one.waiting), str(one.judging)),
            "" if one.mean is None else plain(one.mean.quantize(Decimal("0.0001"))),
        ]
        for one in tallies
    )
    return _file(["assessment", *head], ([assessment.slug, *row] for row in rows), bom)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _file(head: Sequence[str], rows: Iterable[Sequence[str]], bom: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (head, *rows):
        writer.writerow([guarded(cell) for cell in row])
    return ((_BOM if bom else "") + text.getvalue()).encode()
