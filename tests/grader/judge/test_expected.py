"""What torch computes, against the independent oracle in numpy."""

import numpy as np
import pytest
import torch

from grader.contract import Draw
from grader.exercises import EXERCISES
from grader.judge.calls import Call, given, rule_of
from grader.judge.expected import attend, mask_rows
from grader.judge.inputs import Inputs
from tests.grader.judge import oracle


def small(case):
    """Return the case with so few positions that a loop in Python can follow."""
    few = min(case.n.high, 40)
    shrunk = {"n": Draw(low=min(case.n.low, few), high=few)}
    if case.queries:
        queries = min(case.queries.high, few)
        shrunk["queries"] = Draw(low=min(case.queries.low, queries), high=queries)
    return case.model_copy(update=shrunk)


CASES = [
    pytest.param(slug, case, id=f"{slug}-{number}")
    for slug, exercise in EXERCISES.items()
    for number, case in enumerate(exercise.cases)
]


@pytest.mark.parametrize(("slug", "case"), CASES)
@pytest.mark.parametrize("seed", [1, 2])
def test_float64_attention_agrees_with_numpy(slug, case, seed):
    exercise = EXERCISES[slug]
    call = Inputs(exercise, seed).draw(small(case))
    rows = torch.arange(call.m)
    ours, _ = attend(call, rule_of(exercise, call), rows, torch.float64)
    arguments = {**given(exercise, call), **{k: t.numpy() for k, t in call.tensors.items()}}
    q, k, v = (one.double().numpy() for one in (call.q, call.k, call.v))
    theirs = oracle.attention(slug, q, k, v, **arguments)
    assert np.abs(ours.numpy() - theirs).max() < 1e-11


@pytest.mark.parametrize(("slug", "case"), CASES)
def test_the_pattern_sees_what_the_exercise_says(slug, case):
    exercise = EXERCISES[slug]
    call = Inputs(exercise, 3).draw(small(case))
    mask = mask_rows(rule_of(exercise, call).pattern, torch.arange(call.n), call.n)
    arguments = {**given(exercise, call), **{k: t.numpy() for k, t in call.tensors.items()}}
    assert np.array_equal(mask.numpy(), oracle.pairs(slug, call.n, **arguments))


def test_every_exercise_of_the_contract_is_there():
    assert len(EXERCISES) == 14


def test_chosen_rows_equal_the_same_rows_of_the_whole():
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(1, 2, 50, 8, generator=generator) for _ in range(3))
    call = Call(q, k, v, {"window": 7})
    rule = rule_of(EXERCISES["sliding-window"], call)
    every, some = torch.arange(50), torch.tensor([0, 7, 8, 49])
    whole, _ = attend(call, rule, every, torch.float64)
    part, _ = attend(call, rule, some, torch.float64)
    torch.testing.assert_close(part, whole[:, :, some], rtol=1e-14, atol=1e-14)


def test_work_in_chunks_changes_nothing(monkeypatch):
    generator = torch.Generator().manual_seed(2)
    q, k, v = (torch.randn(2, 2, 30, 4, generator=generator) for _ in range(3))
    call, rows = Call(q, k, v, {}), torch.arange(30)
    rule = rule_of(EXERCISES["dense-causal"], call)
    whole, largest = attend(call, rule, rows, torch.float64)
    monkeypatch.setattr("grader.judge.expected._CHUNK_SCORES", 400)
    pieces, largest_of_pieces = attend(call, rule, rows, torch.float64)
    torch.testing.assert_close(pieces, whole, rtol=1e-14, atol=1e-14)
    assert largest == pytest.approx(largest_of_pieces, rel=1e-14)
