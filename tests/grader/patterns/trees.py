"""Random pattern trees for property tests."""

from hypothesis import strategies as st

from grader.patterns import (
    All,
    Blocks,
    Causal,
    Dilated,
    Globals,
    Pattern,
    RandomBlocks,
    Sinks,
    Slice,
    Window,
    parse,
)

ends = st.none() | st.integers(-8, 8)
positions = st.integers(-8, 8) | st.builds(Slice, ends, ends)
late = st.sampled_from(
    [
        parse(text)
        for text in (
            "window(n)",
            "window(n // 2 + 1)",
            "sinks(n - 1)",
            "globals(0:n // 3, n - 1)",
            "dilated(max(1, n // 3))",
            "blocks(n, 1)",
        )
    ]
)
atoms: st.SearchStrategy[Pattern] = st.one_of(
    st.just(Causal()),
    st.just(All()),
    st.builds(Window, st.integers(1, 30)),
    st.builds(Dilated, st.integers(1, 7)),
    st.builds(Sinks, st.integers(0, 30)),
    st.builds(Globals, st.lists(positions, min_size=1, max_size=4).map(tuple)),
    st.builds(Blocks, st.integers(1, 9), st.integers(0, 3)),
    st.builds(RandomBlocks, st.integers(1, 9), st.integers(0, 4), st.integers(0, 99)),
    late,
)


def joined(children: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
    def join(left: Pattern, right: Pattern, sign: str) -> Pattern:
        return {"|": left | right, "&": left & right, "-": left - right}[sign]

    return st.builds(join, children, children, st.sampled_from("|&-"))


patterns: st.SearchStrategy[Pattern] = st.recursive(atoms, joined, max_leaves=6)
sizes = st.integers(1, 32)
