"""The same numbers from an independent program: loops that store and multiply, no formulas."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import LayerKind, cache_bytes, cache_read_bytes, prefill_flops
from tests.grader.costs.stacks import stack

VALUE_BYTES = 2


@dataclass
class Layer:
    window: int
    sinks: int
    kv_heads: int


@dataclass
class Told:
    kept: int = 0
    read: int = 0
    operations: int = 0


def attend(keys: list[int], q_heads: int, head_dim: int, told: Told) -> None:
    for _ in range(q_heads):
        for _ in keys:
            for _ in range(head_dim):
                told.operations += 2  # score += q · k
                told.operations += 2  # output += weight · v


def size(keys: list[int], kv_heads: int, head_dim: int) -> int:
    total = 0
    for _ in keys:
        for _ in range(kv_heads * head_dim):
            total += VALUE_BYTES  # of a key
            total += VALUE_BYTES  # of a value
    return total


def generate(layer: Layer, q_heads: int, head_dim: int, tokens: int, told: Told) -> None:
    """Decode one text in one layer, with a list that forgets what no later query will see."""
    cache: list[int] = []
    seen: list[int] = []
    for query in range(tokens):
        cache = [key for key in cache if key < layer.sinks or query - key < layer.window]
        cache.append(query)
        seen = [k for k in range(query + 1) if k < layer.sinks or k > query - layer.window]
        attend(seen, q_heads, head_dim, told)
    told.kept += size(cache, layer.kv_heads, head_dim)
    told.read += size(seen, layer.kv_heads, head_dim)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.builds(Layer, st.integers(1, 12), st.integers(0, 3), st.sampled_from((1, 2, 4))),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 12),
    st.integers(0, 2),
)
def test_plain_loops_come_to_the_same_numbers(layers: list[Layer], tokens: int, batch: int) -> None:
    kinds = [LayerKind(layer.window, layer.sinks, layer.kv_heads) for layer in layers]
    built = stack(*((kind, 1) for kind in kinds))
    told = Told()
    for _ in range(batch):
        for layer in layers:
            generate(layer, built.model.q_heads, built.model.head_dim, tokens, told)
    for _ in range(batch * tokens * built.model.parameters):
        told.operations += 2
    assert cache_bytes(built, tokens, batch) == told.kept
    assert cache_read_bytes(built, tokens, batch) == told.read
    assert prefill_flops(built, tokens, batch) == told.operations
