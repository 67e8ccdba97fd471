"""Faster than arithmetic allows is for a person to look at."""

import pytest

from grader.exercises import EXERCISES
from grader.judge import bound
from grader.judge.bound import flops_per_second, least_seconds
from grader.judge.calls import rule_of
from grader.judge.inputs import Inputs
from grader.references import source_of


def test_a_machine_multiplies_at_a_rate_that_machines_have():
    assert 1e8 < flops_per_second() < 1e13


def least(slug, monkeypatch):
    monkeypatch.setattr(bound, "flops_per_second", lambda: 1e9)
    exercise = EXERCISES[slug]
    call = Inputs(exercise, seed=1).draw(exercise.probe)
    batch, heads, _, d = call.q.shape
    return least_seconds(call, rule_of(exercise, call)) * 2e9 / (4 * batch * heads * d)


def test_the_least_time_is_that_of_the_patterns_pairs(monkeypatch):
    assert least("sliding-window", monkeypatch) == pytest.approx(229_504)


def test_only_chosen_keys_count(monkeypatch):
    probe = EXERCISES["top-k-pruned"].probe
    pairs = (probe.queries or probe.n).low * probe.parameters["top_k"].low
    assert least("top-k-pruned", monkeypatch) == pytest.approx(pairs)


@pytest.mark.timing
@pytest.mark.sandbox
def test_what_is_too_fast_is_held_and_neither_passes_nor_fails(judge, monkeypatch):
    monkeypatch.setattr(bound, "flops_per_second", lambda: 1e6)
    given = judge("sliding-window", source_of("sliding_window"))
    assert not given.passed
    assert given.failure == "inconclusive"
    assert "s of CPU time" in given.held
    assert "person" in given.message
    assert [check.passed for check in given.checks if check.name == "speedup"] == [True]
