"""How much fits: the largest batch, and the longest text, in a budget of memory."""

from bisect import bisect_right

from grader.costs.accelerators import Accelerator
from grader.costs.cache import cache_bytes
from grader.costs.models import Model
from grader.costs.stacks import Stack
from grader.costs.traffic import weight_bytes
from grader.costs.units import require_at_least


def cache_budget(model: Model, accelerator: Accelerator, weight_bits: int = 16) -> int:
    """Return the bytes that an accelerator's memory leaves to the cache beside the weights.

    Negative where the weights alone do not fit. What a runtime takes for itself is not counted.
    """
    return accelerator.memory - weight_bytes(model, weight_bits)


def max_batch(stack: Stack, tokens: int, budget: int, *, page_tokens: int = 1) -> int:
    """Return the most texts of ``tokens`` (at least 1) whose caches fit into ``budget`` bytes.

    Rounded down, and 0 where not one fits.
    """
    require_at_least("tokens", tokens, 1)
    return max(0, budget) // cache_bytes(stack, tokens, page_tokens=page_tokens)


def max_tokens(stack: Stack, budget: int, batch: int = 1, *, page_tokens: int = 1) -> int | None:
    """Return the most tokens that each of ``batch`` texts may have in ``budget`` bytes of cache.

    ``batch`` is at least 1. Found by bisection, as a cache never shrinks when its text grows.
    None where it stops growing before the budget is used up: then a text may have any length.
    """
    require_at_least("batch", batch, 1)

    def size(tokens: int) -> int:
        return cache_bytes(stack, tokens, batch, page_tokens=page_tokens)

    windows = [kind.window + kind.sinks for kind, _ in stack.keeping if kind.window is not None]
    full = max(windows, default=0)
    # Past all windows every further page adds the same: that of the dense layers.
    per_page = size(full + page_tokens) - size(full)
    if per_page == 0 and size(full) <= budget:
        return None
    budget = max(0, budget)
    most = full + (page_tokens * (budget // per_page) if per_page else 0)
    return bisect_right(range(most + 1), budget, key=size) - 1
