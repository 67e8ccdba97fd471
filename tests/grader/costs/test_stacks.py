"""A stack takes only layers that fit together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.costs import (
    DENSE,
    GEMMA_2_9B,
    GEMMA_3_12B,
    LLAMA_3_8B,
    MISTRAL_7B,
    LayerKind,
    Precision,
    Stack,
)
from tests.grader.costs.stacks import kinds, model, stack

SHARES = LayerKind(shares_cache=True)


@pytest.mark.parametrize(
    ("published", "groups"),
    [
        (LLAMA_3_8B, ((DENSE, 32),)),
        (MISTRAL_7B, ((LayerKind(4096), 32),)),
        (GEMMA_2_9B, ((LayerKind(4096), 21), (DENSE, 21))),
        (GEMMA_3_12B, ((LayerKind(1024), 40), (DENSE, 8))),
    ],
)
def test_a_published_model_has_its_local_and_its_dense_layers(published, groups) -> None:
    assert Stack.of(published).groups == groups


@settings(deadline=None)
@given(kinds, st.integers(1, 30))
def test_what_is_kept_is_as_much_as_the_last_query_sees(kind: LayerKind, n: int) -> None:
    assert kind.entries(n) == kind.pattern.row_count(n - 1, n)


@settings(deadline=None)
@given(kinds, kinds)
def test_a_layer_sees_within_another_where_no_query_sees_more(a: LayerKind, b: LayerKind) -> None:
    # Beyond 40 positions no window here shows anything new.
    never_more = (a.pattern - b.pattern).count(40) == 0
    assert a.sees_within(b) == never_more


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: LayerKind(0), "window must be at least 1"),
        (lambda: LayerKind(4, -1), "sinks must be at least 0"),
        (lambda: LayerKind(sinks=4), "sinks need a window"),
        (lambda: LayerKind(kv_heads=0), "kv_heads must be at least 1"),
        (lambda: Precision(12), "not 12"),
        (lambda: Precision(4, group=0, scale_bytes=2), "group must be at least 1"),
        (lambda: Precision(4, group=32), "a group needs scales"),
        (lambda: Precision(4, scale_bytes=2), "scales need a group"),
        (lambda: Precision(4, 32, -2), "scale_bytes must be at least 0"),
        (lambda: Stack(model(3), ((DENSE, 2),)), "has 3 layers, not 2"),
        (lambda: Stack(model(1), ()), "has 1 layers, not 0"),
        (lambda: Stack(model(1), ((DENSE, 1), (DENSE, 0))), "count of a group"),
        (lambda: stack((LayerKind(kv_heads=3), 1)), "cannot share 3 KV heads"),
        (lambda: stack((SHARES, 1), (DENSE, 1)), "none below"),
        (lambda: stack((LayerKind(kv_heads=4), 1), (SHARES, 1)), "same KV heads"),
        (lambda: stack((LayerKind(precision=Precision(8)), 1), (SHARES, 1)), "and precision"),
        (lambda: stack((LayerKind(8), 1), (SHARES, 1)), "forgets"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(build, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build()


def test_sharing_layers_share_with_the_nearest_below_that_keeps() -> None:
    narrow = LayerKind(3, shares_cache=True)
    assert stack((LayerKind(8), 1), (narrow, 2), (DENSE, 1), (SHARES, 1)).keeping == (
        (LayerKind(8), 1),
        (DENSE, 1),
    )
