"""What a GIFT file holds, as values.

Every item that can be built can be written and read back unchanged. What GIFT has no way to write
raises ``ItemError`` when it is built, with a sentence that says what to do. White space at either
end of a text is not part of it in GIFT, so texts come without it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from grader.words import gettext as _
from grader.words import gettext_noop
from question_bank.formats.gift.checks import (
    ARROW,
    FULL,
    SPACE,
    check_characters,
    check_count,
    check_gain,
    check_line,
    check_number,
    check_trimmed,
    check_weight,
    require,
)


class Format(StrEnum):
    """How a text is marked up; in Moodle's own format a line break in the file is a space."""

    MOODLE = "moodle"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"


@dataclass(frozen=True)
class Rich:
    """A text and its format."""

    text: str
    format: Format = Format.MOODLE

    def __post_init__(self) -> None:
        check_trimmed(self.text)


@dataclass(frozen=True)
class Stem:
    """A question's text, and where its gap is.

    With a gap the answer goes between ``before`` and ``after``, and the white space next to the gap
    belongs to them. Without one ``after`` is empty.
    """

    before: str
    after: str = ""
    format: Format = Format.MOODLE

    def __post_init__(self) -> None:
        check_characters(self.before)
        check_characters(self.after)
        before = self.before if self.after else self.before.rstrip(SPACE)
        trimmed = self.before == before.lstrip(SPACE) and self.after == self.after.rstrip(SPACE)
        require(trimmed, gettext_noop("Remove the white space around the text."))
        require(
            bool(before or self.after),
            gettext_noop("Write the text of the question; there is none."),
        )

    @property
    def has_gap(self) -> bool:
        """Whether the answer stands within the text."""
        return bool(self.after)


@dataclass(frozen=True)
class Answer:
    """A text that can be chosen or given, and its weight in per cent of the question's marks."""

    text: Rich
    weight: Decimal
    feedback: Rich | None = None

    def __post_init__(self) -> None:
        require(bool(self.text.text), gettext_noop("Write the text of this answer; there is none."))
        check_weight(self.weight)
        _check_feedback(self.feedback)


@dataclass(frozen=True)
class Nominal:
    """The numbers at most ``tolerance`` away from ``value``."""

    value: Decimal
    tolerance: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check_number(self.value)
        check_number(self.tolerance)
        require(self.tolerance >= 0, gettext_noop("Give a tolerance that is not negative."))


@dataclass(frozen=True)
class Interval:
    """The numbers from ``low`` to ``high``, both included."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        check_number(self.low)
        check_number(self.high)
        require(self.low <= self.high, gettext_noop("Write the smaller end of the interval first."))


@dataclass(frozen=True)
class Anything:
    """Whatever no answer before it accepts."""


@dataclass(frozen=True)
class NumericalAnswer:
    """Which numbers are meant, and their weight in per cent of the question's marks."""

    value: Nominal | Interval | Anything
    weight: Decimal
    feedback: Rich | None = None

    def __post_init__(self) -> None:
        check_weight(self.weight)
        _check_feedback(self.feedback)


@dataclass(frozen=True)
class Pair:
    """What belongs together; with an empty ``left``, ``right`` is there to mislead."""

    left: Rich
    right: str

    def __post_init__(self) -> None:
        check_trimmed(self.right)
        require(
            bool(self.right),
            gettext_noop("Write what stands after %(arrow)s; there is nothing."),
            {"arrow": ARROW},
        )
        alone = ARROW not in self.left.text
        require(
            alone,
            gettext_noop("Write the left side without %(arrow)s; GIFT ends it at the first one."),
            {"arrow": ARROW},
        )


@dataclass(frozen=True, kw_only=True)
class _Entry:
    line: int = field(default=0, compare=False)
    """Where the entry starts in its file, from 1; 0 if it comes from none. Equality ignores it."""


@dataclass(frozen=True, kw_only=True)
class Category(_Entry):
    """The category of all questions after it, a path such as ``$course$/top/Attention``."""

    name: str

    def __post_init__(self) -> None:
        check_line(self.name, "category")


@dataclass(frozen=True, kw_only=True)
class Question(_Entry):
    """What all questions have; ``feedback`` is for everybody, whatever their answer."""

    stem: Stem
    title: str | None = None
    id: str | None = None
    tags: tuple[str, ...] = ()
    feedback: Rich | None = None

    def __post_init__(self) -> None:
        if self.title is not None:
            check_trimmed(self.title)
            require(bool(self.title), gettext_noop("Give no title rather than an empty one."))
        for label in self.tags if self.id is None else (self.id, *self.tags):
            check_line(label, _("id or tag"))
            require(
                not label.endswith("\\"),
                gettext_noop("End the id or tag with something other than \\."),
            )
        _check_feedback(self.feedback)


@dataclass(frozen=True, kw_only=True)
class Description(Question):
    """A text that asks nothing."""

    def __post_init__(self) -> None:
        super().__post_init__()
        require(
            not self.stem.has_gap,
            gettext_noop("Write the description in one piece; it has no answer."),
        )
        require(
            self.feedback is None,
            gettext_noop("Remove the feedback; GIFT has no place for it here."),
        )


@dataclass(frozen=True, kw_only=True)
class Essay(Question):
    """A question that a person marks."""


@dataclass(frozen=True, kw_only=True)
class TrueFalse(Question):
    """Whether the stem is true; one feedback for those who are wrong and one for the others."""

    truth: bool
    if_wrong: Rich | None = None
    if_right: Rich | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_feedback(self.if_wrong)
        _check_feedback(self.if_right)


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(Question):
    """One answer may be chosen. At least one earns all marks."""

    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count(len(self.answers), least=2)
        right = any(answer.weight == FULL for answer in self.answers)
        require(
            right,
            gettext_noop(
                "Mark the right answer with = and no weight, or with = and the weight 100."
            ),
        )


@dataclass(frozen=True, kw_only=True)
class MultiAnswer(Question):
    """Several answers may be chosen. Their weights add up, and at least one is positive."""

    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count(len(self.answers), least=2)
        check_gain(answer.weight for answer in self.answers)


@dataclass(frozen=True, kw_only=True)
class Short(Question):
    """A word or phrase to type; in an answer ``*`` stands for any characters."""

    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count(len(self.answers), least=1)
        check_gain(answer.weight for answer in self.answers)
        texts = [text for answer in self.answers for text in (answer.text, answer.feedback) if text]
        alone = len(self.answers) == 1 or not any(ARROW in text.text for text in texts)
        require(
            alone,
            gettext_noop("Write the answers and their feedback without %(arrow)s; it makes pairs."),
            {"arrow": ARROW},
        )


@dataclass(frozen=True, kw_only=True)
class Numerical(Question):
    """A number to type. The first answer that accepts it counts."""

    answers: tuple[NumericalAnswer, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count(len(self.answers), least=1)
        check_gain(answer.weight for answer in self.answers)
        early = any(isinstance(answer.value, Anything) for answer in self.answers[:-1])
        require(
            not early,
            gettext_noop("Put the answer for any number last; those after it are never reached."),
        )


@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """Left sides to be joined with right sides."""

    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count(len(self.pairs), least=2)
        asks = any(pair.left.text for pair in self.pairs)
        require(
            asks,
            gettext_noop("Write something before %(arrow)s in at least one pair."),
            {"arrow": ARROW},
        )


Item = (
    Category
    | Description
    | Essay
    | TrueFalse
    | MultipleChoice
    | MultiAnswer
    | Short
    | Numerical
    | Matching
)


def _check_feedback(feedback: Rich | None) -> None:
    require(
        feedback is None or bool(feedback.text),
        gettext_noop("Give no feedback rather than an empty one."),
    )
