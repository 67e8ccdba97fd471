"""What torch computes, against the independent oracle in numpy."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exercises import EXERCISES
from grader.judge.calls import Call, visible
from grader.judge.expected import attend, mask_rows
from tests.grader.judge import oracle


@st.composite
def questions(draw):
    slug = draw(st.sampled_from(sorted(EXERCISES)))
    n = draw(st.integers(1, 24))
    limits = {"window": (0 if slug == "global-window" else 1, 30), "n_global": (0, n)}
    names = EXERCISES[slug].parameters
    return slug, n, {name: draw(st.integers(*limits[name])) for name in names}


@settings(deadline=None)
@given(questions())
def test_the_pattern_sees_what_the_exercise_says(question):
    slug, n, parameters = question
    mask = mask_rows(visible(EXERCISES[slug], parameters), torch.arange(n), n)
    assert np.array_equal(mask.numpy(), oracle.pairs(slug, n, **parameters))


@settings(deadline=None, max_examples=40)
@given(questions(), st.integers(0, 2**32), st.sampled_from([0.05, 1.0, 12.0]))
def test_float64_attention_agrees_with_numpy(question, seed, scale):
    slug, n, parameters = question
    generator = np.random.default_rng(seed)
    q, k, v = (generator.standard_normal((2, 2, n, 5)).astype(np.float32) for _ in range(3))
    q *= np.float32(scale)
    call = Call(*(torch.from_numpy(x) for x in (q, k, v)), parameters)
    rows = torch.arange(n)
    mask = mask_rows(visible(EXERCISES[slug], parameters), rows, n)
    ours, _ = attend(call, mask, rows, torch.float64)
    theirs = oracle.attention(slug, *(x.astype(np.float64) for x in (q, k, v)), **parameters)
    assert np.abs(ours.numpy() - theirs).max() < 1e-12


def test_chosen_rows_equal_the_same_rows_of_the_whole():
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(1, 2, 50, 8, generator=generator) for _ in range(3))
    call = Call(q, k, v, {"window": 7})
    pattern = visible(EXERCISES["sliding-window"], call.parameters)
    every, some = torch.arange(50), torch.tensor([0, 7, 8, 49])
    whole, _ = attend(call, mask_rows(pattern, every, 50), every, torch.float64)
    part, _ = attend(call, mask_rows(pattern, some, 50), some, torch.float64)
    torch.testing.assert_close(part, whole[:, :, some], rtol=1e-14, atol=1e-14)


def test_work_in_chunks_changes_nothing(monkeypatch):
    generator = torch.Generator().manual_seed(2)
    q, k, v = (torch.randn(2, 2, 30, 4, generator=generator) for _ in range(3))
    call, rows = Call(q, k, v, {}), torch.arange(30)
    mask = mask_rows(visible(EXERCISES["dense-causal"], {}), rows, 30)
    whole, largest = attend(call, mask, rows, torch.float64)
    monkeypatch.setattr("grader.judge.expected._CHUNK_SCORES", 400)
    pieces, largest_of_pieces = attend(call, mask, rows, torch.float64)
    torch.testing.assert_close(pieces, whole, rtol=1e-14, atol=1e-14)
    assert largest == pytest.approx(largest_of_pieces, rel=1e-14)
