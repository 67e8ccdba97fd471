"""The answers of a numerical question, to ours and back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grader.words import gettext as _
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.gift.checks import FULL
from question_bank.formats.gift.items import (
    Anything,
    Interval,
    Nominal,
    NumericalAnswer,
)
from question_bank.formats.gift.syntax import plain_number
from question_bank.formats.gift.texts_in import markdown_of
from question_bank.formats.gift.texts_out import rich
from question_bank.kinds.numeric import Misconception, NumericContent

_HALF = Decimal("0.5")


def numeric(answers: Sequence[NumericalAnswer]) -> dict[str, Any]:
    """Return what a numeric question says of its answer. Raises ``UnrepresentableError``."""
    numbers, rest = list(answers), None
    if isinstance(numbers[-1].value, Anything):
        rest = numbers.pop()
        if rest.weight:
            raise UnrepresentableError(_("any number earns something"))
    _right_or_wrong(numbers)
    right = next(answer for answer in numbers if answer.weight)
    value, tolerance = _about(right)
    ideas = [answer for answer in numbers if answer is not right]
    for answer in numbers[: numbers.index(right)]:
        if abs(_about(answer)[0] - value) <= 2 * tolerance:
            raise UnrepresentableError(_("a wrong number stands above the right one and may be it"))
    return {
        "answer": {"number": Decimal(plain_number(value))},
        "tolerance": {"rule": "nominal", "size": tolerance} if tolerance else None,
        "misconceptions": tuple(_idea(answer, tolerance) for answer in ideas),
        "otherwise": markdown_of(rest.feedback) if rest else "",
        "if_right": markdown_of(right.feedback),
    }


def _right_or_wrong(numbers: Sequence[NumericalAnswer]) -> None:
    for answer in numbers:
        if answer.weight not in (0, FULL):
            weight = plain_number(answer.weight)
            raise UnrepresentableError(
                _("a number of it earns %(weight)s %%; ours are right or wrong")
                % {"weight": weight}
            )
    right = sum(answer.weight == FULL for answer in numbers)
    if right != 1:
        raise UnrepresentableError(
            _("%(right)s numbers of it are right; ours have one, give or take") % {"right": right}
        )


def _about(answer: NumericalAnswer) -> tuple[Decimal, Decimal]:
    """Return the number in the middle of those that are meant, and how far they go from it."""
    match answer.value:
        case Nominal(value, tolerance):
            return value, Decimal(plain_number(tolerance))
        case Interval(low, high):
            return (low + high) * _HALF, Decimal(plain_number((high - low) * _HALF))
    raise AssertionError(answer.value)


def _idea(answer: NumericalAnswer, tolerance: Decimal) -> dict[str, Any]:
    value, reach = _about(answer)
    number = plain_number(value)
    if reach != tolerance:
        raise UnrepresentableError(
            _("the wrong number %(number)s has a tolerance of its own") % {"number": number}
        )
    feedback = markdown_of(answer.feedback)
    if not feedback:
        raise UnrepresentableError(
            _("to the wrong number %(number)s nothing is said") % {"number": number}
        )
    return {"name": number, "feedback": feedback, "answer": {"number": Decimal(number)}}


def numerical(content: NumericContent) -> tuple[NumericalAnswer, ...]:
    """Return GIFT's answers for a typed number. Raises ``UnrepresentableError``."""
    number, tolerance = content.answer.number, content.tolerance
    if number is None:
        raise UnrepresentableError(_("its answer is computed for each learner"))
    if tolerance is not None and tolerance.rule != "nominal":
        raise UnrepresentableError(
            _("its tolerance is %(rule)s; a plain file has the distance from a number")
            % {"rule": tolerance.rule}
        )
    reach = tolerance.size if tolerance else Decimal(0)
    right = NumericalAnswer(Nominal(number, reach), FULL, rich(content.if_right))
    ideas = [_wrong(idea, reach) for idea in content.misconceptions]
    rest = rich(content.otherwise)
    otherwise = [NumericalAnswer(Anything(), Decimal(0), rest)] if rest else []
    return (right, *ideas, *otherwise)


def _wrong(idea: Misconception, reach: Decimal) -> NumericalAnswer:
    number = idea.answer.number if idea.answer else None
    if number is None:
        raise UnrepresentableError(
            _("the number of the idea “%(name)s” is computed") % {"name": idea.name}
        )
    if idea.name != plain_number(number):
        raise UnrepresentableError(
            _("a plain file has no place for the name of the idea “%(name)s”") % {"name": idea.name}
        )
    return NumericalAnswer(Nominal(number, reach), Decimal(0), rich(idea.feedback))
