"""Whether a pattern is counted while somebody types: what takes long is refused beforehand."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from grader.exercises.typed import Declaration
from grader.patterns import Pattern, evaluate, parse
from grader.patterns.algebra import MOST_STEPS, TERMS_PER_STEP

MOST_CELLS = 30_000
# An exercise is counted dozens of times: at what is timed, and for each wrong solution.
_MOST_CELLS_TYPED = 12_000
_LONGEST_COUNTED = 8448


def too_much(content: Mapping[str, Any], names: Mapping[str, int]) -> bool:
    """Tell whether a numeric content's counts would take long; what cannot be read does not."""
    ideas = content.get("misconceptions") or []
    patterns = [one.get("pattern") for one in (content, *ideas)]
    answers = [one.get("answer") or {} for one in (content, *ideas)]
    lengths = [n for answer in answers for n in _lengths(answer, names)]
    for text in filter(None, patterns):
        try:
            pattern = parse(str(text), names)
        except ValueError:
            continue
        if any(_cells(pattern, n) > MOST_CELLS for n in lengths):
            return True
    return False


def takes_long(declaration: Declaration) -> bool:
    """Tell whether an exercise's counts would take long; what cannot be read does not."""
    n = _LONGEST_COUNTED if declaration.work else declaration.probe_n
    try:
        pattern = parse(declaration.pattern, declaration.probe_values)
    except ValueError:
        return False
    return _cells(pattern, n) > _MOST_CELLS_TYPED


def _lengths(answer: Mapping[str, Any], names: Mapping[str, int]) -> Iterator[int]:
    for asked in (answer.get("row_count"), answer.get("total")):
        try:
            n = evaluate(asked["n"], names) if asked and asked["n"] is not None else 0
        except ValueError:
            continue
        if n > 0:
            yield n


def _cells(pattern: Pattern, n: int) -> int:
    """Return about how many steps a count takes, from the cuts that the atoms make."""
    atoms = list(pattern.atoms())
    try:
        steps = {step for atom in atoms if (step := atom.step(n)) is not None}
        bands = 1 + _few(cut for atom in atoms for cut in atom.row_cuts(range(n), n))
        strips = 1 + max(
            _few(cut for atom in atoms for cut in atom.column_cuts(row, n))
            for row in (0, n // 2, n - 1)
        )
    except ValueError:
        return 0
    # Where there are many steps, every pair is asked; in a row with any, every key.
    if len(steps) > MOST_STEPS:
        return n * n
    terms: int = TERMS_PER_STEP ** len(steps)
    return max(bands * strips * terms, n if steps else 0)


def _few(cuts: Iterable[int]) -> int:
    return sum(1 for _cut in islice(cuts, MOST_CELLS + 1))
