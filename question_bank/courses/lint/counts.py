"""A second opinion on numeric answers, of which no closed form is a part.

Pairs are counted bit by bit in the rows of the pattern, costs and reach by plain loops. Counting
takes long where a text is long, so it is limited, and what was not counted is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.patterns.bits import count_by_bits, depends_on_distance_alone, row_bits
from question_bank.courses.faults import Fault
from question_bank.courses.lint.loops import cost_by_loops, field_by_steps, layers_by_steps
from question_bank.courses.lint.numbers import Drawn
from question_bank.courses.lint.parts import Asked
from question_bank.kinds.asked import AnyAsked, Quantity, RatioAsked, Typed
from question_bank.kinds.costs import DrawnCost
from question_bank.kinds.reach import DrawnCrossing

LARGEST_N = 200_000

MOST_BITS = 2**31
"""A variant whose rows have more bits than this is not counted."""

MOST_BITS_OF_A_COURSE = 2**36
"""So many bits are counted in all: one variant of each question, then what costs least."""

Number = int | Fraction
Answers = Mapping[AnyAsked, Number]


@dataclass(frozen=True)
class Comparison:
    """Where the two opinions differ, and in words the variants that were not compared."""

    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]


def compare(questions: Sequence[Drawn]) -> Comparison:
    """Compare the answers of every question's variants with those got in another way.

    A number that was typed can be got in one way only.
    """
    computed = [one for one in questions if one.content.answer.number is None]
    answers = [_answers(question) for question in computed]
    chosen = _affordable(answers)
    again = {asked: computed_again(asked) for asked in set[AnyAsked]().union(*chosen)}
    faults: list[Fault] = []
    left_out: list[str] = []
    for question, right, compared in zip(computed, answers, chosen, strict=True):
        faults += _differences(
            question.asked, right, {one: again[one] for one in right if one in compared}
        )
        others = [_longest(one) for one in right if one not in compared]
        if others:
            variants = f"{len(others)} of {len(right)} different variants"
            sizes = f"n = {min(others)} to {max(others)}"
            left_out.append(f"{question.asked.place}: {variants}, {sizes}")
    return Comparison(tuple(faults), tuple(left_out))


def _answers(question: Drawn) -> Answers:
    drawn = ((one.asked, one.right) for one in question.variants)
    return {asked: right for asked, right in drawn if not isinstance(asked, Typed)}


def computed_again(asked: AnyAsked) -> Number:
    """Return the value without any closed form."""
    if isinstance(asked, DrawnCost):
        return cost_by_loops(asked)
    if isinstance(asked, DrawnCrossing):
        return layers_by_steps(asked)
    if isinstance(asked, RatioAsked):
        return Fraction(computed_again(asked.of)) / computed_again(asked.to)
    if not isinstance(asked, Quantity):
        return field_by_steps(asked)
    if asked.query is None:
        return asked.times * count_by_bits(asked.pattern, asked.n)
    return row_bits(asked.pattern, asked.query - 1, asked.n).bit_count()


def _affordable(answers: Sequence[Answers]) -> list[set[AnyAsked]]:
    """Return which answers of each question to compute again."""
    offers: list[tuple[bool, int, int, AnyAsked]] = []
    for place, those in enumerate(answers):
        for rank, asked in enumerate(sorted(those, key=_bits)):
            if _longest(asked) <= LARGEST_N and _bits(asked) <= MOST_BITS:
                offers.append((rank > 0, _bits(asked), place, asked))
    left = MOST_BITS_OF_A_COURSE
    paid: set[AnyAsked] = set()
    chosen: list[set[AnyAsked]] = [set() for _ in answers]
    for _, bits, place, asked in sorted(offers, key=lambda offer: offer[:3]):
        price = 0 if asked in paid else bits
        if price <= left:
            left -= price
            paid.add(asked)
            chosen[place].add(asked)
    return chosen


def _bits(asked: AnyAsked) -> int:
    """Return how many bits there are to count; loops count none."""
    if isinstance(asked, RatioAsked):
        return _bits(asked.of) + _bits(asked.to)
    if not isinstance(asked, Quantity):
        return 0
    one_row = asked.query is not None or depends_on_distance_alone(asked.pattern)
    return asked.n if one_row else asked.n**2


def _longest(asked: AnyAsked) -> int:
    """Return the length of the longest text whose pairs are asked for."""
    if isinstance(asked, RatioAsked):
        return max(asked.of.n, asked.to.n)
    return asked.n if isinstance(asked, Quantity) else 0


def _differences(
    question: Asked, answers: Answers, again: Mapping[AnyAsked, Number]
) -> Iterator[Fault]:
    for asked, number in again.items():
        if number != answers[asked]:
            reason = f"{answers[asked]} for {_in_words(asked)}"
            yield question.fault("answer", f"{reason}; computed in another way it is {number}")


def _in_words(asked: AnyAsked) -> str:
    if isinstance(asked, RatioAsked):
        return f"{_in_words(asked.of)} by {_in_words(asked.to)}"
    if isinstance(asked, DrawnCost):
        return f"{asked.quantity} of {asked.model.name}, {asked.tokens} tokens"
    if not isinstance(asked, Quantity):
        return str(asked)
    place = "" if asked.query is None else f", query {asked.query}"
    return f"{asked.pattern} at n = {asked.n}{place}"
