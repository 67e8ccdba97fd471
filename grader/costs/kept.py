"""What a cache has to keep for any pattern: the keys that this query or a later one sees."""

from typing import Final

from grader.costs.units import require_at_least
from grader.patterns import Pattern

FURTHER: Final = 128
"""How many later queries are asked; no window, stride or block may be longer."""


def is_causal(pattern: Pattern, n: int) -> bool:
    """Say whether no query of a text of ``n`` sees a key after itself."""
    return all(keys.stop <= i + 1 for i in range(n) for keys in pattern.ranges(i, n))


def entries_kept(pattern: Pattern, tokens: int) -> int:
    """Return how many entries a layer keeps when it decodes the last of ``tokens``.

    These are the keys so far that its query or any later one may need: for a causal window of w,
    min(tokens, w); for a stride, all. Only a causal pattern has a cache that is decoded from.
    """
    require_at_least("tokens", tokens, 1)
    length = tokens + FURTHER
    needed: set[int] = set()
    for query in range(tokens - 1, length):
        for keys in pattern.ranges(query, length):
            needed.update(range(keys.start, min(keys.stop, tokens)))
    return len(needed)
