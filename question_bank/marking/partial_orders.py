"""Partial orders: what has to come before what, where several orders may be right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.words import gettext


@dataclass(frozen=True)
class PartialOrder:
    """An order of the items 0 to n - 1, numbered so that 0, 1, …, n - 1 is one linear extension.

    ``before[item]`` are all the items that precede it in every linear extension.
    """

    before: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, n: int, pairs: Iterable[tuple[int, int]]) -> "PartialOrder":
        """Return the weakest order that has the first of each pair before the second.

        Raises ``ValueError`` where 0, 1, …, n - 1 would not be one of its linear extensions, which
        is the case with every cycle.
        """
        given: list[set[int]] = [set() for _ in range(n)]
        for first, then in pairs:
            if not 0 <= first < then < n:
                raise ValueError(
                    gettext("%(first)s before %(then)s is not in the order of 0 to %(n)s")
                    % {"first": first, "then": then, "n": n - 1}
                )
            given[then].add(first)
        before: list[frozenset[int]] = []
        for direct in given:
            before.append(frozenset(direct).union(*(before[first] for first in direct)))
        return cls(tuple(before))

    @classmethod
    def total(cls, n: int) -> "PartialOrder":
        """Return the order whose only linear extension is 0, 1, …, n - 1."""
        return cls.of(n, pairwise(range(n)))

    @property
    def n(self) -> int:
        """How many items there are."""
        return len(self.before)

    def next_after(self, placed: frozenset[int]) -> list[int]:
        """Return the items that may follow once those of a beginning are placed."""
        return [
            item
            for item, before in enumerate(self.before)
            if item not in placed and before <= placed
        ]

    def free_pairs(self) -> list[tuple[int, int]]:
        """Return the pairs of items of which either may come first, the smaller number first."""
        return [
            (one, other)
            for other, before in enumerate(self.before)
            for one in range(other)
            if one not in before
        ]

    def first_error(self, response: Sequence[int]) -> int | None:
        """Return the place, from 1, at which a permutation leaves every linear extension.

        What stands before that place begins some linear extension; with it, it begins none.
        None means that the permutation is a linear extension.
        """
        placed: set[int] = set()
        for place, item in enumerate(response, 1):
            if not self.before[item] <= placed:
                return place
            placed.add(item)
        return None
