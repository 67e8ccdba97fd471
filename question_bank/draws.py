"""Draws from a seed that come out the same for ever, on any machine and any Python.

``random`` promises that for its bits only, not for its choices; a learner's numbers must never
change under an attempt, so the few draws needed are made here, from SHA-256.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from grader.words import gettext

Item = TypeVar("Item")

_WORD = 2**64


class Draws:
    """A stream of draws, fixed by ``seed`` and ``purpose``."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._key = f"sparring/1/{purpose}/{seed}"
        self._count = 0

    def _word(self) -> int:
        self._count += 1
        digest = hashlib.sha256(f"{self._key}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big")

    def below(self, bound: int) -> int:
        """Return an integer from 0 to ``bound - 1``, all equally likely; 1 <= bound <= 2**64."""
        # A word beyond the last whole multiple would favour the small numbers.
        limit = _WORD - _WORD % bound
        while (word := self._word()) >= limit:
            pass
        return word % bound

    def between(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included; raises ``ValueError``."""
        if low > high:
            raise ValueError(
                gettext("there is nothing from %(low)s to %(high)s") % {"low": low, "high": high}
            )
        return low + self.below(high - low + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in a drawn order (Fisher and Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
