"""The decision rule, by simulation: how often is it wrong, and what is certain?"""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.decision import BETWEEN_PROCESSES, LOOKS, MOST_PAIRS, decide, interval

THRESHOLD = 1.6
SERIES = 4_000

ratios_lists = st.lists(st.floats(0.01, 100), min_size=1, max_size=MOST_PAIRS)


def series(median, noise, generator):
    """Return the verdict of one simulated series of ratios and how many pairs it took."""
    ratios = []
    while len(ratios) < MOST_PAIRS:
        ratios.append(median * generator.lognormvariate(0, noise))
        met = decide(ratios, THRESHOLD)
        if met is not None:
            return met, len(ratios)
    return None, len(ratios)


def shares(median, noise=0.1, seed=1):
    generator = random.Random(seed)
    verdicts = [series(median, noise, generator)[0] for _ in range(SERIES)]
    return verdicts.count(True) / SERIES, verdicts.count(False) / SERIES


@pytest.mark.parametrize("noise", [0.01, 0.1, 0.5])
def test_exactly_at_the_threshold_each_wrong_answer_is_rarer_than_one_in_twenty(noise):
    passed, failed = shares(THRESHOLD, noise)
    assert 0.02 < passed < 0.05
    assert 0.02 < failed < 0.05


def test_five_percent_above_never_fails_and_five_below_never_passes_when_noise_is_small():
    assert shares(THRESHOLD * 1.05, noise=0.02)[1] == 0
    assert shares(THRESHOLD / 1.05, noise=0.02)[0] == 0


def test_code_thirty_percent_above_passes_even_in_much_noise():
    passed, failed = shares(THRESHOLD * 1.3, noise=0.15)
    assert passed > 0.995
    assert failed == 0


def test_clear_cases_are_settled_at_the_first_look():
    generator = random.Random(2)
    assert series(2 * THRESHOLD, 0.05, generator) == (True, LOOKS[0][0])


def test_hopeless_code_is_settled_after_five_pairs():
    assert series(0.3 * THRESHOLD, 0.05, random.Random(3)) == (False, 5)


def test_code_at_the_threshold_is_never_called_hopeless():
    generator = random.Random(4)
    counts = [series(THRESHOLD, 0.15, generator)[1] for _ in range(SERIES)]
    assert 5 not in counts


@given(ratios_lists, st.floats(0.1, 10))
def test_scaling_ratios_and_threshold_alike_changes_nothing(ratios, threshold):
    doubled = [2 * ratio for ratio in ratios]
    assert decide(doubled, 2 * threshold) == decide(ratios, threshold)


@given(ratios_lists, st.randoms())
def test_the_order_of_the_ratios_does_not_matter(ratios, generator):
    shuffled = generator.sample(ratios, len(ratios))
    assert decide(shuffled, THRESHOLD) == decide(ratios, THRESHOLD)
    assert interval(shuffled) == interval(ratios)


@given(ratios_lists)
def test_the_interval_holds_the_median(ratios):
    found = interval(ratios)
    assert found.low <= found.median <= found.high
    assert found.median == statistics.median(ratios)


@pytest.mark.parametrize(("pairs", "k"), LOOKS)
def test_the_interval_agrees_with_the_look(pairs, k):
    ratios = [float(value) for value in range(1, pairs + 1)]
    assert interval(ratios).low == pytest.approx(k, rel=BETWEEN_PROCESSES)
    assert interval(ratios).high == pytest.approx(pairs + 1 - k, rel=BETWEEN_PROCESSES)
    assert decide(ratios, k) is True
    assert decide(ratios, pairs + 1.5 - k) is False


def test_between_looks_nothing_is_decided():
    assert decide([100.0] * 14, THRESHOLD) is None
    assert decide([100.0] * 15, THRESHOLD) is True
    assert decide([0.9 * THRESHOLD] * 15, THRESHOLD) is False
