"""What every kind of question has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.contract import Slug
from grader.words import gettext as _

if TYPE_CHECKING:
    from question_bank.kinds.writing import Written

Text = Annotated[str, Field(min_length=1)]
Title = Annotated[str, Field(min_length=1, max_length=120)]


class Strict(BaseModel):
    """A value read from a file or the database that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class AuthorTest(Strict):
    """An answer as its author writes it (``Answerable.typed``), and the credit that it has to earn.

    What waits for a person is no credit yet.
    """

    answer: Text
    credit: Decimal = Field(ge=0, le=1, max_digits=5, decimal_places=4)


Level = Literal["full", "partial", "zero"]


class Content(Strict):
    """What a version of a question says, whatever its kind. Texts are Markdown.

    What comes from elsewhere may have no concepts, no source and no explanation yet; a course's
    files must.
    """

    kind: str
    title: Title
    concepts: tuple[Slug, ...]
    bloom: Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    difficulty: int = Field(ge=1, le=5)
    source: str
    explanation: str
    tests: tuple[AuthorTest, ...] = ()

    def samples(self) -> dict[Level, str]:
        """Return answers known to earn all, some and none of the credit, as an author writes them.

        Those that the marking cannot give are missing.
        """
        return {}

    def chance(self) -> Fraction:
        """Return the share of the credit that answers given at random earn on average."""
        return Fraction(0)


class ContentError(ValueError):
    """A question's content says something that has no meaning; ``key`` is where."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, reason
        super().__init__(f"{key}: {reason}")


@contextmanager
def at(key: str) -> Iterator[None]:
    """Say of a ``ValueError`` inside that it comes from this key."""
    try:
        yield
    except ValueError as fault:
        raise ContentError(key, str(fault)) from fault


class UnreadableAnswerError(ValueError):
    """The answer cannot be read; its text tells the learner why. Nothing is marked or kept."""


def as_credit(share: Fraction) -> Decimal:
    """Return a share of 1 as it is kept: four places, halves upwards."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Mark:
    """What an answer is worth and what is said to it.

    ``fraction`` is the share of the whole mark that is earned for certain, ``waits`` the share that
    a person has yet to decide on; together they are at most 1. ``given`` and ``right`` are the
    answers in words, ``feedback`` is Markdown and may be empty.
    """

    fraction: Decimal
    given: str
    right: str
    feedback: str
    waits: Decimal = Decimal(0)

    def as_json(self) -> dict[str, str]:
        """Return what a ``Response`` keeps of the feedback."""
        return {"given": self.given, "right": self.right, "feedback": self.feedback}


@dataclass(frozen=True)
class Page:
    """What the learner's page receives before the answer: nothing in it gives the answer away."""

    kind: str
    title: str


@dataclass(frozen=True)
class AskedPage(Page):
    """What the page of a question shows that is answered on it; ``stem`` is Markdown."""

    stem: str


class Variant(ABC):
    """A question as one learner gets it: all values drawn."""

    page: Page
    explanation: str

    def rehearse(self) -> None:  # noqa: B027 (most kinds have nothing that only an answer shows)
        """Work out whatever waits for an answer; raises ``ContentError``."""


class Answerable(Variant):
    """A question that is answered on its page and marked at once, but for what a person marks.

    ``fields`` names the fields of the page's form; a box that is not ticked sends none. ``written``
    are the texts in it that a person marks.
    """

    page: AskedPage
    fields: tuple[str, ...]
    written: tuple["Written", ...] = ()

    @abstractmethod
    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the fields of the page's form; raises ``UnreadableAnswerError``."""

    @abstractmethod
    def typed(self, text: str) -> dict[str, str]:
        """Return the form's fields for an answer as an author writes it, whatever the seed.

        Raises ``UnreadableAnswerError``.
        """


def listed_numbers(text: str, most: int) -> list[int]:
    """Read numbers from 1 with commas between, as authors name what stands in a list.

    Returns places from 0; raises ``UnreadableAnswerError``.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    offered = {str(place + 1): place for place in range(most)}
    for word in words:
        if word not in offered:
            raise UnreadableAnswerError(
                _("%(word)s is not a number from 1 to %(most)s.")
                % {"word": f"{word!r}", "most": most}
            )
    return [offered[word] for word in words]
