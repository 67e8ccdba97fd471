"""How much is computed, told beside the verdict and never instead of one."""

import pytest
import torch

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import rule_of
from grader.judge.expected import chosen
from grader.judge.inputs import Inputs
from grader.judge.work import work
from tests.grader.judge.honest import naive

EXERCISE = EXERCISES["sliding-window"]
PROBE = EXERCISE.probe
PAIRS = 229_504


def measured(run):
    return work(PROBE, Inputs(EXERCISE), lambda call: rule_of(EXERCISE, call), run, lambda _: 7)


def masked(call):
    mask = chosen(call, rule_of(EXERCISE, call), torch.arange(call.m))[0, 0]
    return naive(call.q, call.k, call.v, mask)


def blockwise(call):
    parts = []
    for start in range(0, call.n, 128):
        stop, first = min(start + 128, call.n), max(0, start - 255)
        distance = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        mask = (distance >= 0) & (distance < 256)
        keys = slice(first, stop)
        parts.append(naive(call.q[:, :, start:stop], call.k[:, :, keys], call.v[:, :, keys], mask))
    return torch.cat(parts, dim=2)


def test_a_mask_that_hides_computes_all_pairs():
    found = measured(masked)
    assert (found.expected, found.touched) == (PAIRS, 1024 * 1024)
    assert found.touched / found.expected == pytest.approx(4.57, abs=0.01)


def test_skipping_blocks_computes_little_more_than_the_pattern():
    found = measured(blockwise)
    assert PAIRS < found.touched < 1.6 * PAIRS


def test_the_least_arithmetic_is_two_products_of_the_pattern():
    assert measured(blockwise).least_flops == 4 * 64 * PAIRS


def test_grouped_heads_count_each_query_head():
    exercise = EXERCISES["swa-gqa"]
    one = Draw.only(1)
    case = Case(
        n=Draw.only(200),
        heads=one,
        batch=one,
        groups=Draw.only(3),
        parameters={"window": Draw.only(20)},
    )

    def run(call):
        k, v = (t.repeat_interleave(3, dim=1) for t in (call.k, call.v))
        return naive(call.q, k, v, torch.ones(call.n, call.n).tril().bool())

    found = work(case, Inputs(exercise), lambda call: rule_of(exercise, call), run, lambda _: None)
    assert found.expected == 3 * (200 * 20 - 190)
    assert found.touched == 3 * 200 * 200
