"""The KV cache: how many bytes it keeps, and how many a decoded token reads."""

from fractions import Fraction

from grader.costs.stacks import Stack
from grader.costs.units import KIB, require_at_least


def cache_bytes(stack: Stack, tokens: int, batch: int = 1, *, page_tokens: int = 1) -> int:
    """Return the bytes that the cache occupies when each of ``batch`` texts has ``tokens``.

    batch · sum over the layers that keep their own of entry bytes · entries, with entry bytes
    2 · kv_heads · head_dim · bytes per value and entries min(tokens, window + sinks), or tokens
    in a dense layer.
    With pages of ``page_tokens`` the entries of each text and layer are rounded up to whole
    pages, so that at most one page, less an entry, is left empty (PagedAttention, Kwon et al.,
    2023, section 4). A window that is full reuses its pages in turn.
    """
    require_at_least("tokens", tokens, 0)
    require_at_least("batch", batch, 0)
    require_at_least("page_tokens", page_tokens, 1)
    return batch * sum(
        count * stack.entry_bytes(kind) * -(-kind.entries(tokens) // page_tokens) * page_tokens
        for kind, count in stack.keeping
    )


def cache_read_bytes(stack: Stack, tokens: int, batch: int = 1) -> int:
    """Return the bytes of cache that one step of decoding reads, for all ``batch`` texts.

    ``tokens`` counts each text up to and with the one whose query reads. Each layer reads the
    entries its query sees once. Layers that share a cache each read it anew: sharing saves room
    and no traffic (Brandon et al., 2024, section 2.3). What is empty in a page is not read.
    """
    require_at_least("tokens", tokens, 0)
    require_at_least("batch", batch, 0)
    return batch * sum(
        count * stack.entry_bytes(kind) * kind.entries(tokens) for kind, count in stack.groups
    )


def kib_per_token(stack: Stack) -> Fraction:
    """Return by how many KiB the cache of one text grows per token, while no window is full.

    Sum of entry bytes over the layers that keep their own, / 1024.
    """
    return Fraction(cache_bytes(stack, 1), KIB)
