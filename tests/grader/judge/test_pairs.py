"""The blind probe finds every pair, and nothing about it looks like a probe."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import rule_of
from grader.judge.expected import chosen
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
    return lambda call: rule_of(EXERCISES[slug], call)


def found(slug, given_case, run, seed=None):
    return probe(given_case, Inputs(EXERCISES[slug], seed), binder(slug), run)


def masked_by(slug, call):
    return chosen(call, binder(slug)(call), torch.arange(call.m))[0, 0]


def masked(slug, variant=naive):
    def run(call):
        k, v = (one.repeat_interleave(call.groups, dim=1) for one in (call.k, call.v))
        return variant(call.q, k, v, masked_by(slug, call))

    return run


PROBED = [slug for slug, exercise in EXERCISES.items() if exercise.probe]
POSITIONAL = [slug for slug in PROBED if not (EXERCISES[slug].tensors or EXERCISES[slug].top_k)]


@pytest.mark.parametrize("slug", PROBED)
def test_at_the_declared_size_every_pair_is_found(slug):
    assert found(slug, EXERCISES[slug].probe, masked(slug, sdpa)).right


@pytest.mark.parametrize("slug", POSITIONAL)
def test_at_the_declared_size_the_count_is_exact(slug):
    probe_case = EXERCISES[slug].probe
    pairs = found(slug, probe_case, masked(slug, sdpa))
    parameters = {name: draw.low for name, draw in probe_case.parameters.items()}
    n = probe_case.n.low
    assert pairs.check().attended == int(oracle.pairs(slug, n, **parameters).sum())


def test_the_largest_scores_are_found_as_such():
    pairs = found("top-k-pruned", EXERCISES["top-k-pruned"].probe, masked("top-k-pruned"))
    assert not pairs.expected.all()
    assert len(pairs.evidence().chosen) == min(4_000, pairs.check().expected)


def test_of_several_query_heads_the_one_that_strays_is_told():
    groups = (
        EXERCISES["swa-gqa"]
        .cases[0]
        .model_copy(update={"groups": fixed(3), "n": fixed(30), "parameters": {"window": fixed(5)}})
    )

    def run(call):
        output = masked("swa-gqa")(call)
        k, v = (one.repeat_interleave(3, dim=1) for one in (call.k, call.v))
        output[:, 1] = naive(call.q, k, v, torch.ones(30, 30).bool().tril())[:, 1]
        return output

    assert found("swa-gqa", groups, run).check().extra == 30 * 31 // 2 - (5 * 30 - 10)


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
        mask = masked_by("dense-causal", call)
        return naive(call.q * factor, call.k, call.v, mask)

    assert found("dense-causal", case(1024), run).right


def test_bfloat16_is_not_taken_for_wrong_pairs():
    def run(call):
        mask = masked_by("sliding-window", call)
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
