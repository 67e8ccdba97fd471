import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.costs import LayerKind, entries_kept, is_causal
from grader.patterns import parse


@given(st.integers(1, 64), st.integers(1, 32), st.integers(0, 8))
def test_windows_and_sinks_keep_what_their_layer_keeps(
    tokens: int, window: int, sinks: int
) -> None:
    pattern = parse(f"causal & (sinks({sinks}) | window({window}))")
    kept = entries_kept(pattern, tokens)
    assert kept == LayerKind(window=window, sinks=sinks).entries(tokens)


@given(st.integers(1, 64), st.integers(1, 16))
def test_a_stride_forgets_nothing(tokens: int, stride: int) -> None:
    assert entries_kept(parse(f"causal & dilated({stride})"), tokens) == tokens


def test_blocks_keep_the_block_under_way() -> None:
    pattern = parse("causal & blocks(8)")
    assert [entries_kept(pattern, tokens) for tokens in (1, 8, 9, 16, 20)] == [1, 8, 1, 8, 4]


def test_a_cache_of_no_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="tokens"):
        entries_kept(parse("causal"), 0)


@pytest.mark.parametrize(
    ("notation", "causal"),
    [("causal", True), ("causal & window(4)", True), ("window(2)", False), ("window(1)", True)],
)
def test_causal_is_what_sees_no_later_key(notation: str, causal: bool) -> None:
    assert is_causal(parse(notation), 12) is causal
