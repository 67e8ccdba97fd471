"""A second opinion on numeric answers: ask the pattern's predicate key by key and count.

Answers come from closed forms; nothing of these is used here. Asking takes long, so it is limited,
and what was not asked is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.courses.faults import Fault
from question_bank.courses.lint.numbers import Drawn
from question_bank.courses.lint.parts import Asked
from question_bank.kinds.asked import Quantity

LARGEST_N = 4096

MOST_PAIRS = 300_000
"""A variant with more pairs than this is not counted."""

MOST_PAIRS_OF_A_COURSE = 2_000_000
"""So many pairs are asked in all: one variant of each question, then what costs least."""

Answers = Mapping[Quantity, int | Fraction]


@dataclass(frozen=True)
class Comparison:
    """Where the two counts differ, and in words the variants that were not compared."""

    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]


def compare(questions: Sequence[Drawn]) -> Comparison:
    """Compare the answers of every question's variants with counts by enumeration.

    A cost is no count: it is left out, and said to be.
    """
    counts = [question for question in questions if question.content.answer.counts]
    answers = [_answers(question) for question in counts]
    faults: list[Fault] = []
    left_out = [f"{one.asked.place}: a cost" for one in questions if one.content.answer.cost]
    for question, right, chosen in zip(counts, answers, _affordable(answers), strict=True):
        faults += _differences(question.asked, right, {one: enumerated(one) for one in chosen})
        others = [one.n for one in right if one not in chosen]
        if others:
            variants = f"{len(others)} of {len(right)} different variants"
            sizes = f"n = {min(others)} to {max(others)}"
            left_out.append(f"{question.asked.place}: {variants}, {sizes}")
    return Comparison(tuple(faults), tuple(left_out))


def enumerated(asked: Quantity) -> int:
    """Return the value that asking the predicate key by key gives."""
    if asked.query is None:
        return asked.pattern.enumerate_count(asked.n)
    row = asked.query - 1
    return sum(bool(asked.pattern.sees(row, key, asked.n)) for key in range(asked.n))


def _answers(question: Drawn) -> Answers:
    return {one.asked: one.right for one in question.variants if isinstance(one.asked, Quantity)}


def _affordable(answers: Sequence[Answers]) -> list[set[Quantity]]:
    """Return which quantities of each question to count."""
    offers: list[tuple[bool, int, int, Quantity]] = []
    for place, those in enumerate(answers):
        for rank, asked in enumerate(sorted(those, key=_pairs_asked)):
            if asked.n <= LARGEST_N and _pairs_asked(asked) <= MOST_PAIRS:
                offers.append((rank > 0, _pairs_asked(asked), place, asked))
    left = MOST_PAIRS_OF_A_COURSE
    chosen: list[set[Quantity]] = [set() for _ in answers]
    for _, pairs, place, asked in sorted(offers, key=lambda offer: offer[:3]):
        if pairs <= left:
            left -= pairs
            chosen[place].add(asked)
    return chosen


def _pairs_asked(asked: Quantity) -> int:
    return asked.n if asked.query is not None else asked.n**2


def _differences(
    question: Asked, answers: Answers, counted: Mapping[Quantity, int]
) -> Iterator[Fault]:
    for asked, number in counted.items():
        if number != answers[asked]:
            place = "" if asked.query is None else f", query {asked.query}"
            reason = f"{answers[asked]} for {asked.pattern} at n = {asked.n}{place}"
            yield question.fault("answer", f"{reason}; counted key by key it is {number}")
