"""A second opinion on numeric answers: ask the pattern's predicate key by key and count.

Answers come from closed forms; nothing of these is used here. Asking takes long, so it is limited,
and what was not asked is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.courses.faults import Fault
from question_bank.courses.lint.numbers import Drawn
from question_bank.kinds.numeric import Quantity

LARGEST_N = 4096

MOST_PAIRS = 200_000
"""So many pairs of a question are asked at most, those of its smallest variants first."""

MOST_PAIRS_OF_A_COURSE = 1_000_000
"""The questions share these evenly where there are many."""


@dataclass(frozen=True)
class Comparison:
    """Where the two counts differ, and in words the variants that were not compared."""

    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]


def compare(questions: Sequence[Drawn]) -> Comparison:
    """Compare the answers of every question's variants with counts by enumeration."""
    pairs = min(MOST_PAIRS, MOST_PAIRS_OF_A_COURSE // max(1, len(questions)))
    faults: list[Fault] = []
    left_out: list[str] = []
    for question in questions:
        answers = {one.asked: one.right for one in question.variants}
        counted = {asked: enumerated(asked) for asked in _affordable(answers, pairs)}
        faults += _differences(question.file, answers, counted)
        others = [one.asked.n for one in question.variants if one.asked not in counted]
        if others:
            variants = f"{len(others)} of {len(question.variants)} variants"
            left_out.append(f"{question.file}: {variants}, n = {min(others)} to {max(others)}")
    return Comparison(tuple(faults), tuple(left_out))


def enumerated(asked: Quantity) -> int:
    """Return the value that asking the predicate key by key gives."""
    if asked.query is None:
        return asked.pattern.enumerate_count(asked.n)
    row = asked.query - 1
    return sum(bool(asked.pattern.sees(row, key, asked.n)) for key in range(asked.n))


def _affordable(answers: dict[Quantity, int], pairs: int) -> Iterator[Quantity]:
    """Yield the cheapest quantities that take no more than these pairs in all."""
    for asked in sorted(answers, key=_pairs_asked):
        pairs -= _pairs_asked(asked)
        if pairs < 0 or asked.n > LARGEST_N:
            return
        yield asked


def _pairs_asked(asked: Quantity) -> int:
    return asked.n if asked.query is not None else asked.n**2


def _differences(
    file: str, answers: dict[Quantity, int], counted: dict[Quantity, int]
) -> Iterator[Fault]:
    for asked, number in counted.items():
        if number != answers[asked]:
            place = "" if asked.query is None else f", query {asked.query}"
            reason = f"{answers[asked]} for {asked.pattern} at n = {asked.n}{place}"
            yield Fault(file, "answer", f"{reason}; counted key by key it is {number}")
