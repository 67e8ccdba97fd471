"""What the concept pages say of caches and reach is what the arithmetic here gives."""

from pathlib import Path

import pytest

import question_bank
from grader.costs import (
    DENSE,
    GEMMA_2_9B,
    GIB,
    LLAMA_2_7B,
    LLAMA_3_8B,
    LLAMA_3_70B,
    MISTRAL_7B,
    LayerKind,
    Model,
    Stack,
    cache_bytes,
    kib_per_token,
    layers_to_cross,
    receptive_field,
)

COURSE = Path(question_bank.__file__).parent / "content" / "sparse-attention"


def text_of(concept: str) -> str:
    return (COURSE / "concepts" / f"{concept}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [LLAMA_2_7B, LLAMA_3_8B, LLAMA_3_70B], ids=lambda it: it.name)
def test_a_row_of_the_table_of_caches_is_the_model(model: Model) -> None:
    stack = Stack.of(model)
    gib = cache_bytes(stack, 8192) / GIB
    cells = (model.name, model.layers, model.q_heads, model.kv_heads, model.head_dim)
    row = " | ".join([*map(str, cells), f"{kib_per_token(stack)} KiB", f"{gib:g} GiB"])
    assert f"| {row} |" in text_of("kv-cache")


def test_window_and_groups_save_what_the_table_says() -> None:
    told = text_of("sliding-window-gqa")
    for kv_heads in (32, 8):
        kinds = (LayerKind(window, kv_heads=kv_heads) for window in (None, MISTRAL_7B.window))
        sizes = [cache_bytes(Stack(MISTRAL_7B, ((kind, 32),)), 32_768) / GIB for kind in kinds]
        assert f"| {kv_heads} KV heads | {sizes[0]:g} GiB | {sizes[1]:g} GiB |" in told


def test_the_models_use_the_windows_that_the_table_says() -> None:
    told = text_of("sliding-window-gqa")
    assert f"| {MISTRAL_7B.name} | yes, 8 KV heads | 4,096, every layer |" in told
    assert (MISTRAL_7B.window, MISTRAL_7B.local_layers) == (4096, MISTRAL_7B.layers)
    assert f"| {GEMMA_2_9B.name} | yes, 8 KV heads | 4,096, every second layer |" in told
    assert (GEMMA_2_9B.window, 2 * GEMMA_2_9B.local_layers) == (4096, GEMMA_2_9B.layers)


def test_the_part_of_dense_layers_in_a_mixed_cache_is_as_stated() -> None:
    model = Model("six layers", 6, 1, 1, 1, parameters=1, source="the page")
    mixed = Stack(model, ((LayerKind(1024), 5), (DENSE, 1)))
    entry = mixed.entry_bytes(DENSE)
    assert f"{32_768:,} of {cache_bytes(mixed, 32_768) // entry:,} entries" in text_of(
        "kv-cache-limit-of-sparsity"
    )


@pytest.mark.parametrize(
    ("concept", "distance", "window", "causal", "stated"),
    [
        ("information-loss", 31, 4, False, r"\lceil 31/2 \rceil = {layers}"),
        ("information-loss", 99_999, 4096, True, r"\lceil 99{{,}}999/4095 \rceil = {layers}"),
    ],
)
def test_the_layers_to_cross_a_text_are_as_stated(
    concept: str, distance: int, window: int, causal: bool, stated: str
) -> None:
    layers = layers_to_cross(distance, window, causal=causal)
    assert stated.format(layers=layers) in text_of(concept)


@pytest.mark.parametrize("concept", ["local-window", "sliding-window-gqa"])
def test_the_reach_of_32_windows_is_as_stated(concept: str) -> None:
    assert f"{receptive_field(32, 4096):,}" in text_of(concept).replace("{,}", ",")
