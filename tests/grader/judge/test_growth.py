"""Growth is told from long calls beside the pairs of a race, however the machine changes pace."""

import random

import pytest
import torch

from grader.contract import Draw, Growth
from grader.exercises import EXERCISES
from grader.judge.decision import interval
from grader.judge.findings import Answer
from grader.judge.growth import GrowthRace
from grader.judge.inputs import Inputs
from grader.judge.speed import CallRace, run_race

EXERCISE = EXERCISES["first-plus-window"]
SHORT = 64
GROWTH = Growth(limit=1.65)


class Machine:
    """Arms that take what a formula says, on a machine whose pace changes from pair to pair."""

    def __init__(self, candidate, noise=0.0, seed=1):
        self.formula, self.noise = candidate, random.Random(seed)
        self.spread, self.pace = noise, 1.0

    def answer(self, call, seconds):
        seconds *= self.pace * self.noise.lognormvariate(0, self.spread)
        return Answer(torch.zeros(1), seconds, seconds, 0)

    def candidate(self, call, _inputs):
        return self.answer(call, self.formula(call.n))

    def reference(self, call, _inputs):
        return self.answer(call, (call.n / SHORT) ** 2)


def raced(machine):
    """Run the race as the judge does; return the race and the speed shown."""
    inputs = Inputs(EXERCISE, seed=3)
    case = inputs.pinned(
        EXERCISE.cases[0].model_copy(update={"n": Draw.only(SHORT), "d": Draw.only(1)})
    )
    race = CallRace(case, inputs, machine.candidate, machine.reference, lambda *_: None)
    ratios = run_race(1.6, race, lambda *_: None)[1]
    return race, interval(ratios).low, inputs


def growth_of(machine, slower_later=1.0):
    race, shown, inputs = raced(machine)
    machine.pace = slower_later
    longer = GrowthRace(GROWTH, race, shown, inputs)
    return run_race(1.0, longer, lambda *_: None)[0], longer


def power(exponent):
    return lambda n: 0.1 * (n / SHORT) ** exponent


@pytest.mark.parametrize(("exponent", "met"), [(1.0, True), (1.3, True), (2.0, False)])
def test_the_slope_is_the_exponent_and_decides(exponent, met):
    found, longer = growth_of(Machine(power(exponent)))
    assert found is met
    assert longer.slope == pytest.approx(exponent, abs=0.02)


@pytest.mark.parametrize("pace", [0.5, 1.0, 2.5])
def test_a_machine_that_changes_pace_after_the_race_changes_nothing(pace):
    assert growth_of(Machine(power(1.0)), slower_later=pace)[0] is True
    assert growth_of(Machine(power(2.0)), slower_later=pace)[0] is False


@pytest.mark.parametrize(("exponent", "met"), [(1.0, True), (2.0, False)])
def test_noise_flips_no_verdict(exponent, met):
    machines = [Machine(power(exponent), noise=0.15, seed=seed) for seed in range(50)]
    assert [growth_of(machine)[0] for machine in machines] == [met] * 50


def test_time_burnt_at_the_timed_size_after_the_race_does_not_hide_growth():
    machine = Machine(power(2.0))
    race, shown, inputs = raced(machine)
    machine.formula = lambda n: 0.5 if n < 2 * SHORT else power(2.0)(n)
    longer = GrowthRace(GROWTH, race, shown, inputs)
    assert run_race(1.0, longer, lambda *_: None)[0] is False
    assert longer.slope == pytest.approx(2.0, abs=0.02)


def test_growth_at_the_limit_is_not_settled_in_noise_by_the_early_look_alone():
    machines = [Machine(power(1.65), noise=0.1, seed=seed) for seed in range(40)]
    found = [growth_of(machine)[0] for machine in machines]
    assert found.count(None) > 20


def test_the_plot_has_three_sizes_and_the_dense_arm_where_it_is_cheap():
    _, longer = growth_of(Machine(power(1.0)))
    half, timed, long = longer.points()
    assert (half.n, timed.n) == (SHORT // 2, SHORT)
    assert 3.8 * SHORT <= long.n <= 4.2 * SHORT
    assert half.reference_seconds == pytest.approx(0.25)
    assert timed.reference_seconds == pytest.approx(1.0)
    assert long.reference_seconds is None
