"""A pattern as disjoint parts, each of which lies close together in some order of positions.

Every tile of neighbouring positions holds pairs of ``dilated(s)``. Where the positions of each
residue modulo s stand together instead, its pairs are all pairs of a residue (Child et al., 2019,
section 4.2). So a pattern P becomes what it sees without its dilated node D, in the order of
positions, and what it sees with D besides, residue by residue:

    P = P[D is empty]  |  (P[D is all] - P[D is empty]) & D

This holds where P grows with D. What stands behind a minus makes it shrink, and is left whole.
"""

from dataclasses import dataclass

from grader.patterns import All, Difference, Dilated, Intersection, Pattern, Union
from grader.patterns.algebra import Combination
from grader.patterns.expressions import Integer


@dataclass(frozen=True)
class Part:
    """Pairs of a pattern among positions whose distance ``stride`` divides."""

    pattern: Pattern
    stride: Integer = 1

    @property
    def whole(self) -> Pattern:
        """The part's pairs as one pattern."""
        return self.pattern if self.stride == 1 else self.pattern & Dilated(self.stride)


def parts_of(pattern: Pattern) -> tuple[Part, ...]:
    """Return one part or two, no pair in both."""
    dilated = {atom for atom in pattern.atoms() if isinstance(atom, Dilated)}
    if len(dilated) != 1 or _falls(pattern):
        return (Part(pattern),)
    (node,) = dilated
    near, whole = _with(pattern, None), _with(pattern, All())
    assert whole is not None
    if near is None:
        return (Part(whole, node.stride),)
    return Part(near), Part(whole - near, node.stride)


def _falls(pattern: Pattern) -> bool:
    """Say whether a dilated node stands behind a minus."""
    if not isinstance(pattern, Combination):
        return False
    if isinstance(pattern, Difference) and _is_dilated(pattern.right):
        return True
    return _falls(pattern.left) or _falls(pattern.right)


def _is_dilated(pattern: Pattern) -> bool:
    return any(isinstance(atom, Dilated) for atom in pattern.atoms())


def _with(pattern: Pattern, dilated: All | None) -> Pattern | None:
    """Return the pattern with its dilated nodes replaced; None where nothing is left."""
    if isinstance(pattern, Dilated):
        return dilated
    if not isinstance(pattern, Combination):
        return pattern
    left, right = _with(pattern.left, dilated), _with(pattern.right, dilated)
    if isinstance(pattern, Union):
        return _either(left, right)
    if isinstance(pattern, Intersection):
        return _both(left, right)
    return left if left is None or right is None else left - right


def _either(left: Pattern | None, right: Pattern | None) -> Pattern | None:
    if left is None or right is None:
        return right if left is None else left
    return All() if All() in (left, right) else left | right


def _both(left: Pattern | None, right: Pattern | None) -> Pattern | None:
    if left is None or right is None:
        return None
    if All() in (left, right):
        return right if left == All() else left
    return left & right
