"""The blind probe finds every pair, and nothing about it looks like a probe."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible
from grader.judge.expected import mask_rows
from grader.judge.inputs import Inputs
from grader.judge.pairs import probe
from tests.grader.judge import oracle
from tests.grader.judge.honest import VARIANTS, naive, sdpa


def fixed(value):
    return Draw(low=value, high=value)


def case(n, d=64, **parameters):
    bound = {name: fixed(value) for name, value in parameters.items()}
    return Case(n=fixed(n), d=fixed(d), parameters=bound)


def binder(slug):
    return lambda call: visible(EXERCISES[slug], call.parameters)


def found(slug, given_case, run, seed=None):
    return probe(given_case, Inputs(EXERCISES[slug], seed), binder(slug), run)


def masked(slug, variant=naive):
    def run(call):
        mask = mask_rows(binder(slug)(call), torch.arange(call.n), call.n)
        return variant(call.q, call.k, call.v, mask)

    return run


@pytest.mark.parametrize("slug", EXERCISES)
def test_at_the_declared_size_the_count_is_exact(slug):
    pairs = found(slug, EXERCISES[slug].probe, masked(slug, sdpa))
    assert pairs.right
    parameters = {name: draw.low for name, draw in EXERCISES[slug].probe.parameters.items()}
    assert pairs.check().attended == int(oracle.pairs(slug, 1024, **parameters).sum())


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 90), st.integers(1, 100), st.integers(1, 80), st.integers(0, 2**40))
def test_any_size_and_width_works(n, window, d, seed):
    pairs = found("sliding-window", case(n, d, window=window), masked("sliding-window"), seed)
    assert pairs.right


@settings(deadline=None, max_examples=40)
@given(st.data(), st.integers(4, 80), st.integers(0, 2**40))
def test_single_wrong_pairs_are_named(data, n, seed):
    index = st.integers(0, n - 1)
    flips = data.draw(st.sets(st.tuples(st.integers(1, n - 1), index), min_size=1, max_size=5))

    mask = torch.ones(n, n, dtype=torch.bool).tril()
    for i, j in flips:
        mask[i, j] = ~mask[i, j]
    # A query that sees no key gives NaN, which tells nothing of pairs.
    assume(bool(mask.any(dim=1).all()))

    def run(call):
        return naive(call.q, call.k, call.v, mask)

    pairs = found("dense-causal", case(n), run, seed)
    evidence = pairs.evidence()
    assert set(evidence.extra) | set(evidence.missing) == flips
    assert all(j > i for i, j in evidence.extra)
    assert all(j <= i for i, j in evidence.missing)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_how_it_is_computed_does_not_matter(variant):
    assert found("dense-causal", case(200), masked("dense-causal", variant)).right


@pytest.mark.parametrize("factor", [8.0, 1 / 8])
def test_a_wrong_scale_is_not_taken_for_wrong_pairs(factor):
    def run(call):
        mask = mask_rows(binder("dense-causal")(call), torch.arange(call.n), call.n)
        return naive(call.q * factor, call.k, call.v, mask)

    assert found("dense-causal", case(1024), run).right


def test_bfloat16_is_not_taken_for_wrong_pairs():
    def run(call):
        mask = mask_rows(binder("sliding-window")(call), torch.arange(call.n), call.n)
        return naive(call.q.bfloat16(), call.k.bfloat16(), call.v.bfloat16(), mask).float()

    assert found("sliding-window", case(700, window=100), run).right


def test_rows_of_nan_say_nothing_of_pairs():
    def run(call):
        output = masked("dense-causal")(call)
        output[:, :, 7] = float("nan")
        return output

    assert found("dense-causal", case(40), run).right


def test_a_result_of_zeros_attends_to_nothing():
    pairs = found("dense-causal", case(40), lambda call: torch.zeros_like(call.q))
    assert pairs.check().attended == 0
    assert pairs.check().missing == 40 * 41 // 2


def test_no_more_pairs_are_listed_than_a_verdict_carries():
    pairs = found("sliding-window", case(300, window=1), masked("dense-causal"))
    assert pairs.check().extra > 4_000
    assert len(pairs.evidence().extra) == 4_000


def test_no_number_of_one_call_comes_back_in_another():
    calls = []

    def run(call):
        calls.append(call)
        return masked("sliding-window")(call)

    found("sliding-window", case(256, window=20), run)
    norms = [call.q.norm(dim=-1).flatten() for call in calls]
    assert len(calls) == 4
    assert not torch.allclose(norms[0], norms[1], rtol=0.01)


def test_the_probes_values_have_the_deviation_of_ordinary_ones():
    calls = []

    def run(call):
        calls.append(call)
        return masked("sliding-window")(call)

    found("sliding-window", case(256, window=20), run)
    for call in calls:
        assert call.v.std().item() == pytest.approx(1.0, abs=0.05)
        assert call.k.std().item() == pytest.approx(1.0, abs=0.15)
        assert call.v.mean().item() == pytest.approx(0.0, abs=0.05)
