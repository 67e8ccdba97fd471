"""How long a count takes, told from the notation and the length alone: nothing is counted.

The unit is about a microsecond on one core. The estimates are from above: a pattern whose cells
are cut less than its atoms could cut them is counted sooner.
"""

from grader.patterns.algebra import MOST_STEPS, TERMS_PER_STEP, Atom, Pattern
from grader.patterns.atoms import Blocks, RandomBlocks
from grader.patterns.positions import Globals

PER_CELL = 4
PER_PAIR = 1
"""A cell or a pair asks each atom, and evaluates what stands in it."""

PER_CHARACTER = 0.06
PER_DRAW = 2
"""A random block is drawn by a hash."""


def effort_of_count(pattern: Pattern, n: int) -> float:
    """Return about how long ``pattern.count(n)`` takes. Raises ``ArgumentError``."""
    atoms = set(pattern.atoms())
    bands = min(n, 1 + sum(_row_cuts(atom, n) for atom in atoms))
    return _effort(pattern, atoms, n, bands, n)


def effort_of_row(pattern: Pattern, n: int) -> float:
    """Return about how long counting the keys of one query takes."""
    return _effort(pattern, set(pattern.atoms()), 1, 1, n)


def effort_of_keys(pattern: Pattern, n: int) -> float:
    """Return about how long listing the keys of one query takes."""
    atoms = set(pattern.atoms())
    dilated = any(atom.step(n) is not None for atom in atoms)
    # Where a pattern is dilated each key is asked.
    return effort_of_row(pattern, n) + (n * _each(PER_PAIR, pattern) if dilated else 0)


def _effort(pattern: Pattern, atoms: set[Atom], rows: int, bands: int, n: int) -> float:
    """Return the effort of so many rows in so many bands."""
    steps = {step for atom in atoms if (step := atom.step(n)) is not None}
    # With more dilations than that, each pair is asked.
    if len(steps) > MOST_STEPS:
        return rows * n * _each(PER_PAIR, pattern)
    strips = min(1 + sum(_column_cuts(atom, n) for atom in atoms), n)
    diagonals = len({cut for atom in atoms for cut in atom.diagonal_cuts(n)})
    # A diagonal crosses one more strip for each of the bands, or all of them if there are few.
    cells = bands * strips + diagonals * (bands + strips)
    drawn = bands * sum(_drawn(atom, n) for atom in atoms)
    terms: int = TERMS_PER_STEP ** len(steps)
    return cells * terms * _each(PER_CELL, pattern) + drawn * PER_DRAW


def _each(least: float, pattern: Pattern) -> float:
    return least + PER_CHARACTER * len(str(pattern))


def _blocks(atom: Blocks | RandomBlocks, n: int) -> int:
    return -(-n // atom.at("size", n))


def _drawn(atom: Atom, n: int) -> int:
    return min(atom.at("number", n), _blocks(atom, n)) if isinstance(atom, RandomBlocks) else 0


def _row_cuts(atom: Atom, n: int) -> int:
    if isinstance(atom, Blocks | RandomBlocks):
        return _blocks(atom, n)
    return 2 * len(atom.spans(n)) if isinstance(atom, Globals) else 0


def _column_cuts(atom: Atom, n: int) -> int:
    if isinstance(atom, Blocks):
        return 2
    if isinstance(atom, RandomBlocks):
        return 2 * _drawn(atom, n)
    if isinstance(atom, Globals):
        return 2 * len(atom.spans(n))
    return sum(1 for _cut in atom.column_cuts(0, n))
