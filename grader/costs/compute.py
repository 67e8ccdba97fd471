"""Arithmetic: pairs, floating-point operations, and the time they take at best.

A multiplication with its addition counts as two operations. Products with weights, in projections
and feed-forward layers, are the term 2 · parameters per token (Pope et al., 2022, section 2); it
counts every parameter once, the embeddings too, although looking one up computes nothing.
Attention is the term 4 · q_heads · head_dim per pair and layer, half of it for scores, half for
the weighted sum of values (Dao, 2023, FlashAttention-2, section 4.1, which has n² for the pairs).
Softmax, norms and activations are left out.
"""

from fractions import Fraction

from grader.costs.accelerators import Accelerator
from grader.costs.stacks import Stack
from grader.costs.units import require_at_least


def attention_pairs(stack: Stack, tokens: int) -> int:
    """Return the (query, key) pairs of one query head in a text of ``tokens``, over all layers.

    Counted by ``grader.patterns``. KV heads, precision and sharing change none of them.
    """
    require_at_least("tokens", tokens, 0)
    if tokens == 0:
        return 0
    return sum(count * kind.pattern.count(tokens) for kind, count in stack.groups)


def prefill_flops(stack: Stack, tokens: int, batch: int = 1) -> int:
    """Return the operations of reading ``batch`` prompts of ``tokens`` each.

    batch · (2 · parameters · tokens + 4 · q_heads · head_dim · pairs over all layers), where only
    pairs of the pattern are computed.
    """
    require_at_least("batch", batch, 0)
    return batch * _flops(stack, tokens, attention_pairs(stack, tokens))


def decode_flops(stack: Stack, tokens: int, batch: int = 1) -> int:
    """Return the operations of one step of decoding, one token for each of ``batch`` texts.

    batch · (2 · parameters + 4 · q_heads · head_dim · keys seen over all layers). ``tokens``
    counts each text up to and with the one whose query is computed, so it is at least 1.
    """
    require_at_least("tokens", tokens, 1)
    require_at_least("batch", batch, 0)
    seen = sum(count * kind.entries(tokens) for kind, count in stack.groups)
    return batch * _flops(stack, 1, seen)


def prefill_seconds_floor(
    stack: Stack, tokens: int, accelerator: Accelerator, batch: int = 1
) -> Fraction:
    """Return the seconds below which no prefill stays: prefill_flops / peak, exactly."""
    return Fraction(prefill_flops(stack, tokens, batch), accelerator.peak_flops)


def _flops(stack: Stack, tokens: int, pairs: int) -> int:
    model = stack.model
    return 2 * model.parameters * tokens + 4 * model.q_heads * model.head_dim * pairs
