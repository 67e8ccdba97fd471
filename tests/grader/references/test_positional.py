"""The references of positional patterns against the oracle in numpy, edges included."""

import importlib

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from tests.grader.judge import oracle

# Sizes around the references' own blocks of 64 and 128, and the smallest.
SIZES = (1, 2, 63, 65, 150)

WINDOWS = [{"window": window} for window in (1, 2, 5, 64, 65, 400)]
BLOCK_SIZES = (1, 5, 64, 400)

PARAMETERS = {
    "dense-causal": [{}],
    "first-plus-window": [{}],
    "sliding-window": WINDOWS,
    "swa-gqa": WINDOWS,
    "bidirectional-window": [{"window": window} for window in (0, 2, 6, 64, 130, 400)],
    "strided": [{"stride": stride} for stride in (1, 2, 7, 16, 149, 400)],
    "global-window": [
        {"window": window, "n_global": n_global}
        for window, n_global in ((0, 0), (0, 150), (6, 3), (64, 1), (400, 0))
    ],
    "bigbird": [{"block_size": size, "r": r} for size in BLOCK_SIZES for r in (0, 1, 5)],
    "block-sparse": [{"block_size": size, "share": s} for size in BLOCK_SIZES for s in (0, 0.2, 1)],
}

REFERENCES = {
    "dense-causal": ("dense_causal", "dense_causal__rows"),
    "first-plus-window": ("first_plus_window", "first_plus_window__blocks"),
    "sliding-window": ("sliding_window", "sliding_window__loop"),
    "swa-gqa": ("swa_gqa", "swa_gqa__folded"),
    "bidirectional-window": ("bidirectional_window", "bidirectional_window__tiles"),
    "strided": ("strided", "strided__grid"),
    "global-window": ("global_window", "global_window__batched"),
    "bigbird": ("bigbird", "bigbird__gathered"),
    "block-sparse": ("block_sparse", "block_sparse__online"),
}


def reference(name):
    return importlib.import_module(f"grader.references.{name}").attention


def cases():
    for slug, names in REFERENCES.items():
        for name in names:
            for parameters in PARAMETERS[slug]:
                words = "-".join(f"{key}{value}" for key, value in parameters.items())
                yield pytest.param(slug, name, parameters, id=f"{name}-{words}")


def arguments(slug, parameters, n, generator):
    """Return what the function is given by keyword; tensors as numpy arrays."""
    if slug == "global-window":
        return {**parameters, "n_global": min(parameters["n_global"], n)}
    if slug not in ("bigbird", "block-sparse"):
        return parameters
    size = parameters["block_size"]
    blocks = -(-n // size)
    if slug == "bigbird":
        drawn = generator.integers(0, blocks, (blocks, parameters["r"]))
        return {"block_size": size, "random_blocks": drawn}
    mask = generator.random((blocks, blocks)) < parameters["share"]
    # Every row has a tile, which need not be on the diagonal.
    mask[np.arange(blocks), generator.integers(0, blocks, blocks)] = True
    return {"block_size": size, "block_mask": mask}


def inputs(slug, n, generator):
    groups = 3 if slug == "swa-gqa" else 1
    shapes = ((1, 2 * groups, n, 8), (1, 2, n, 8), (1, 2, n, 8))
    return [generator.standard_normal(shape).astype(np.float32) for shape in shapes]


def run(name, arrays, given):
    tensors = [torch.from_numpy(array) for array in arrays]
    named = {
        key: torch.from_numpy(value) if isinstance(value, np.ndarray) else value
        for key, value in given.items()
    }
    return reference(name)(*tensors, **named)


@pytest.mark.parametrize(("slug", "name", "parameters"), list(cases()))
def test_a_reference_agrees_with_numpy(slug, name, parameters):
    generator = np.random.default_rng(7)
    for n in SIZES:
        given = arguments(slug, parameters, n, generator)
        arrays = inputs(slug, n, generator)
        ours = run(name, arrays, given).numpy()
        theirs = oracle.attention(slug, *(x.astype(np.float64) for x in arrays), **given)
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() < 3e-6, n


@pytest.mark.parametrize(("slug", "names"), REFERENCES.items())
def test_large_scores_overflow_in_no_reference(slug, names):
    generator = np.random.default_rng(1)
    given = arguments(slug, PARAMETERS[slug][-1], 130, generator)
    q, k, v = inputs(slug, 130, generator)
    for name in names:
        out = run(name, (q * 40, k, v), given)
        assert torch.isfinite(out).all()
        assert out.abs().max() <= np.abs(v).max() * (1 + 1e-5)


@pytest.mark.parametrize(("slug", "names"), REFERENCES.items())
def test_a_reference_leaves_its_inputs_alone_and_returns_new_memory(slug, names):
    generator = np.random.default_rng(2)
    given = arguments(slug, PARAMETERS[slug][0], 70, generator)
    arrays = inputs(slug, 70, generator)
    before = [array.copy() for array in arrays]
    ranges = [(x.ctypes.data, x.ctypes.data + x.nbytes) for x in arrays]
    for name in names:
        out = run(name, arrays, given)
        address = out.untyped_storage().data_ptr()
        assert not any(start <= address < stop for start, stop in ranges)
        for array, copy in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(array, copy)


def test_a_window_of_one_returns_the_values_of_the_kv_head():
    q, k, v = torch.randn(1, 6, 90, 8), torch.randn(1, 2, 90, 8), torch.randn(1, 2, 90, 8)
    for name in REFERENCES["swa-gqa"]:
        out = reference(name)(q, k, v, window=1)
        torch.testing.assert_close(out, v.repeat_interleave(3, dim=1))
    for name in REFERENCES["sliding-window"]:
        torch.testing.assert_close(reference(name)(k, k, v, window=1), v)


def test_a_block_that_is_drawn_twice_counts_once():
    q, k, v = torch.randn(1, 1, 96, 8), torch.randn(1, 1, 96, 8), torch.randn(1, 1, 96, 8)
    drawn = torch.tensor([[5], [5], [5], [0], [1], [2]])
    for name in REFERENCES["bigbird"]:
        once = reference(name)(q, k, v, block_size=16, random_blocks=drawn)
        twice = reference(name)(q, k, v, block_size=16, random_blocks=drawn.repeat(1, 3))
        torch.testing.assert_close(once, twice)


@pytest.mark.parametrize(("slug", "name", "parameters"), list(cases()))
def test_a_reference_takes_results_of_torch_in_the_layout_of_a_gpu(
    slug, name, parameters, monkeypatch
):
    """There they are a view of ``[batch, n, heads, d]``, as on no CPU."""

    def attended(*arguments, **named):
        result = scaled_dot_product_attention(*arguments, **named)
        return result.transpose(1, 2).contiguous().transpose(1, 2)

    monkeypatch.setitem(reference(name).__globals__, "scaled_dot_product_attention", attended)
    generator = np.random.default_rng(3)
    given = arguments(slug, parameters, SIZES[-1], generator)
    arrays = inputs(slug, SIZES[-1], generator)
    ours = run(name, arrays, given).numpy()
    theirs = oracle.attention(slug, *(x.astype(np.float64) for x in arrays), **given)
    assert np.abs(ours - theirs).max() < 3e-6
