"""Reach: how far information travels through layers, in positions.

Read a layer as a graph with an arrow from each key to each query that sees it. A position depends
on another after L layers only if a path of at most L arrows leads there. That is necessary, not
sufficient: a path says nothing about how much arrives.
"""

from grader.costs.stacks import Stack
from grader.costs.units import require_at_least


def layers_to_cross(
    distance: int, window: int, *, causal: bool, global_tokens: int = 0
) -> int | None:
    """Return the layers that information needs to travel ``distance`` positions, at least.

    Causal, with ``window`` keys per query, its own among them: ceil(distance / (window - 1)).
    Two-sided, with window // 2 keys to each side: ceil(distance / (window // 2)), and at most 2 if
    there are global tokens, which see and are seen by all. Both ends are taken to be other
    positions than global ones, for which one layer is enough. Under a causal mask the first
    tokens depend on no later ones, so that as global tokens they shorten no such path.
    None where no number of layers is enough.
    The exact form of layers · window in Beltagy et al., 2020, section 3.1.
    """
    require_at_least("distance", distance, 0)
    require_at_least("window", window, 1)
    require_at_least("global_tokens", global_tokens, 0)
    if distance == 0:
        return 0
    step = window - 1 if causal else window // 2
    by_window = -(-distance // step) if step else None
    if causal or not global_tokens:
        return by_window
    return 2 if by_window is None else min(2, by_window)


def receptive_field(layers: int, window: int, position: int | None = None) -> int:
    """Return how many positions one depends on through causal windows, itself among them.

    layers · (window - 1) + 1, and no more than ``position``, counted from 1, if that is given.
    """
    require_at_least("layers", layers, 0)
    require_at_least("window", window, 1)
    field = layers * (window - 1) + 1
    if position is None:
        return field
    require_at_least("position", position, 1)
    return min(field, position)


def reach_back(stack: Stack) -> int | None:
    """Return how many positions back the windows of a stack carry information; None: all.

    The sum of window - 1 over the layers that keep keys and values of their own. A layer that
    shares a cache adds nothing: what it reads is what the layer below knew already.
    """
    total = 0
    for kind, count in stack.keeping:
        if kind.window is None:
            return None
        total += count * (kind.window - 1)
    return total


def positions_reached(stack: Stack, position: int) -> int:
    """Return on how many positions the one at ``position``, counted from 1, depends.

    Itself among them: min(position, reach_back + 1 + sinks), or ``position`` where a layer is
    dense. Sinks are those of the layer that has most, as they hold nothing of later positions.
    """
    require_at_least("position", position, 1)
    back = reach_back(stack)
    return position if back is None else min(position, back + 1 + _sinks(stack))


def unreachable_pairs(stack: Stack, n: int) -> int:
    """Return how many (i, j <= i) there are among ``n`` positions such that i cannot depend on j.

    They are the j beyond the sinks with i - j > reach_back: m (m + 1) / 2 with
    m = n - 1 - reach_back - sinks, and 0 where m is negative or a layer is dense.
    """
    require_at_least("n", n, 0)
    back = reach_back(stack)
    if back is None:
        return 0
    side = max(0, n - 1 - back - _sinks(stack))
    return side * (side + 1) // 2


def layers_that_see_all(stack: Stack, tokens: int) -> int:
    """Return in how many layers the last of ``tokens`` sees all of them, itself among them.

    They are the dense ones, and those with window + sinks >= tokens.
    """
    require_at_least("tokens", tokens, 1)
    return sum(count for kind, count in stack.groups if kind.entries(tokens) == tokens)


def first_tokens_seen(stack: Stack, tokens: int) -> int:
    """Return how many of the first tokens the last of ``tokens`` sees in every layer.

    The sinks of the layer that has fewest, among those that do not see all.
    """
    require_at_least("tokens", tokens, 1)
    seen = (tokens if kind.entries(tokens) == tokens else kind.sinks for kind, _ in stack.groups)
    return min(seen)


def _sinks(stack: Stack) -> int:
    return max(kind.sinks for kind, _ in stack.keeping)
