"""Which questions a sitting gets. Pure: the caller brings the pools and the chance.

Fixed questions are pools of one. No question comes twice, and wherever the pools allow that, a
drawing is found: what was drawn for one place moves to another question of its pool where a later
place has no other choice (augmenting paths, Kuhn 1955).
"""

from collections.abc import Collection, Hashable, Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


class PoolTooSmallError(LookupError):
    """No question is left for ``place``, whatever the other places are given."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(f"the pool at place {place} is too small")


def draw(pools: Sequence[Collection[Item]], chance: Random) -> list[Item]:
    """Return one item of each pool, none twice. Raises ``PoolTooSmallError``.

    Of pools that share nothing, each item is as likely as every other.
    """
    shuffled = [_shuffled(pool, chance) for pool in pools]
    # The small pools first: they have the least choice. Which of the fair drawings is found does
    # not depend on it where pools share nothing.
    order = sorted(range(len(pools)), key=lambda place: len(shuffled[place]))
    taken: dict[Item, int] = {}
    for place in order:
        if not _find(place, shuffled, taken, set()):
            raise PoolTooSmallError(place)
    drawn = {place: item for item, place in taken.items()}
    return [drawn[place] for place in range(len(pools))]


def _shuffled(pool: Collection[Item], chance: Random) -> list[Item]:
    items = list(pool)
    chance.shuffle(items)
    return items


def _find(
    place: int, pools: Sequence[Sequence[Item]], taken: dict[Item, int], seen: set[Item]
) -> bool:
    """Give a place an item that is free, or that another place can do without."""
    for item in pools[place]:
        if item not in taken:
            taken[item] = place
            return True
    for item in pools[place]:
        if item not in seen:
            seen.add(item)
            if _find(taken[item], pools, taken, seen):
                taken[item] = place
                return True
    return False
