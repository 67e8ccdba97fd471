"""One learner's sitting as those see it who teach: question by question, with points and marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.access import markable_texts
from assessments.models import (
    Attempt,
    Grading,
    Response,
    RubricMark,
    Sitting,
    User,
    credited,
)
from assessments.scoring import NOTHING, Credit, credit_of_code, score_of
from assessments.services import standing_marks
from assessments.services.tallies import tallies
from assessments.web.lines import EMPTY
from assessments.web.marks import MarkShown, mark_shown
from assessments.web.prose import render, render_inline
from assessments.web.results import MARKS, WORDS, Standing, points_of, told
from question_bank.variants import variant_of

UNANSWERED = _("not answered")


@dataclass(frozen=True)
class Line:
    """A question of a sitting: what it earned, what was answered and said, what may be done.

    ``submission`` is the key of the code that counts, ``marking`` the address where it is marked.
    """

    attempt: Attempt
    credit: Credit
    standing: Standing
    given: SafeString = EMPTY
    feedback: SafeString = EMPTY
    mark: MarkShown | None = None
    submission: int | None = None
    marking: str = ""

    @property
    def points(self) -> str:
        """The points in words, a range where something is undecided."""
        return points_of(score_of([(self.attempt.points or Decimal(0), self.credit)]))

    @property
    def sign(self) -> str:
        """The standing as a shape."""
        return MARKS[self.standing]

    @property
    def words(self) -> Promise:
        """The standing in words."""
        return UNANSWERED if self.standing is Standing.NONE else WORDS[self.standing]


def context(sitting: Sitting, user: User) -> dict[str, Any]:
    """Return the sitting, its questions and what they come to; ten queries at most."""
    attempts = list(sitting.attempts.select_related("question", "version").order_by("place"))
    answers = _answers(attempts)
    verdicts = _verdicts(attempts)
    marks = standing_marks(answers.values())
    mine = markable_texts(user).filter(pk__in=[one.pk for one in answers.values()])
    markable = set(mine.values_list("pk", flat=True)) if user.is_staff else set()
    lines = []
    for attempt in attempts:
        answer = answers.get(attempt.pk)
        if answer is not None:
            mark = marks.get(answer.pk)
            lines.append(_answered(attempt, answer, mark, may_mark=answer.pk in markable))
        else:
            lines.append(_of_code(attempt, verdicts.get(attempt.pk)))
    tally = tallies(Sitting.objects.filter(pk=sitting.pk)).get(sitting.pk)
    return {"sitting": sitting, "lines": lines, "told": told(tally) if tally else None}


def _answers(attempts: Iterable[Attempt]) -> Mapping[int, Any]:
    """Return the last response of each attempt that has one, credited."""
    rows = credited(Response.objects.filter(attempt__in=[one.pk for one in attempts]))
    return {one.attempt_id: one for one in rows.order_by("number")}


def _verdicts(attempts: Iterable[Attempt]) -> Mapping[int, Grading]:
    """Return the grading that counts for the last submission of each attempt that has one."""
    rows = Grading.objects.filter(counts=True, submission__attempt__in=[one.pk for one in attempts])
    light = rows.select_related("submission").defer("verdict", "submission__source")
    return {one.submission.attempt_id: one for one in light.order_by("submission__number")}


def _answered(attempt: Attempt, answer: Any, mark: RubricMark | None, *, may_mark: bool) -> Line:
    variant = variant_of(attempt.version, attempt.seed)
    address = reverse("admin:assessments_waitingtext_change", args=[answer.pk])
    return Line(
        attempt,
        Credit(answer.earned, min(Decimal(1), answer.earned + answer.waiting)),
        Standing.WAITING if answer.waiting else Standing.DECIDED,
        given=render_inline(answer.feedback["given"]),
        feedback=render(answer.feedback["feedback"]),
        mark=mark_shown(variant, answer, mark),
        marking=address if may_mark else "",
    )


def _of_code(attempt: Attempt, grading: Grading | None) -> Line:
    if grading is None:
        return Line(attempt, NOTHING, Standing.NONE)
    standing = Standing.DECIDED
    if grading.passed is None:
        standing = Standing.WAITING if grading.held else Standing.JUDGING
    credit = credit_of_code(grading.passed)
    return Line(attempt, credit, standing, submission=grading.submission_id)
