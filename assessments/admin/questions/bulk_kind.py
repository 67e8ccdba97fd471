"""What something that is done with many questions at once has to say."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from assessments.admin.rights import Right
from assessments.models import User
from question_bank.models import Question

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Bulk(ABC):
    """Something that is done with each of many questions, or refused in words.

    ``field`` labels what has to be typed for it, empty if nothing has; ``most`` is how many
    questions are taken together. ``at_once``: what will happen does not depend on what is
    typed, so that it is shown before. Whatever is refused raises ``AuthoringError``.
    """

    title: "StrOrPromise"
    button: "StrOrPromise"
    rights: tuple[Right, ...]
    field: "StrOrPromise" = ""
    help: "StrOrPromise" = ""
    needed: bool = True
    at_once: bool = False
    most: int = 500

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return what was typed as it is taken. Raises ``AuthoringError``."""
        return typed.strip()

    @abstractmethod
    def foresee(self, question: Question, given: str, user: User) -> str:
        """Return what will happen to a question. Raises ``AuthoringError`` where nothing can."""

    @abstractmethod
    def act(self, question: Question, given: str, user: User) -> str:
        """Do it in a transaction of its own; return what was done. Raises ``AuthoringError``."""
