"""The judging of one submission, stage by stage; the first stage that fails ends it."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

from torch import Tensor

from grader.contract import (
    Case,
    Check,
    Correctness,
    Draw,
    Exercise,
    Failure,
    Growth,
    GrowthResult,
    Memory,
    MemoryResult,
    PairEvidence,
    Speed,
)
from grader.judge import growth as growing
from grader.judge import hints, messages
from grader.judge.calls import Call, visible
from grader.judge.correctness import FULL_ROWS, Comparison, compare, rows_to_check
from grader.judge.inputs import Inputs
from grader.judge.pairs import Pairs, probe
from grader.judge.quiet import Lock, quiet
from grader.judge.session import Answer, Candidate, Failed, Reference
from grader.judge.speed import Race, race, reference_source, speedup, verified
from grader.judge.timekeeper import Timekeeper
from sandbox.pool import Pool

# A picture of more positions than this is drawn in blocks, where one wrong pair is hard to see.
DRAWABLE_N = 96
_MIB = 1 << 20


class Wrong(Exception):  # noqa: N818  (a finding, to be explained)
    """An output is not what attention over the pattern gives."""

    def __init__(self, call: Call, output: Tensor, found: Comparison) -> None:
        super().__init__(str(call))
        self.call, self.output, self.found = call, output, found


class Trial:
    """Runs the stages; ``checks`` and ``evidence`` hold what has been found so far."""

    def __init__(
        self, exercise: Exercise, candidate: Candidate, inputs: Inputs, keeper: Timekeeper
    ) -> None:
        self._exercise, self._candidate = exercise, candidate
        self._inputs, self._keeper = inputs, keeper
        self._history: list[Call] = []
        self._worst: Comparison | None = None
        self.checks: dict[str, Check] = {}
        self.evidence: dict[str, Any] = {}

    def run(self, pool: Pool, lock: Lock) -> None:
        """Judge. Raises Failed, and for failures of ours SandboxUnavailable or others."""
        self._candidate.load()
        try:
            self._correctness()
            self._pairs()
            if self._exercise.memory:
                self._memory(self._exercise.memory)
            if self._exercise.speed:
                self._timing(self._exercise.speed, pool, lock)
        except Wrong as wrong:
            raise self._explained(wrong) from None

    # Correctness

    def _correctness(self) -> None:
        cases = self._exercise.cases
        for done, case in enumerate(cases):
            self._keeper.at("correctness", done, len(cases))
            self._checked_call(self._inputs.draw(case))

    def _checked_call(self, call: Call) -> Answer:
        answer = self._candidate.run(call)
        self._history.append(call)
        self._verify(call, answer)
        return answer

    def _verify(self, call: Call, answer: Answer) -> None:
        """Compare a result with float64, now that no clock runs. Raises Wrong."""
        with self._keeper.charging("expected"):
            rows = rows_to_check(call, self._inputs.generator)
            found = compare(call, self._bind(call), answer.output, rows)
        if self._worst is None or found.strain >= self._worst.strain:
            self._worst = found
            self.checks["correctness"] = Correctness(
                passed=found.passed, error=found.error, tolerance=found.tolerance
            )
        if not found.passed:
            raise Wrong(call, answer.output, found)

    def _bind(self, call: Call) -> Any:
        return visible(self._exercise, call.parameters)

    # Pairs

    def _pairs(self) -> None:
        self._keeper.at("pairs")

        def run(call: Call) -> Tensor:
            return self._checked_call(call).output

        picture = self._probe(self._small_case(), run)
        pairs = self._probe(self._exercise.probe, run)
        self._record(pairs, picture)
        if not (pairs.right and picture.right):
            raise self._wrong_pairs([pairs, picture], picture)

    def _probe(self, case: Case, run: Callable[[Call], Tensor]) -> Pairs:
        return probe(case, self._inputs, self._bind, run)

    def _small_case(self) -> Case:
        """Return a case that can be drawn: by convention the first one is."""
        return self._exercise.cases[0]

    def _record(self, pairs: Pairs, picture: Pairs) -> None:
        self.checks["kv_pairs"] = pairs.check()
        self.evidence["pairs"] = picture.evidence()

    def _explained(self, wrong: Wrong) -> Failed:
        """Find out by the probe whether wrong pairs make a result wrong."""
        self._keeper.at("pairs")
        probes = [self._probe(case, self._unchecked) for case in self._cases_around(wrong.call)]
        differing = [pairs for pairs in probes if not pairs.right]
        if not differing:
            self._record(probes[0], probes[-1])
            message = hints.wrong_output(
                wrong.call, self._bind(wrong.call), wrong.output, wrong.found
            )
            return Failed(Failure.WRONG_OUTPUT, message, call=wrong.call)
        drawable = [pairs for pairs in differing if pairs.n <= DRAWABLE_N]
        picture = (drawable or differing)[-1]
        self._record(differing[0], picture)
        return self._wrong_pairs(differing, picture, wrong.call)

    def _unchecked(self, call: Call) -> Tensor:
        return self._candidate.run(call).output

    def _cases_around(self, call: Call) -> list[Case]:
        """Return cases to probe: the declared one, a small one, and the wrong call's own sizes."""
        cases = [self._exercise.probe, self._small_case()]
        if call.n <= FULL_ROWS:
            parameters = {name: Draw(low=v, high=v) for name, v in call.parameters.items()}
            cases.append(Case(n=Draw(low=call.n, high=call.n), parameters=parameters))
        return cases

    def _wrong_pairs(
        self, differing: list[Pairs], picture: Pairs, call: Call | None = None
    ) -> Failed:
        first = differing[0]
        shown: PairEvidence = picture.evidence()
        message = hints.wrong_pairs(first.check(), first.n, shown, picture.pattern)
        return Failed(Failure.WRONG_PAIRS, message, call=call)

    # Memory

    def _memory(self, memory: Memory) -> None:
        self._keeper.at("memory")
        call = self._inputs.draw(memory.case)
        peak = self._checked_call(call).peak_bytes / _MIB
        if peak > memory.limit_mib:
            # Earlier calls leave the allocator holes that it may not fill: that is no need of the
            # algorithm, so the limit is broken only if a process without a past breaks it too.
            afresh = self._candidate.peak_afresh(call)
            peak = peak if afresh is None else min(peak, afresh / _MIB)
        passed = peak <= memory.limit_mib
        self.checks["memory"] = MemoryResult(
            passed=passed, peak_mib=round(peak, 1), limit_mib=memory.limit_mib
        )
        if not passed:
            message = messages.TOO_MUCH_MEMORY.format(n=call.n, peak=peak, limit=memory.limit_mib)
            raise Failed(Failure.TOO_MUCH_MEMORY, message, call=call)

    # Time

    def _timing(self, speed: Speed, pool: Pool, lock: Lock) -> None:
        self._keeper.at("timing")
        source = reference_source(self._exercise, speed)
        with closing(Reference(source, pool, self._keeper)) as reference:
            # Both arms come to the race with the same past, warm pages included.
            for call in self._history:
                reference.run(call)
            with quiet(lock, pool, self._keeper):
                self._speed(speed, reference)
                if self._exercise.growth:
                    self._growth(self._exercise.growth, reference)

    def _speed(self, speed: Speed, reference: Reference) -> None:
        arm = verified(reference, self._exercise, self._inputs)
        runner = Race(speed.case, self._inputs, self._candidate.run, arm, self._verify)
        met, ratios = race(speed, runner, self._keeper)
        check = speedup(speed, met, ratios)
        self.checks["speedup"] = check
        self.evidence["ratios"] = tuple(ratios)
        against = messages.REFERENCE_NAMES[speed.against]
        if met is None:
            message = messages.INCONCLUSIVE.format(
                threshold=speed.threshold, against=against, low=check.low, high=check.high
            )
            raise Failed(Failure.INCONCLUSIVE, message)
        if not met:
            message = messages.TOO_SLOW.format(
                ratio=check.ratio, against=against, n=speed.case.n.high, threshold=speed.threshold
            )
            raise Failed(Failure.TOO_SLOW, message)

    def _growth(self, growth: Growth, reference: Reference) -> None:
        self._keeper.at("growth")

        def run(call: Call) -> Answer:
            answer = self._candidate.run(call)
            self._verify(call, answer)
            return answer

        points = growing.measure(
            growth,
            self._inputs,
            run,
            reference.run,
            lambda done, total: self._keeper.at("growth", done, total),
        )
        slope = growing.slope(points)
        passed = slope < growth.limit
        self.checks["growth"] = GrowthResult(passed=passed, slope=slope, limit=growth.limit)
        self.evidence["growth"] = points
        if not passed:
            message = messages.GROWS.format(slope=slope, limit=growth.limit)
            raise Failed(Failure.TOO_SLOW, message)
