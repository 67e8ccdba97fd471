"""Memory traffic: what a step of decoding reads, the time it takes at best, and intensity.

``tokens`` counts each text up to and with the token that is decoded, so it is at least 1.
"""

from fractions import Fraction

from grader.costs.accelerators import Accelerator
from grader.costs.cache import cache_bytes, cache_read_bytes
from grader.costs.compute import decode_flops, prefill_flops
from grader.costs.models import Model
from grader.costs.stacks import BITS, Stack
from grader.costs.units import require_at_least


def weight_bytes(model: Model, bits: int = 16) -> int:
    """Return the bytes of the weights: parameters · bits / 8, up to a whole byte.

    Scales of quantised weights are not counted. Raises ValueError unless bits is one of BITS.
    """
    if bits not in BITS:
        raise ValueError(f"a weight has {', '.join(map(str, BITS))} bits, not {bits}")
    return -(-model.parameters * bits // 8)


def decode_bytes(stack: Stack, tokens: int, batch: int = 1, *, weight_bits: int = 16) -> int:
    """Return the bytes that one step of decoding reads.

    The weights once, whatever the batch, and the cache of every text (Pope et al., 2022,
    section 2). The one new entry per layer and text that is written is left out.
    """
    require_at_least("tokens", tokens, 1)
    return weight_bytes(stack.model, weight_bits) + cache_read_bytes(stack, tokens, batch)


def decode_seconds_floor(
    stack: Stack,
    tokens: int,
    accelerator: Accelerator,
    batch: int = 1,
    *,
    weight_bits: int = 16,
) -> Fraction:
    """Return the seconds that reading alone takes in a step: decode_bytes / bandwidth, exactly.

    That is the time between two tokens of each text. Where ``decode_intensity`` is above the
    accelerator's ridge, arithmetic takes longer still.
    """
    read = decode_bytes(stack, tokens, batch, weight_bits=weight_bits)
    return Fraction(read, accelerator.bandwidth)


def decode_intensity(
    stack: Stack, tokens: int, batch: int = 1, *, weight_bits: int = 16
) -> Fraction:
    """Return the operations per byte of a step of decoding: decode_flops / decode_bytes."""
    read = decode_bytes(stack, tokens, batch, weight_bits=weight_bits)
    return Fraction(decode_flops(stack, tokens, batch), read)


def prefill_intensity(
    stack: Stack, tokens: int, batch: int = 1, *, weight_bits: int = 16
) -> Fraction:
    """Return the operations per byte of a prefill, at most.

    prefill_flops over the least traffic: the weights read once and the cache written once.
    """
    moved = weight_bytes(stack.model, weight_bits) + cache_bytes(stack, tokens, batch)
    return Fraction(prefill_flops(stack, tokens, batch), moved)
