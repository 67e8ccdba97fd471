"""What an order is worth: eight schemes, each exact, against a total or a partial order.

Against a partial order an answer is worth the most that it is worth against any one linear
extension. No scheme lists the extensions. Schemes that add up points, item by item as an extension
is built, take the best path through the down-sets of the partial order, of which there are at most
2 to the power n. The longest ordered part is a largest antichain, found as a matching
(Fulkerson, "Note on Dilworth's decomposition theorem for partially ordered sets", 1956).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from grader.words import gettext, gettext_noop
from question_bank.marking.partial_orders import PartialOrder

Response = Sequence[int]


class Scheme(StrEnum):
    """What partial credit is given for; ``how_marked`` says it in words."""

    ABSOLUTE = "absolute"
    NEXT_LAST_EXCLUDED = "next_last_excluded"
    NEXT_LAST_INCLUDED = "next_last_included"
    ONE_PREVIOUS_AND_NEXT = "one_previous_and_next"
    ALL_PREVIOUS_AND_NEXT = "all_previous_and_next"
    LONGEST_ORDERED = "longest_ordered"
    RELATIVE_TO_CORRECT = "relative_to_correct"
    ALL_OR_NOTHING = "all_or_nothing"


def score(scheme: Scheme, response: Response, order: PartialOrder) -> Fraction:
    """Return what a permutation of the order's items, two or more, is worth: from 0 to 1.

    It is 1 exactly for linear extensions, whatever the scheme.
    """
    rule = _RULES[scheme]
    return Fraction(rule.points(response, order), rule.out_of(order.n))


def how_marked(scheme: Scheme, n: int, *, several: bool = False) -> str:
    """Return in words how an order of n items is marked; ``several``: more than one is right."""
    rule = _RULES[scheme]
    words = gettext(rule.words).format(n=n, most=n - 1, out_of=rule.out_of(n))
    return f"{words} {gettext(_SEVERAL)}" if several else words


class _Put(NamedTuple):
    """An item put next when a linear extension is built.

    ``at[item]`` is the place, from 0, of each item in the response; ``placed`` are the items
    before this one, ``last`` is the one directly before it (None at the beginning).
    """

    at: Sequence[int]
    placed: frozenset[int]
    last: int | None
    item: int

    @property
    def shift(self) -> int:
        """How many places the response has the item away from here."""
        return abs(self.at[self.item] - len(self.placed))

    @property
    def begins(self) -> bool:
        """Whether it comes first, here and in the response."""
        return self.last is None and self.at[self.item] == 0

    @property
    def follows(self) -> bool:
        """Whether it comes directly after the same item, here and in the response."""
        return self.last is not None and self.at[self.item] == self.at[self.last] + 1

    @property
    def ends(self) -> bool:
        """Whether it comes last, here and in the response."""
        return len(self.placed) == self.at[self.item] == len(self.at) - 1


def _places(response: Response) -> list[int]:
    """Return the place of each item, from 0."""
    return sorted(range(len(response)), key=response.__getitem__)


def _added(gain: Callable[[_Put], int]) -> Callable[[Response, PartialOrder], int]:
    """Return the points that add up over an extension, for the extension with the most."""

    def points(response: Response, order: PartialOrder) -> int:
        at = _places(response)
        best: dict[tuple[frozenset[int], int | None], int] = {(frozenset(), None): 0}
        for _ in response:
            longer: dict[tuple[frozenset[int], int | None], int] = {}
            for (placed, last), so_far in best.items():
                for item in order.next_after(placed):
                    now = (placed | {item}, item)
                    total = so_far + gain(_Put(at, placed, last, item))
                    longer[now] = max(total, longer.get(now, 0))
            best = longer
        return max(best.values())

    return points


def _longest(response: Response, order: PartialOrder) -> int:
    """Return the length of the longest part that some extension has in the same order.

    Items of the response can stand in one extension in the order given if and only if none of them
    is before another that it has to follow. "Stands before one that it has to follow" is itself a
    partial order, so such items are an antichain, and the largest has n items less a matching's.
    """
    at = _places(response)
    too_early = [
        [first for first in before if at[first] > at[item]]
        for item, before in enumerate(order.before)
    ]
    length = order.n - _largest_matching(too_early)
    return length if length > 1 else 0


def _largest_matching(edges: Sequence[Sequence[int]]) -> int:
    """Return the size of a largest matching; ``edges[left]`` are the right nodes of a left one."""
    partner: dict[int, int] = {}

    def augment(left: int, seen: set[int]) -> bool:
        for right in edges[left]:
            if right in seen:
                continue
            seen.add(right)
            if right not in partner or augment(partner[right], seen):
                partner[right] = left
                return True
        return False

    return sum(augment(left, set()) for left in range(len(edges)))


@dataclass(frozen=True)
class _Rule:
    """A scheme: points for a response, how many there are, and both in words."""

    points: Callable[[Response, PartialOrder], int]
    out_of: Callable[[int], int]
    words: str


_SEVERAL = gettext_noop(
    "More than one order is right; the one that gives you the highest mark counts."
)

_RULES: Mapping[Scheme, _Rule] = {
    Scheme.ABSOLUTE: _Rule(
        _added(lambda put: put.shift == 0),
        lambda n: n,
        gettext_noop("Your mark is the number of items at their right place, divided by {out_of}."),
    ),
    Scheme.NEXT_LAST_EXCLUDED: _Rule(
        _added(lambda put: put.follows),
        lambda n: n - 1,
        gettext_noop(
            "Your mark is the number of items that have the right item directly after them, "
            "divided by {out_of}: all but the last have one."
        ),
    ),
    Scheme.NEXT_LAST_INCLUDED: _Rule(
        _added(lambda put: put.follows + put.ends),
        lambda n: n,
        gettext_noop(
            "Your mark is the number of items that have the right item directly after them, "
            "divided by {out_of}; for the right last item, having none after it counts."
        ),
    ),
    Scheme.ONE_PREVIOUS_AND_NEXT: _Rule(
        _added(lambda put: put.begins + 2 * put.follows + put.ends),
        lambda n: 2 * n,
        gettext_noop(
            "Each item gives a point for the right item directly before it and a point for the "
            "right item directly after it; for the right first and last item, having none "
            "there counts. "
            "Your mark is your points divided by {out_of}."
        ),
    ),
    Scheme.ALL_PREVIOUS_AND_NEXT: _Rule(
        _added(lambda put: sum(put.at[first] < put.at[put.item] for first in put.placed)),
        lambda n: n * (n - 1) // 2,
        gettext_noop(
            "Your mark is the number of pairs of items, neighbours or not, that stand in the right "
            "order, divided by the number of all pairs, {out_of}."
        ),
    ),
    Scheme.LONGEST_ORDERED: _Rule(
        _longest,
        lambda n: n,
        gettext_noop(
            "Take out as few items as possible so that the others stand in the right order. "
            "Your mark is the number of those others divided by {out_of}, and 0 if only one is "
            "left."
        ),
    ),
    Scheme.RELATIVE_TO_CORRECT: _Rule(
        _added(lambda put: len(put.at) - 1 - put.shift),
        lambda n: n * (n - 1),
        gettext_noop(
            "Each item gives {most} points, less one for every place that it is away from its "
            "right one. Your mark is your points divided by {out_of}."
        ),
    ),
    Scheme.ALL_OR_NOTHING: _Rule(
        lambda response, order: order.first_error(response) is None,
        lambda _: 1,
        gettext_noop(
            "Your mark is 1 if all {n} items stand in the right order, and 0 otherwise: there "
            "is no partial credit."
        ),
    ),
}
