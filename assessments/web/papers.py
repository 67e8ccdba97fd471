"""A sitting as its pages show it: its questions page by page, and where each stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.journal import State
from assessments.models import Attempt, RubricMark, Sitting
from assessments.services.handing_in import asked_in, is_answered, is_blank, latest_responses
from assessments.services.journal import states_of, states_read
from assessments.services.marks import standing_marks
from assessments.timing import instant_feedback
from assessments.web.sitting_forms import pages_of
from question_bank.models import Question

ANSWERED, OPEN = _("answered"), _("not answered")
SUBMITTED, DRAFT = _("submitted"), _("never submitted")


@dataclass(frozen=True)
class PlaceLine:
    """A question as the navigator and the summary show it; ``number`` and ``page`` count from 1."""

    number: int
    page: int
    title: str
    is_answered: bool
    is_flagged: bool
    words: str | Promise

    @property
    def mark(self) -> str:
        """Whether it is answered, as a shape."""
        return "●" if self.is_answered else "○"


class Paper:
    """The questions of a sitting with what is saved; a query, and two more where asked."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.attempts = asked_in(sitting)
        self._is_old = False
        self.pages = pages_of(sitting.assessment, self.attempts)

    @cached_property
    def states(self) -> Mapping[int, State]:
        """How the answer to each attempt of which anything is saved stands, by its key."""
        return states_of(self.attempts) if self._is_old else states_read(self.attempts)

    @cached_property
    def saved(self) -> Mapping[int, Mapping[str, str]]:
        """What is saved of each attempt, by its key."""
        return {pk: state.answer() for pk, state in self.states.items()}

    def read_again(self) -> None:
        """Forget what was saved: something else may be by now."""
        self._is_old = True
        for known in ("states", "saved"):
            self.__dict__.pop(known, None)

    @cached_property
    def responses(self) -> Mapping[int, Any]:
        """The last response of each attempt that has one, credited, by the attempt's key.

        Before it is handed in there is none but where feedback is given at once.
        """
        going_on = self.sitting.handed_in_at is None
        if going_on and not instant_feedback(self.sitting.assessment):
            return {}
        return latest_responses(self.attempts)

    @cached_property
    def marks(self) -> Mapping[int, RubricMark]:
        """The marks that stand, by the key of their response."""
        return standing_marks(self.responses.values())

    def held(self, attempt: Attempt) -> Mapping[str, str]:
        """Return what the form of an attempt holds: what is saved, or else the last response."""
        saved, response = self.saved.get(attempt.pk), self.responses.get(attempt.pk)
        return saved or (response.answer if response else {})

    def lines(self) -> list[PlaceLine]:
        """Return where each question stands."""
        return [
            self._line(attempt, number)
            for number, page in enumerate(self.pages, start=1)
            for attempt in page
        ]

    def _line(self, attempt: Attempt, page: int) -> PlaceLine:
        saved = self.saved.get(attempt.pk, {})
        answered = is_answered(attempt, saved, responded=attempt.pk in self.responses)
        words = ANSWERED if answered else OPEN
        if attempt.question.kind == Question.Kind.CODE and (answered or not is_blank(saved)):
            words = SUBMITTED if answered else DRAFT
        return PlaceLine(
            number=(attempt.place or 0) + 1,
            page=page,
            title=attempt.question.title,
            is_answered=answered,
            is_flagged=attempt.is_flagged,
            words=words,
        )


def clock(sitting: Sitting, now: datetime) -> dict[str, Any]:
    """Return what the countdown needs; the server's clock is what counts."""
    if sitting.due_at is None:
        return {"due_at": None}
    return {
        "due_at": sitting.due_at,
        "grace_until": sitting.grace_until,
        "seconds_left": max(0, round((sitting.due_at - now).total_seconds())),
    }
