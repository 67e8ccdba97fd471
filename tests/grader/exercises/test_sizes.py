"""Where something is checked at length, the pattern is far from dense: being dense cannot pass."""

import itertools

import pytest

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible

#: Exact attention over all pairs, or over all that a causal mask leaves: nothing to skip.
DENSE = {"dense-causal", "flash-tiled", "ring", "linear-attention", "top-k-pruned"}


def ends(draw: Draw) -> set[int]:
    return {draw.low, draw.high}


def corners(case: Case):
    names = list(case.parameters)
    for values in itertools.product(*(ends(case.parameters[name]) for name in names)):
        for n in ends(case.n):
            yield n, dict(zip(names, values, strict=True))


def costly_cases(exercise):
    bounds = (exercise.speed, exercise.memory, exercise.steady)
    return [exercise.probe, *(bound.case for bound in bounds if bound)]


@pytest.mark.parametrize("slug", sorted(set(EXERCISES) - DENSE))
def test_no_size_that_is_probed_or_timed_is_nearly_dense(slug):
    exercise = EXERCISES[slug]
    for case in costly_cases(exercise):
        for n, parameters in corners(case):
            if exercise.form == "decode":
                n = max(n, exercise.speed.filled)
            dense = n * (n + 1) // 2 if "causal" in exercise.pattern else n * n
            assert visible(exercise, parameters).count(n) < dense / 2, (n, parameters)


@pytest.mark.parametrize("slug", [slug for slug, one in EXERCISES.items() if one.speed])
def test_what_is_timed_is_drawn(slug):
    exercise = EXERCISES[slug]
    timed = exercise.speed.case
    assert timed.n.low < timed.n.high
    assert timed.batch.high * timed.heads.high <= 2


@pytest.mark.parametrize("slug", EXERCISES)
def test_lengths_divisible_by_nothing_are_among_the_cases(slug):
    assert any(case.n.high - case.n.low >= 20 for case in EXERCISES[slug].cases)
