"""What a learner answered to a question so far: the values, the answers, their marks and times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import Attempt, Response, User, credited
from assessments.web.prose import render
from assessments.web.states import MARKS, State
from question_bank.kinds import AskedPage
from question_bank.models import Question
from question_bank.variants import variant_of

_ATTEMPTS_A_PAGE = 5


@dataclass(frozen=True)
class AnswerLine:
    """One answer: as it was read, what it earned, and when."""

    number: int
    given: SafeString
    state: State
    words: str
    created_at: datetime

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.state]


@dataclass(frozen=True)
class AttemptLines:
    """The question with one attempt's values, and the answers to it, newest first."""

    number: int
    started_at: datetime
    stem: SafeString
    answers: list[AnswerLine]


def context(question: Question, learner: User, page: str | None) -> dict[str, Any]:
    """Return the attempts to practise a question that were answered, newest first."""
    answered = Exists(Response.objects.filter(attempt=OuterRef("pk")))
    own = Attempt.objects.practice().filter(answered, learner=learner, question=question)
    worth = Prefetch("responses", credited(Response.objects.order_by("-number")))
    listed = own.select_related("version").prefetch_related(worth).order_by("-number")
    shown = Paginator(listed, _ATTEMPTS_A_PAGE).get_page(page)
    attempts = [_attempt(one) for one in shown.object_list]
    return {"question": question, "page": shown, "attempts": attempts}


def _attempt(attempt: Attempt) -> AttemptLines:
    asked = variant_of(attempt.version, attempt.seed).page
    assert isinstance(asked, AskedPage)
    answers = [_answer(response) for response in attempt.responses.all()]
    return AttemptLines(attempt.number, attempt.started_at, render(asked.stem), answers)


def _answer(response: Any) -> AnswerLine:
    state, words = _outcome(response)
    given = render(response.feedback["given"])
    return AnswerLine(response.number, given, state, words, response.created_at)


def _outcome(response: Any) -> tuple[State, str]:
    """Return what a response, credited, is worth now: a state, and that in words."""
    shares = {"percent": round(100 * response.earned), "waiting": round(100 * response.waiting)}
    if response.earned >= 1:
        return State.PASSED, _("right")
    if response.waiting:
        return State.HELD, _("%(percent)d %%, and %(waiting)d %% waits for a person") % shares
    if response.earned:
        return State.ANSWERED, _("%(percent)d %% of the credit") % shares
    return State.FAILED, _("not right")
