"""The answers of a GIFT question; escaped characters come hidden (``hide_escapes``)."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from grader.words import gettext
from question_bank.formats.gift.checks import (
    ARROW,
    FULL,
    MOST_ANSWERS,
    MOST_DIGITS,
    SPACE,
    ItemError,
)
from question_bank.formats.gift.items import (
    Answer,
    Anything,
    Format,
    Interval,
    Nominal,
    NumericalAnswer,
    Pair,
)
from question_bank.formats.gift.syntax import WEIGHT
from question_bank.formats.gift.texts import read_feedback, read_plain, read_rich

_SIGN = re.compile(r"[=~]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST_NUMBER = 2 * MOST_DIGITS + len("-.e-99")
_NOTHING = Decimal(0)

T = TypeVar("T")


class PlacedError(ItemError):
    """A fault that is known to lie at ``offset`` in the text of an entry."""

    def __init__(self, sentence: str, offset: int) -> None:
        self.offset = offset
        super().__init__(sentence)


class Block(NamedTuple):
    """What stands between the braces but general feedback, and where it starts in the entry."""

    text: str
    start: int


class _Part(NamedTuple):
    sign: str
    text: str
    start: int


def read_weighted(block: Block, default: Format, *, signs: bool) -> tuple[Answer, ...]:
    """Return the answers of a question with choices, or of one with short answers.

    With ``signs`` each answer needs its ``=`` or ``~``; without, the first may stand alone.
    """
    return _each(block, signs, lambda part: _weighted(part, default))


def read_numbers(block: Block, default: Format) -> tuple[NumericalAnswer, ...]:
    """Return the answers of a numerical question."""
    return _each(block, False, lambda part: _numerical(part, default))


def read_pairs(block: Block, default: Format) -> tuple[Pair, ...]:
    """Return the pairs of a matching question."""
    return _each(block, True, lambda part: _pair(part, default))


def _each(block: Block, signs: bool, read: Callable[[_Part], T]) -> tuple[T, ...]:
    found = []
    for part in _parts(block, signs):
        try:
            found.append(read(part))
        except ItemError as fault:
            raise PlacedError(str(fault), part.start) from fault
    return tuple(found)


def _parts(block: Block, signs: bool) -> Iterator[_Part]:
    text, start = block
    if text.count("=") + text.count("~") > MOST_ANSWERS:
        raise ItemError(
            gettext("Give at most %(most_answers)s answers.") % {"most_answers": MOST_ANSWERS}
        )
    marks = [match.start() for match in _SIGN.finditer(text)]
    lead = text[: marks[0]] if marks else text
    if lead.strip(SPACE):
        place = start + len(lead) - len(lead.lstrip(SPACE))
        if signs:
            raise PlacedError(gettext("Put = or ~ in front of the first answer."), place)
        yield _Part("=", lead, place)
    for mark, end in pairwise([*marks, len(text)]):
        yield _Part(text[mark], text[mark + 1 : end], start + mark)


def _weighted(part: _Part, default: Format) -> Answer:
    weight, rest = _weight(part)
    text, _, feedback = rest.partition("#")
    return Answer(read_rich(text, default), weight, read_feedback(feedback, default))


def _numerical(part: _Part, default: Format) -> NumericalAnswer:
    weight, rest = _weight(part)
    text, _, feedback = rest.partition("#")
    value = _accepted(text.strip(SPACE), part.sign)
    return NumericalAnswer(value, weight, read_feedback(feedback, default))


def _weight(part: _Part) -> tuple[Decimal, str]:
    text = part.text.lstrip(SPACE)
    match = WEIGHT.match(text)
    if match:
        return _number(match[1]), text[match.end() :]
    return FULL if part.sign == "=" else _NOTHING, text


def _accepted(text: str, sign: str) -> Nominal | Interval | Anything:
    if text == "*" or (sign == "~" and not text):
        return Anything()
    low, dots, high = text.partition("..")
    if dots:
        return Interval(_number(low), _number(high))
    value, colon, tolerance = text.partition(":")
    return Nominal(_number(value), _number(tolerance) if colon else _NOTHING)


def _number(text: str) -> Decimal:
    digits = text.strip(SPACE)
    if len(digits) > _LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
        how = gettext(
            "a number, a number and its tolerance as in 3.14:0.01, or an interval as in 3..4"
        )
        raise ItemError(gettext("Write %(how)s. The decimal sign is a point.") % {"how": how})
    return Decimal(digits)


def _pair(part: _Part, default: Format) -> Pair:
    if "#" in part.text:
        raise ItemError(
            gettext("Remove the feedback, which a pair cannot have, or write \\# for the sign.")
        )
    left, arrow, right = part.text.partition(ARROW)
    if not arrow:
        how = gettext(
            "Put %(arrow)s into each pair; it makes all answers of the question pairs."
        ) % {"arrow": ARROW}
        raise ItemError(gettext("%(how)s Answers that are no pairs cannot hold it.") % {"how": how})
    return Pair(read_rich(left, default), read_plain(right))
