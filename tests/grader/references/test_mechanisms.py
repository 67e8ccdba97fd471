"""Top-k, tiles, ring, decoding and linear attention against numpy, each in both its ways."""

import ast

import numpy as np
import pytest
import torch

from grader.references import (
    dense,
    flash_tiled,
    flash_tiled__keys_outside,
    linear_attention,
    linear_attention__all_chunks,
    rolling_cache_decode,
    rolling_cache_decode__shifted,
    source_of,
    top_k_pruned,
    top_k_pruned__gathered,
)
from tests.grader.judge import oracle

CHOOSING = [top_k_pruned.attention, top_k_pruned__gathered.attention]
TILING = [flash_tiled.attention, flash_tiled__keys_outside.attention]
DECODING = [rolling_cache_decode.step, rolling_cache_decode__shifted.step]
FOLDING = [linear_attention.attention, linear_attention__all_chunks.attention]

# Window and sinks: both one, no sinks, sinks beyond the window, all beyond the sequence.
KEPT = [(1, 1), (1, 0), (5, 0), (4, 2), (3, 9), (500, 3), (7, 500)]


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def three(n, *, batch=2, heads=2, d=8, seed=0):
    return tuple(normal(batch, heads, n, d, seed=seed + part) for part in range(3))


def error(ours, slug, arrays, **parameters):
    theirs = oracle.attention(slug, *(x.astype(np.float64) for x in arrays), **parameters)
    return np.abs(ours.numpy() - theirs).max()


def decoded(step, arrays, **parameters):
    """Decode a whole sequence, and spoil each token once the step that brought it is over."""
    state, rows = {}, []
    for i in range(arrays[0].shape[2]):
        token = [torch.from_numpy(x[:, :, i : i + 1].copy()) for x in arrays]
        rows.append(step(*token, state, **parameters).clone())
        for tensor in token:
            tensor.fill_(torch.nan)
    return torch.cat(rows, dim=2)


@pytest.mark.parametrize(("m", "n", "top_k"), [(1, 1, 1), (9, 5, 1), (7, 30, 30), (40, 25, 6)])
@pytest.mark.parametrize("attention", CHOOSING)
def test_pruning_agrees_with_numpy(attention, m, n, top_k):
    q, (_, k, v) = normal(2, 2, m, 8, seed=7), three(n)
    ours = attention(*map(torch.from_numpy, (q, k, v)), top_k=top_k)
    assert error(ours, "top-k-pruned", (q, k, v), top_k=top_k) < 2e-6


@pytest.mark.parametrize("attention", CHOOSING)
def test_pruning_to_one_key_returns_the_value_of_the_best(attention):
    q, k, v = map(torch.from_numpy, three(20))
    best = (q @ k.transpose(-1, -2)).argmax(-1)
    expected = torch.take_along_dim(v, best[..., None], dim=2)
    torch.testing.assert_close(attention(q, k, v, top_k=1), expected)


def test_gathering_in_many_chunks_changes_nothing(monkeypatch):
    q, k, v = map(torch.from_numpy, three(30))
    whole = top_k_pruned__gathered.attention(q, k, v, top_k=4)
    monkeypatch.setattr(top_k_pruned__gathered, "_CHUNK_VALUES", 1)
    torch.testing.assert_close(top_k_pruned__gathered.attention(q, k, v, top_k=4), whole)


@pytest.mark.parametrize("n", [1, 2, 127, 128, 129, 300])
@pytest.mark.parametrize("attention", TILING)
def test_tiles_agree_with_numpy(attention, n):
    arrays = three(n, batch=1)
    assert error(attention(*map(torch.from_numpy, arrays)), "flash-tiled", arrays) < 2e-6


@pytest.mark.parametrize("attention", TILING)
def test_tiles_keep_rows_whose_largest_score_comes_late(attention):
    q, k, v = (torch.from_numpy(x) for x in three(700, batch=1, heads=1))
    k = k * torch.linspace(0, 60, 700)[:, None]
    expected = dense.naive_causal(q.double(), k.double(), v.double()).float()
    torch.testing.assert_close(attention(q, k, v), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("window", "n_sink"), KEPT)
@pytest.mark.parametrize("step", DECODING)
def test_decoding_agrees_with_numpy(step, window, n_sink):
    arrays = three(40)
    ours = decoded(step, arrays, window=window, n_sink=n_sink)
    assert error(ours, "rolling-cache-decode", arrays, window=window, n_sink=n_sink) < 2e-6


@pytest.mark.parametrize("step", DECODING)
def test_sequences_in_turns_do_not_mix(step):
    one, other = three(12, seed=1), three(12, seed=5)
    states, rows = ({}, {}), ([], [])
    for i in range(12):
        for arrays, state, results in zip((one, other), states, rows, strict=True):
            token = [torch.from_numpy(x[:, :, i : i + 1]) for x in arrays]
            results.append(step(*token, state, window=3, n_sink=1))
    for arrays, results in zip((one, other), rows, strict=True):
        ours = torch.cat(results, dim=2)
        assert error(ours, "rolling-cache-decode", arrays, window=3, n_sink=1) < 2e-6


def bytes_kept(state):
    tensors = [x for x in state.values() if isinstance(x, torch.Tensor)]
    tensors += [x for kept in state.values() for x in getattr(kept, "__dict__", {}).values()]
    return sum(x.untyped_storage().nbytes() for x in tensors if isinstance(x, torch.Tensor))


@pytest.mark.parametrize("step", DECODING)
def test_a_rolling_cache_never_holds_more_than_window_and_sinks(step):
    state, token = {}, torch.zeros(1, 1, 1, 8)
    for _ in range(50):
        step(token, token, token, state, window=6, n_sink=2)
    assert bytes_kept(state) == 2 * (6 + 2) * 8 * 4


def test_decoding_with_the_whole_cache_is_causal_attention():
    arrays = three(30)
    ours = decoded(dense.full_cache, arrays, window=3, n_sink=1)
    assert error(ours, "dense-causal", arrays) < 2e-6


def test_the_whole_cache_can_be_filled_at_once_and_outgrow_its_room(monkeypatch):
    monkeypatch.setattr(dense, "_ROOM", 2)
    arrays = three(40)
    q, k, v = map(torch.from_numpy, arrays)
    state = {}
    rows = [dense.full_cache(q[:, :, 19:20], k[:, :, :20], v[:, :, :20], state)]
    rows += [
        dense.full_cache(*(x[:, :, i : i + 1] for x in (q, k, v)), state) for i in range(20, 40)
    ]
    theirs = oracle.attention("dense-causal", *(x.astype(np.float64) for x in arrays))
    assert np.abs(torch.cat(rows, dim=2).numpy() - theirs[:, :, 19:]).max() < 2e-6


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 129, 200])
@pytest.mark.parametrize("attention", FOLDING)
def test_linear_attention_agrees_with_numpy(attention, n):
    arrays = three(n, batch=1)
    assert error(attention(*map(torch.from_numpy, arrays)), "linear-attention", arrays) < 4e-6


NAMES = (
    "top_k_pruned",
    "top_k_pruned__gathered",
    "flash_tiled",
    "flash_tiled__keys_outside",
    "ring",
    "ring__gathered",
    "rolling_cache_decode",
    "rolling_cache_decode__shifted",
    "linear_attention",
    "linear_attention__all_chunks",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_reference_needs_nothing_but_torch(name):
    imported = set()
    for node in ast.walk(ast.parse(source_of(name))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported <= {"torch", "math", "typing"}
