"""What can be done with many questions at once, by name; and the doing of it, one by one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assessments.admin.questions.bulk_kind import Bulk
from assessments.admin.questions.releasing import Publish, Withdraw
from assessments.admin.questions.sorting import AddTags, RemoveTags, SetFolder
from assessments.models import User
from question_bank.authoring import AuthoringError
from question_bank.models import Question

Act = Callable[[Question, str, User], str]

BULK: dict[str, Bulk] = {
    "add-tags": AddTags(),
    "remove-tags": RemoveTags(),
    "set-folder": SetFolder(),
    "publish": Publish(),
    "withdraw": Withdraw(),
}
SORTING = ("add-tags", "remove-tags", "set-folder")
"""Those that leave no event of the question, and are kept in the admin's own log."""


@dataclass(frozen=True)
class Line:
    """What will happen, or has happened, to a question; why not, where it is refused."""

    question: Question
    done: bool
    words: str


def foreseen(name: str, questions: Iterable[Question], given: str, user: User) -> list[Line]:
    """Return what would happen to each question; changes nothing."""
    return [_line(BULK[name].foresee, one, given, user) for one in questions]


def done(name: str, questions: Iterable[Question], given: str, user: User) -> list[Line]:
    """Do it with each question in a transaction of its own; return what was done and what not."""
    return [_line(BULK[name].act, one, given, user) for one in questions]


def _line(act: Act, question: Question, given: str, user: User) -> Line:
    try:
        return Line(question, True, act(question, given, user))
    except AuthoringError as refusal:
        return Line(question, False, " ".join(refusal.reasons))
