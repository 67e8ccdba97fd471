"""Random small models and stacks for property tests."""

from hypothesis import strategies as st

from grader.costs import LayerKind, Model, Precision, Stack

KV_HEADS = (1, 2, 4)

precisions = st.one_of(
    st.builds(Precision, st.sampled_from((16, 8, 4))),
    st.builds(Precision, st.sampled_from((8, 4)), st.integers(1, 9), st.integers(1, 4)),
)
windows = st.integers(1, 9)
kinds: st.SearchStrategy[LayerKind] = st.one_of(
    st.builds(LayerKind, kv_heads=st.sampled_from((None, *KV_HEADS)), precision=precisions),
    st.builds(
        LayerKind,
        windows,
        st.integers(0, 4),
        kv_heads=st.sampled_from((None, *KV_HEADS)),
        precision=precisions,
    ),
)
counts = st.integers(1, 4)


def model(layers: int, kv_heads: int = 2, head_dim: int = 6, q_heads: int = 4) -> Model:
    return Model("small", layers, q_heads, kv_heads, head_dim, parameters=50, source="none")


def stack(*groups: tuple[LayerKind, int]) -> Stack:
    return Stack(model(sum(count for _, count in groups)), groups)


@st.composite
def sharing(draw: st.DrawFn, below: LayerKind) -> LayerKind:
    """A kind that shares the cache of ``below`` and sees no more than that keeps."""
    window: int | None
    if below.window is None:
        window = draw(st.none() | windows)
        most_sinks = 0 if window is None else 4
    else:
        window, most_sinks = draw(st.integers(1, below.window)), below.sinks
    sinks = draw(st.integers(0, most_sinks))
    return LayerKind(window, sinks, below.kv_heads, below.precision, shares_cache=True)


@st.composite
def stacks(draw: st.DrawFn, kinds: st.SearchStrategy[LayerKind] = kinds) -> Stack:
    groups: list[tuple[LayerKind, int]] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(kinds)
        groups.append((kind, draw(counts)))
        if draw(st.booleans()):
            groups.append((draw(sharing(kind)), draw(counts)))
    return stack(*groups)
