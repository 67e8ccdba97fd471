"""The models and GPUs are what is published, and their units are what their names say."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest

from grader.costs import (
    A100,
    ACCELERATORS,
    GB,
    GEMMA_2_9B,
    GEMMA_3_12B,
    GIB,
    H100,
    H200,
    KIB,
    LLAMA_2_7B,
    LLAMA_3_8B,
    LLAMA_3_70B,
    MISTRAL_7B,
    MODELS,
    Accelerator,
    Model,
)


def counted(
    model: Model, width: int, hidden: int, vocabulary: int, tied: bool, norms: int, head_norms: int
) -> int:
    """Count the parameters of a decoder with gated feed-forward layers and norms without bias."""
    attention = 2 * width * model.head_dim * (model.q_heads + model.kv_heads)
    layer = attention + 3 * width * hidden + norms * width + head_norms * model.head_dim
    return model.layers * layer + width + vocabulary * width * (1 if tied else 2)


@pytest.mark.parametrize(
    ("model", "width", "hidden", "vocabulary", "tied", "norms", "head_norms"),
    [
        (LLAMA_2_7B, 4096, 11_008, 32_000, False, 2, 0),
        (LLAMA_3_8B, 4096, 14_336, 128_256, False, 2, 0),
        (LLAMA_3_70B, 8192, 28_672, 128_256, False, 2, 0),
        (MISTRAL_7B, 4096, 14_336, 32_000, False, 2, 0),
        (GEMMA_2_9B, 3584, 14_336, 256_000, True, 4, 0),
        (GEMMA_3_12B, 3840, 15_360, 262_144, True, 4, 2),
    ],
    ids=lambda value: value.name if isinstance(value, Model) else None,
)
def test_the_published_parameters_are_what_the_published_shape_adds_up_to(
    model: Model, width: int, hidden: int, vocabulary: int, tied: bool, norms: int, head_norms: int
) -> None:
    exact = counted(model, width, hidden, vocabulary, tied, norms, head_norms)
    assert float(f"{exact:.3g}") == model.parameters


def test_every_model_and_gpu_says_where_its_numbers_are_published() -> None:
    for thing in (*MODELS, *ACCELERATORS):
        assert len(thing.source) > 20
    assert len({thing.name for thing in (*MODELS, *ACCELERATORS)}) == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": 0},
        {"parameters": 0},
        {"kv_heads": 3},
        {"kv_heads": 64},
        {"local_layers": 33, "window": 4},
        {"local_layers": 1},
        {"window": 4},
    ],
)
def test_a_model_that_cannot_be_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"at least|share|local"):
        replace(LLAMA_3_8B, **changes)


def test_a_gigabyte_is_decimal_and_a_gibibyte_binary() -> None:
    assert GB == 1000**3
    assert (KIB, GIB) == (1024, 1024**3)
    assert Fraction(GIB, GB) == Fraction(1_073_741_824, 1_000_000_000)


@pytest.mark.parametrize(
    ("gpu", "memory", "bandwidth", "peak"),
    [(H200, 141e9, 4.8e12, 990e12), (H100, 80e9, 3.35e12, 990e12), (A100, 80e9, 2.04e12, 312e12)],
)
def test_a_gpu_is_told_in_decimal_units(
    gpu: Accelerator, memory: float, bandwidth: float, peak: float
) -> None:
    assert (gpu.memory, gpu.bandwidth, gpu.peak_flops) == (memory, bandwidth, peak)


def test_the_ridge_is_where_reading_and_computing_take_as_long() -> None:
    for gpu in ACCELERATORS:
        read = 1000 * gpu.bandwidth
        assert gpu.ridge * read == 1000 * gpu.peak_flops


def test_costs_load_no_torch_and_no_numpy() -> None:
    code = (
        "import sys, grader.costs;"
        "print([m for m in ('torch', 'numpy', 'pydantic', 'django') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
