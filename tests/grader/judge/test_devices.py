"""What a device changes in the judge: which jobs it takes, the sizes, the clock."""

import base64
import contextlib

import pytest
import torch

from grader.contract import GradingJob
from grader.exercises import EXERCISES
from grader.judge import grade
from grader.judge.alone import must_leave_alone
from grader.judge.findings import Answer, Failed
from grader.judge.inputs import Inputs
from grader.judge.sizes import LONGER_ON_GPU, for_device
from grader.judge.speed import CallRace, Race, median_seconds
from sandbox.limits import Limits

TIMED = [
    slug for slug, exercise in EXERCISES.items() if exercise.speed and exercise.form == "attention"
]


class OtherPool:
    """A pool that nothing may be taken from."""

    def __init__(self, device):
        self.device = device

    def take(self):
        raise AssertionError("a process was taken for a job of another device")


@pytest.mark.parametrize(("ours", "theirs"), [("cpu", "cuda"), ("cuda", "cpu")])
def test_a_job_for_another_device_is_our_failure_and_says_so(ours, theirs):
    job = GradingJob(
        job="1",
        token="t" * 32,
        source_base64=base64.b64encode(b"def attention(q, k, v): return q").decode(),
        exercise=EXERCISES["dense-causal"],
        device=theirs,
    )
    given = grade(job, OtherPool(ours), progress=lambda *_: None, lock=contextlib.nullcontext)
    assert given.failure == "unavailable"
    assert f"does not grade on {theirs}" in given.message
    assert given.device == theirs


@pytest.mark.parametrize("slug", EXERCISES)
def test_on_a_cpu_an_exercise_stays_as_it_is_declared(slug):
    assert for_device(EXERCISES[slug], "cpu") is EXERCISES[slug]


@pytest.mark.parametrize("slug", TIMED)
def test_on_a_gpu_what_is_timed_is_longer(slug):
    here, there = EXERCISES[slug], for_device(EXERCISES[slug], "cuda")
    times = 8 if here.speed.against == "naive" else LONGER_ON_GPU
    assert there.speed.case.n.low == times * here.speed.case.n.low
    assert there.speed.threshold == here.speed.threshold
    assert there.cases == here.cases


def test_on_a_gpu_all_scores_of_what_the_naive_arm_is_given_fit_on_the_device():
    exercise = for_device(EXERCISES["flash-tiled"], "cuda")
    for case in (exercise.speed.case, exercise.memory.case):
        scores = 4 * case.n.high**2 * case.batch.high * case.heads.high
        # Scores, what softmax makes of them, and a mask of a byte each.
        assert 2.25 * scores < Limits(device="cuda").device_memory_bytes


def test_an_exercise_is_not_judged_on_a_device_whose_bounds_are_not_known():
    job = GradingJob(
        job="1",
        token="t" * 32,
        source_base64=base64.b64encode(b"def attention(q, k, v, window): return q").decode(),
        exercise=EXERCISES["swa-gqa"],
        device="cuda",
    )
    given = grade(job, OtherPool("cuda"), progress=lambda *_: None, lock=contextlib.nullcontext)
    assert given.failure == "unavailable"
    assert "this exercise is not graded on cuda" in given.message


def test_on_a_gpu_growth_is_told_over_a_shorter_way_under_the_same_limit():
    here, there = (for_device(EXERCISES["strided"], one).growth for one in ("cpu", "cuda"))
    assert here is there is None
    here, there = (for_device(EXERCISES["sliding-window"], one).growth for one in ("cpu", "cuda"))
    assert there.times < here.times
    assert there.limit == here.limit


def test_on_a_gpu_decoding_is_timed_after_as_many_tokens():
    assert (
        for_device(EXERCISES["rolling-cache-decode"], "cuda") == EXERCISES["rolling-cache-decode"]
    )


def test_on_a_gpu_a_bound_on_memory_grows_with_its_size():
    here, there = (for_device(EXERCISES["sliding-window"], one).memory for one in ("cpu", "cuda"))
    assert there.case.n.high == LONGER_ON_GPU * here.case.n.high
    assert there.limit_mib == LONGER_ON_GPU * here.limit_mib


class Told(Race):
    """A race whose arms took what they are said to."""

    def _timed(self, *, reference_first):
        nothing = torch.zeros(1)
        return Answer(nothing, 2.0, 9.0, 0), Answer(nothing, 6.0, 9.0, 0)


def test_a_ratio_is_of_the_clock_that_counts():
    race = Told()
    assert race.pair() == 3.0
    assert median_seconds(race) == 2.0


CASE = EXERCISES["dense-causal"].cases[0]


def race_slowed_by(factor):
    """A race whose reference takes that much longer while the candidate lives."""
    alive = [True]

    def candidate(call, inputs):
        return Answer(call.q, 1.0, 1.0, 0)

    def reference(call, inputs):
        return Answer(call.q, 3.0 * (factor if alive[0] else 1.0), 1.0, 0)

    inputs = Inputs(EXERCISES["dense-causal"])
    race = CallRace(CASE, inputs, candidate, reference, lambda *_: None)
    for _ in range(3):
        race.pair()
    return race, alive


def test_what_slows_the_reference_beside_it_is_held_for_a_person():
    race, alive = race_slowed_by(1.5)
    with pytest.raises(Failed) as told:
        must_leave_alone(race, lambda: alive.__setitem__(0, False))
    assert told.value.failure == "inconclusive"
    assert "4.5 s beside the submission and 3 s alone" in told.value.held


def test_a_reference_that_is_a_little_slower_beside_it_is_noise():
    race, alive = race_slowed_by(1.05)
    must_leave_alone(race, lambda: alive.__setitem__(0, False))
    assert not alive[0]
