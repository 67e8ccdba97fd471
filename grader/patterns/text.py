"""A pattern in words and numbers: what its picture shows, for those who do not see it.

Positions in text are 1-based, as learners read them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.patterns.algebra import Pattern
from grader.words import gettext, ngettext

MOST_LISTED = 8


@dataclass(frozen=True)
class Row:
    """A query, how many keys it sees, and which, as in ``1, 498–500``."""

    query: int
    count: int
    keys: str


def rows(pattern: Pattern, n: int, queries: int | None = None) -> Iterator[Row]:
    """Yield a row for each query; there are n unless ``queries`` says otherwise."""
    for i in range(n if queries is None else queries):
        ranges = pattern.ranges(i, n)
        yield Row(i + 1, sum(map(len, ranges)), ranges_text(ranges))


def describe(pattern: Pattern, n: int, query: int) -> str:
    """Return a clause such as ``query 500 sees 4 keys: 1, 498, 499, 500``; query is 1-based."""
    return describe_keys(pattern.ranges(query - 1, n), query)


def describe_keys(ranges: Sequence[range], query: int) -> str:
    """Return the same of the keys that a query sees, as ``Pattern.ranges`` gives them."""
    count = sum(map(len, ranges))
    if count == 0:
        return gettext("query %(query)s sees no keys") % {"query": query}
    listed = (range(key, key + 1) for whole in ranges for key in whole)
    keys = ranges_text(listed if count <= MOST_LISTED else ranges)
    told = ngettext(
        "query %(query)s sees %(count)s key: %(keys)s",
        "query %(query)s sees %(count)s keys: %(keys)s",
        count,
    )
    return told % {"query": query, "count": f"{count:,}", "keys": keys}


def ranges_text(ranges: Iterable[range]) -> str:
    """Return 0-based ranges in 1-based words: ``1, 498–500``, or ``none``."""
    parts = [
        f"{keys.start + 1}" if len(keys) == 1 else f"{keys.start + 1}–{keys.stop}"
        for keys in ranges
    ]
    return ", ".join(parts) or gettext("none")
