"""Is the submission fast enough? Paired timing by a clock that the learner's code cannot reach.

Both arms run in sandboxes of the same kind, with the same history of calls, on the same fresh
inputs, in random order. What counts is the CPU time of the whole process tree, read from outside;
on a GPU the host's monotonic clock, from before the inputs are revealed to the copied output.
"""

import secrets
import statistics
from abc import ABC, abstractmethod
from collections.abc import Callable

import torch

from grader.contract import Case, Exercise, Speed, Speedup
from grader.judge.calls import Call, Rule, visible
from grader.judge.correctness import compare, rows_to_check
from grader.judge.decision import LOOKS, MOST_PAIRS, Interval, decide, interval
from grader.judge.findings import Answer, BrokenReferenceError, Told
from grader.judge.inputs import Inputs
from grader.judge.session import Reference, Source, arrays
from grader.patterns import parse
from grader.references import source_of
from sandbox.buffers import SealedInputs
from sandbox.placing import starting_together

Run = Callable[[Call, SealedInputs], Answer]
Verify = Callable[[Call, Answer], None]

#: How much n may fall short of the timed one, so that no two calls need be of the same shape.
JITTER = 32
#: A clock that has not moved is taken to show this much.
LEAST_SECONDS = 1e-9
_WARM_PAIRS = 2
_SERIES = 2
_CAUSALITY_PROBE_N = 64


class Series(ABC):
    """Ratios that are taken one by one until one of the ``looks`` decides."""

    looks: tuple[tuple[int, int], ...] = LOOKS

    @abstractmethod
    def pair(self) -> float:
        """Time once more, on fresh inputs; return the ratio that is to reach the threshold."""

    @abstractmethod
    def forget(self) -> None:
        """Leave out what was timed so far."""

    def warm_up(self) -> None:
        """Let all arms touch their pages; to the arms these are calls like any other."""
        for _ in range(_WARM_PAIRS):
            self.pair()
        self.forget()

    def ratios(self, threshold: float, told: Told) -> list[float]:
        """Return the ratios up to the look that decides, or all of them, and forget others."""
        self.forget()
        ratios: list[float] = []
        while len(ratios) < MOST_PAIRS:
            ratios.append(self.pair())
            told(len(ratios), MOST_PAIRS)
            if decide(ratios, threshold, self.looks) is not None:
                break
        return ratios


class Race(Series):
    """Two arms that are timed on the same work. ``seconds`` and ``peaks`` are the candidate's."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.reference_seconds: list[float] = []
        self.peaks: list[int] = []

    def pair(self) -> float:
        """Time both arms on fresh inputs; return reference seconds / candidate seconds."""
        with starting_together():
            candidate, reference = self._timed(reference_first=bool(secrets.randbits(1)))
        self.seconds.append(candidate.seconds)
        self.reference_seconds.append(reference.seconds)
        self.peaks.append(candidate.peak_bytes)
        return reference.seconds / max(candidate.seconds, LEAST_SECONDS)

    @abstractmethod
    def _timed(self, *, reference_first: bool) -> tuple[Answer, Answer]:
        """Return the candidate's answer, verified, and the reference's."""

    def forget(self) -> None:
        """Leave out what was timed so far."""
        self.seconds.clear()
        self.reference_seconds.clear()
        self.peaks.clear()


class CallRace(Race):
    """Both arms get the same calls. ``case`` is timed as it is: pin it first."""

    def __init__(
        self, case: Case, inputs: Inputs, candidate: Run, reference: Run, verify: Verify
    ) -> None:
        super().__init__()
        self.case, self._inputs = case, inputs
        self._candidate, self._reference, self._verify = candidate, reference, verify

    def _timed(self, *, reference_first: bool) -> tuple[Answer, Answer]:
        call = self._inputs.draw(self.case)
        with SealedInputs(arrays(call)) as inputs:
            if reference_first:
                reference = self._reference(call, inputs)
                candidate = self._candidate(call, inputs)
            else:
                candidate = self._candidate(call, inputs)
                reference = self._reference(call, inputs)
        self._verify(call, candidate)
        return candidate, reference

    def candidate_alone(self, case: Case) -> float:
        """Return the seconds of one more call of the candidate, verified like any other."""
        call, answer = self._alone(self._candidate, case)
        self._verify(call, answer)
        return answer.seconds

    def reference_alone(self, case: Case) -> float:
        """Return the seconds of one more call of the reference, no candidate beside it."""
        return self._alone(self._reference, case)[1].seconds

    def _alone(self, arm: Run, case: Case) -> tuple[Call, Answer]:
        call = self._inputs.draw(case)
        with SealedInputs(arrays(call)) as inputs:
            return call, arm(call, inputs)


def run_race(threshold: float, race: Series, told: Told) -> tuple[bool | None, list[float]]:
    """Return whether the threshold is met (None: too noisy, even again) and the last ratios."""
    race.warm_up()
    ratios: list[float] = []
    for _ in range(_SERIES):
        ratios = race.ratios(threshold, told)
        met = decide(ratios, threshold, race.looks)
        if met is not None:
            return met, ratios
    return None, ratios


def speedup(speed: Speed, met: bool | None, ratios: list[float]) -> Speedup:
    """Return the check of a finished race."""
    found: Interval = interval(ratios)
    return Speedup(
        passed=met is True,
        against=speed.against,
        ratio=found.median,
        low=found.low,
        high=found.high,
        threshold=speed.threshold,
        pairs=len(ratios),
    )


def median_seconds(race: Race) -> float:
    """Return the candidate's median seconds of one timed call, by the clock that counts."""
    return statistics.median(race.seconds)


def reference_source(exercise: Exercise, speed: Speed) -> Source:
    """Return the dense arm: causal where the pattern is."""
    function = speed.against
    if function != "full_cache":
        function += "_causal" if is_causal(exercise, speed.case) else "_full"  # type: ignore[assignment]
    fourth = "state" if exercise.form == "decode" else ""
    return Source(
        source_of("dense"), function, exercise.parameters, exercise.tensors, fourth=fourth
    )


def is_causal(exercise: Exercise, case: Case) -> bool:
    """Say whether no query sees a later key."""
    pattern = visible(exercise, {name: draw.low for name, draw in case.parameters.items()})
    n = min(_CAUSALITY_PROBE_N, case.n.low)
    return all(pattern.keys(row, n)[-1:] <= [row] for row in range(n))


def verified(reference: Reference, exercise: Exercise, speed: Speed, inputs: Inputs) -> Run:
    """Wrap the reference's calls: its first result is compared with dense float64."""
    name = "causal" if is_causal(exercise, speed.case) else "all"
    unchecked = True

    def run(call: Call, sealed: SealedInputs) -> Answer:
        nonlocal unchecked
        answer = reference.run(call, sealed)
        if unchecked:
            unchecked = False
            must_be_dense(Rule(parse(name)), call, answer, rows_to_check(call, inputs.generator))
        return answer

    return run


def must_be_dense(rule: Rule, call: Call, answer: Answer, rows: torch.Tensor) -> None:
    """Raise BrokenReferenceError where a dense arm did not compute what it should."""
    if not compare(call, rule, answer.output, rows).passed:
        raise BrokenReferenceError("the dense reference is wrong")
