"""A second opinion on costs and reach: plain loops over layers, tokens and steps.

Nothing that ``grader.costs`` computes is used, only the facts that it holds on models and
accelerators. Bits and operations are added up one layer at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from question_bank.kinds.costs import DrawnCost, Quantity
from question_bank.kinds.reach import DrawnCrossing, DrawnField

BITS_OF_A_WEIGHT = 16
BITS_OF_A_BYTE = 8
A_MULTIPLICATION_WITH_ITS_ADDITION = 2
_LONGEST_STRIDE = 2**30


@dataclass(frozen=True)
class Layer:
    """A layer as it is looped over; without a window it sees all earlier tokens."""

    window: int | None
    sinks: int

    def seen_by(self, token: int) -> int:
        """Return how many tokens the one at ``token``, from 0, sees, itself among them."""
        if self.window is None:
            return len(range(token + 1))
        nearest = range(max(0, token - self.window + 1), token + 1)
        return len(nearest) + len(range(min(self.sinks, nearest.start)))


def cost_by_loops(asked: DrawnCost) -> Fraction:
    """Return a cost in bytes, operations or seconds, or as a count."""
    return asked.times * _LOOPS[asked.quantity](asked)


def layers_by_steps(asked: DrawnCrossing) -> int:
    """Return the layers after which information has come far enough, one step after another.

    Raises ValueError where it never does.
    """
    step = asked.window - 1 if asked.causal else asked.window // 2
    relay = asked.global_tokens > 0 and not asked.causal
    farthest = layers = 0
    while farthest < asked.distance:
        if relay and layers == 1:
            # The global tokens have read everything in the first layer; now all read them.
            return 2
        if step == 0 and not relay:
            raise ValueError("no number of layers is enough")
        farthest += step
        layers += 1
    return layers


def field_by_steps(asked: DrawnField) -> int:
    """Return the positions up to which the window is followed back, one layer after another."""
    first = asked.position
    for _ in range(asked.layers):
        first = max(1, first - (asked.window - 1))
    return len(range(first, asked.position + 1))


def _layers(asked: DrawnCost) -> list[Layer]:
    model = asked.model
    window, sinks, local = asked.window, asked.sinks, asked.windowed
    if window is None:
        window, sinks, local = model.window, 0, model.local_layers
    elif local is None:
        local = model.layers
    return [
        Layer(window, sinks) if layer < local else Layer(None, 0) for layer in range(model.layers)
    ]


def _bytes_of_entries(asked: DrawnCost, entries: int) -> Fraction:
    """Return the bytes of so many keys and so many values in one layer."""
    heads = asked.model.kv_heads if asked.kv_heads is None else asked.kv_heads
    bits = 0
    for _ in ("keys", "values"):
        for _ in range(heads):
            bits += entries * asked.model.head_dim * asked.bits
    return Fraction(bits, BITS_OF_A_BYTE)


def _kept(asked: DrawnCost, tokens: int) -> Fraction:
    """Return the bytes that the cache takes when each text of the batch has so many tokens."""
    total = Fraction(0)
    for layer in _layers(asked):
        entries = layer.seen_by(tokens - 1) if tokens else 0
        slots = len(range(0, entries, asked.page_tokens)) * asked.page_tokens
        total += _bytes_of_entries(asked, slots)
    return sum((total for _ in range(asked.batch)), Fraction(0))


def _weights(asked: DrawnCost) -> Fraction:
    return Fraction(asked.model.parameters * BITS_OF_A_WEIGHT, BITS_OF_A_BYTE)


def _read(asked: DrawnCost) -> Fraction:
    """Return the bytes that a step of decoding reads: weights once, then every text's entries."""
    total = _weights(asked)
    for _ in range(asked.batch):
        for layer in _layers(asked):
            total += _bytes_of_entries(asked, layer.seen_by(asked.tokens - 1))
    return total


def _computed(asked: DrawnCost) -> Fraction:
    """Return the operations of a prefill."""
    model = asked.model
    operations = asked.tokens * model.parameters * A_MULTIPLICATION_WITH_ITS_ADDITION
    for layer in _layers(asked):
        pairs = _pairs(layer, asked.tokens)
        for _ in ("scores", "sums of values"):
            operations += (
                model.q_heads * pairs * model.head_dim * A_MULTIPLICATION_WITH_ITS_ADDITION
            )
    return Fraction(sum(operations for _ in range(asked.batch)))


@lru_cache(maxsize=512)
def _pairs(layer: Layer, tokens: int) -> int:
    return sum(layer.seen_by(token) for token in range(tokens))


def _texts_that_fit(asked: DrawnCost) -> int:
    left = asked.machine.memory - _weights(asked)
    texts, size = 0, _kept(asked, asked.tokens) / asked.batch
    while left >= size:
        left -= size
        texts += 1
    return texts


def _tokens_that_fit(asked: DrawnCost) -> int:
    """Return the longest text, found in strides that are halved where one is too long."""
    room = asked.machine.memory - _weights(asked)
    tokens, stride = 0, _LONGEST_STRIDE
    while stride:
        if _kept(asked, tokens + stride) <= room:
            tokens += stride
        else:
            stride //= 2
    return tokens


_LOOPS: dict[Quantity, Callable[[DrawnCost], Fraction | int]] = {
    "cache_bytes": lambda asked: _kept(asked, asked.tokens),
    "decode_bytes": _read,
    "prefill_flops": _computed,
    "decode_seconds": lambda asked: _read(asked) / asked.machine.bandwidth,
    "prefill_seconds": lambda asked: _computed(asked) / asked.machine.peak_flops,
    "max_batch": _texts_that_fit,
    "max_tokens": _tokens_that_fit,
}
