"""Is the submission fast enough? Paired timing by a clock that the learner's code cannot reach.

Both arms run in sandboxes of the same kind, with the same history of calls, on the same fresh
inputs, in random order. What counts is the CPU time of the whole process tree, read from outside.
"""

import secrets
from collections.abc import Callable

import torch

from grader.contract import Case, Exercise, Speed, Speedup
from grader.judge.calls import Call, visible
from grader.judge.correctness import compare, rows_to_check
from grader.judge.decision import MOST_PAIRS, Interval, decide, interval
from grader.judge.inputs import Inputs
from grader.judge.session import Answer, BrokenReferenceError, Reference, Source, arrays
from grader.judge.timekeeper import Timekeeper
from grader.references import source_of
from sandbox.buffers import SealedInputs

Run = Callable[[Call, SealedInputs], Answer]
Verify = Callable[[Call, Answer], None]

_WARM_PAIRS = 2
_SERIES = 2
_CAUSALITY_PROBE_N = 64


class Race:
    """Two arms that are timed on the same calls."""

    def __init__(
        self, case: Case, inputs: Inputs, candidate: Run, reference: Run, verify: Verify
    ) -> None:
        self._case, self._inputs = case, inputs
        self._candidate, self._reference, self._verify = candidate, reference, verify

    def pair(self) -> float:
        """Time both arms on one fresh call; return reference seconds / candidate seconds."""
        call = self._inputs.draw(self._case)
        with SealedInputs(arrays(call)) as inputs:
            if secrets.randbits(1):
                reference = self._reference(call, inputs)
                candidate = self._candidate(call, inputs)
            else:
                candidate = self._candidate(call, inputs)
                reference = self._reference(call, inputs)
        self._verify(call, candidate)
        return reference.cpu_seconds / max(candidate.cpu_seconds, 1e-9)

    def warm_up(self) -> None:
        """Let both arms touch their pages; to the arms these are calls like any other."""
        for _ in range(_WARM_PAIRS):
            self.pair()

    def series(self, threshold: float, told: Callable[[int, int], None]) -> list[float]:
        """Return the ratios up to the look that decides, or all of them."""
        ratios: list[float] = []
        while len(ratios) < MOST_PAIRS:
            ratios.append(self.pair())
            told(len(ratios), MOST_PAIRS)
            if decide(ratios, threshold) is not None:
                break
        return ratios


def race(speed: Speed, runner: Race, keeper: Timekeeper) -> tuple[bool | None, list[float]]:
    """Return whether the threshold is met (None: too noisy, even again) and the last ratios."""
    runner.warm_up()
    ratios: list[float] = []
    for _ in range(_SERIES):
        ratios = runner.series(
            speed.threshold, lambda done, total: keeper.at("timing", done, total)
        )
        met = decide(ratios, speed.threshold)
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


def reference_source(exercise: Exercise, speed: Speed) -> Source:
    """Return the dense arm: causal where the pattern is."""
    kind = "causal" if is_causal(exercise, speed.case) else "full"
    return Source(source_of("dense"), f"{speed.against}_{kind}", exercise.parameters)


def is_causal(exercise: Exercise, case: Case) -> bool:
    """Say whether no query sees a later key."""
    pattern = visible(exercise, {name: draw.low for name, draw in case.parameters.items()})
    n = min(_CAUSALITY_PROBE_N, case.n.low)
    index = torch.arange(n)
    seen = pattern.sees(index[:, None], index[None, :], n)
    return not bool(torch.as_tensor(seen).expand(n, n).triu(1).any())


def verified(reference: Reference, exercise: Exercise, inputs: Inputs) -> Run:
    """Wrap the reference's calls: its first result is compared with dense float64."""
    unchecked = True

    def run(call: Call, sealed: SealedInputs) -> Answer:
        nonlocal unchecked
        answer = reference.run(call, sealed)
        if unchecked:
            unchecked = False
            name = "causal" if is_causal(exercise, _case_of(exercise)) else "all"
            rows = rows_to_check(call, inputs.generator)
            dense = visible(exercise.model_copy(update={"pattern": name}), {})
            if not compare(call, dense, answer.output, rows).passed:
                raise BrokenReferenceError("the dense reference is wrong")
        return answer

    return run


def _case_of(exercise: Exercise) -> Case:
    assert exercise.speed is not None
    return exercise.speed.case
