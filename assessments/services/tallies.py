"""What sittings come to, added up from the rows of answers, marks and verdicts.

Nothing that is added up here is stored: a mark that is corrected changes the sum with it. The
database adds whole millionths of a point, so that sums are exact on any of them. Of several answers
to a question the last one counts, of several submissions the verdict that counts for the last one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Round

from assessments.models import Attempt, Grading, Response, Sitting, Submission, credited
from assessments.scoring import Score
from question_bank.models import Question

_CENT, _SHARE = 100, 10_000
_MILLIONTH = Decimal(1) / (_CENT * _SHARE)
_NONE = Value(0, output_field=IntegerField())
_FOR_A_PERSON = Q(passed=None) & ~Q(held="")
_FOR_A_MACHINE = Q(passed=None, held="")


@dataclass(frozen=True)
class Tally:
    """Points, how many answers wait for a person, and how many are being judged."""

    score: Score
    waiting: int = 0
    judging: int = 0


EMPTY = Tally(Score(Decimal(0), Decimal(0), Decimal(0)))


@dataclass(frozen=True)
class QuestionTally:
    """How a question went in some sittings.

    ``asked`` counts the times that it was asked, ``answered`` those with an answer, ``full`` those
    with all of the credit, and ``mean`` is the mean credit, from 0 to 1, of what is decided (what
    was not answered is decided too): None where nothing is.
    """

    question: Question
    asked: int
    answered: int
    full: int
    waiting: int
    judging: int
    mean: Decimal | None


def tallies(sittings: QuerySet[Sitting]) -> dict[int, Tally]:
    """Return what each sitting comes to, by its key; three queries."""
    inside = sittings.order_by().values("pk")
    asked = _attempts(inside).values_list("sitting").annotate(of=Sum(_points("points"))).order_by()
    sums = _added(
        _answers(inside, "attempt__sitting"), _verdicts(inside, "submission__attempt__sitting"), 4
    )
    return {pk: _tally(of, *sums[pk]) for pk, of in asked}


def _tally(of: int, least: int, most: int, waiting: int, judging: int) -> Tally:
    score = Score(least * _MILLIONTH, most * _MILLIONTH, Decimal(of) / _CENT)
    return Tally(score, waiting, judging)


def by_question(sittings: QuerySet[Sitting]) -> list[QuestionTally]:
    """Return how each question went, by title; four queries."""
    inside = sittings.order_by().values("pk")
    asked = dict(_attempts(inside).values_list("question").annotate(n=Count("pk")).order_by())
    sums = _added(_question_answers(inside), _question_verdicts(inside), 5)
    rows = Question.objects.in_bulk(asked)
    order = sorted(asked, key=lambda pk: (rows[pk].title, pk))
    return [_question_tally(rows[pk], asked[pk], *sums[pk]) for pk in order]


def _question_tally(
    question: Question,
    asked: int,
    answered: int,
    full: int,
    waiting: int,
    judging: int,
    earned: int,
) -> QuestionTally:
    decided = asked - waiting - judging
    mean = Decimal(earned) / _SHARE / decided if decided else None
    return QuestionTally(question, asked, answered, full, waiting, judging, mean)


def _added(
    answers: Iterable[Any], verdicts: Iterable[Any], columns: int
) -> defaultdict[int, list[int]]:
    """Add the columns of answers and of verdicts, by the key in front."""
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0] * columns)
    for rows in (answers, verdicts):
        for key, *numbers in rows:
            sums[key] = [one + more for one, more in zip(sums[key], numbers, strict=True)]
    return sums


def _attempts(sittings: QuerySet[Any]) -> QuerySet[Attempt]:
    return Attempt.objects.filter(sitting__in=sittings)


def _points(name: str) -> Cast:
    """Return points as whole hundredths."""
    return Cast(Round(Coalesce(F(name), Value(Decimal(0))) * _CENT), BigIntegerField())


def _share_of(name: str) -> Cast:
    """Return a share of 1 as whole ten-thousandths."""
    return Cast(Round(F(name) * _SHARE), BigIntegerField())


def _last_answers(sittings: QuerySet[Any]) -> QuerySet[Any, Any]:
    later = Response.objects.filter(attempt=OuterRef("attempt"), number__gt=OuterRef("number"))
    return credited(Response.objects.filter(~Exists(later), attempt__sitting__in=sittings))


def _last_verdicts(sittings: QuerySet[Any]) -> QuerySet[Grading]:
    later = Submission.objects.filter(
        attempt=OuterRef("submission__attempt"), number__gt=OuterRef("submission__number")
    )
    return Grading.objects.filter(
        ~Exists(later), counts=True, submission__attempt__sitting__in=sittings
    )


def _answers(sittings: QuerySet[Any], by: str) -> Iterable[Any]:
    """Return points at least and at most, how many wait, and how many are being judged."""
    points, earned, waiting = _points("attempt__points"), _share_of("earned"), _share_of("waiting")
    sums: Any = _last_answers(sittings).values_list(by)
    found: Iterable[Any] = sums.annotate(
        least=Sum(points * earned),
        most=Sum(points * (earned + waiting)),
        number=Count("pk", filter=Q(waiting__gt=0)),
        judging=_NONE,
    ).order_by()
    return found


def _verdicts(sittings: QuerySet[Any], by: str) -> Iterable[Any]:
    points = _points("submission__attempt__points") * Value(_SHARE)
    sums: Any = _last_verdicts(sittings).values_list(by)
    found: Iterable[Any] = sums.annotate(
        least=Coalesce(Sum(points, filter=Q(passed=True)), _NONE),
        most=Coalesce(Sum(points, filter=Q(passed=True) | Q(passed=None)), _NONE),
        number=Count("pk", filter=_FOR_A_PERSON),
        judging=Count("pk", filter=_FOR_A_MACHINE),
    ).order_by()
    return found


def _question_answers(sittings: QuerySet[Any]) -> Iterable[Any]:
    """Return how many are answered, have all, wait, are being judged, and the decided credit."""
    decided = Q(waiting=0)
    rows: Any = _last_answers(sittings).values_list("attempt__question")
    found: Iterable[Any] = rows.annotate(
        answered=Count("pk"),
        full=Count("pk", filter=Q(earned__gte=1)),
        number=Count("pk", filter=~decided),
        judging=_NONE,
        sum_of=Coalesce(Sum(_share_of("earned"), filter=decided), _NONE),
    ).order_by()
    return found


def _question_verdicts(sittings: QuerySet[Any]) -> Iterable[Any]:
    passed = Count("pk", filter=Q(passed=True))
    rows: Any = _last_verdicts(sittings).values_list("submission__attempt__question")
    found: Iterable[Any] = rows.annotate(
        answered=Count("pk"),
        full=passed,
        number=Count("pk", filter=_FOR_A_PERSON),
        judging=Count("pk", filter=_FOR_A_MACHINE),
        sum_of=passed * Value(_SHARE),
    ).order_by()
    return found
