"""What a right submission costs: memory, traffic, time, and how time grows."""

from contextlib import AbstractContextManager, closing, nullcontext
from statistics import median
from typing import cast

from grader.contract import (
    Failure,
    Growth,
    GrowthResult,
    Memory,
    MemoryResult,
    Speed,
    Speedup,
    Steady,
    SteadyResult,
    Traffic,
    TrafficResult,
)
from grader.judge import messages
from grader.judge.alone import must_leave_alone
from grader.judge.bound import least_seconds
from grader.judge.calls import Call
from grader.judge.candidate import DecodeCandidate
from grader.judge.decoding import DecodeRace
from grader.judge.examination import Examination, Wrong
from grader.judge.findings import Failed
from grader.judge.growth import GrowthRace
from grader.judge.quiet import Lock, quiet
from grader.judge.session import Reference
from grader.judge.speed import (
    JITTER,
    CallRace,
    Race,
    median_seconds,
    reference_source,
    run_race,
    speedup,
    verified,
)
from grader.judge.work import work
from sandbox.pool import Pool

_MIB = 1 << 20
#: Explaining how much is computed is left out when the time that a file may take is nearly over.
_SECONDS_TO_EXPLAIN = 15.0
#: Tiles waste a part of what they compute: less than this is not worth a word.
_WORTH_TELLING = 1.5
#: What holes in the allocator's memory may add to a peak, as a factor.
_HOLES = 1.5
#: Beyond this factor nobody looks whether it may be holes.
_MOST_HOLES = 3.0


class Costs:
    """Runs the stages that come after a submission was found right."""

    def __init__(self, examination: Examination, pool: Pool, lock: Lock) -> None:
        self._at, self._pool, self._lock = examination, pool, lock
        self._exercise = examination.exercise
        self._keeper = examination.keeper
        self._checks = examination.findings.checks
        self._evidence = examination.findings.evidence

    def run(self) -> None:
        """Judge every cost that the exercise bounds. Raises Failed, Wrong."""
        try:
            self._bounded()
        except Failed as failed:
            if failed.failure in (Failure.TOO_SLOW, Failure.TOO_MUCH_MEMORY):
                failed.message = messages.clip(failed.message + self._explain_work())
            raise
        self._explain_work()

    def _bounded(self) -> None:
        if self._exercise.traffic:
            self._traffic(self._exercise.traffic)
        if self._exercise.steady:
            with self._memory_to_itself():
                self._steady(self._exercise.steady)
        if self._exercise.memory:
            with self._memory_to_itself():
                self._memory(self._exercise.memory)
        if self._exercise.speed:
            self._timing(self._exercise.speed)

    # Memory and traffic

    def _memory_to_itself(self) -> AbstractContextManager[None]:
        """Return a context in which nobody else takes memory that would count as this one's.

        A GPU tells what is in use of the whole of it, and a process that gets ready takes some.
        """
        if self._pool.device == "cpu":
            return nullcontext()
        return quiet(self._lock, self._pool, self._keeper)

    def _memory(self, memory: Memory) -> None:
        self._keeper.at("memory")
        case = memory.case
        if self._exercise.weights == "softmax":
            # Here and nowhere else do large scores meet a long sequence.
            case = case.model_copy(update={"inputs": "large"})
        call = self._at.inputs.draw(case)
        peak = self._at.run(call).peak_bytes / _MIB
        if memory.limit_mib < peak <= _MOST_HOLES * memory.limit_mib:
            # The allocator keeps what was freed, and may not fill the holes: that is no need of the
            # algorithm, so the limit is broken only if a process breaks it too that has no past
            # and keeps nothing.
            afresh = self._at.candidate.run_afresh(call)
            if afresh is not None:
                self._at.verify(call, afresh)
                peak = min(peak, afresh.peak_bytes / _MIB)
        self._must_fit(peak, memory.limit_mib, memory.limit_mib, call)

    def _must_fit(self, peak: float, bound: float, limit: int, call: Call) -> None:
        """Record a peak in MiB; raise Failed where it is above ``bound``."""
        passed = peak <= bound
        self._checks["memory"] = MemoryResult(
            passed=passed, peak_mib=round(peak, 1), limit_mib=limit
        )
        if not passed:
            message = messages.TOO_MUCH_MEMORY.format(n=call.n, peak=peak, limit=limit)
            raise Failed(Failure.TOO_MUCH_MEMORY, message, call=call)

    def _traffic(self, traffic: Traffic) -> None:
        self._keeper.at("traffic")
        self._at.run(self._at.inputs.draw(traffic.case))
        # Earlier calls of such a length count as well, so that none can be told to be the one.
        long = [one for one in self._at.traffic if one[0].n >= traffic.case.n.low]
        limits = [_most_sent(traffic, call) for call, _ in long]
        (call, sent), limit = max(zip(long, limits, strict=True), key=lambda it: it[0][1] - it[1])
        passed = sent <= limit
        self._checks["traffic"] = TrafficResult(
            passed=passed, sent_bytes=sent, limit_bytes=limit, ranks=call.ranks
        )
        if not passed:
            message = messages.TOO_MUCH_TRAFFIC.format(
                sent=sent, limit=limit, ranks=call.ranks, n=call.n
            )
            raise Failed(Failure.TOO_MUCH_MEMORY, message, call=call)

    def _steady(self, steady: Steady) -> None:
        self._keeper.at("memory")
        call = self._at.inputs.draw(steady.case)
        answer = self._at.run(call)
        grown = max(0.0, answer.grown_bytes / _MIB)
        if answer.peak_bytes >= call.k.nbytes + call.v.nbytes:
            # Room for all tokens that was taken before the first is no smaller for that.
            grown = max(grown, answer.peak_bytes / _MIB)
        passed = grown <= steady.limit_mib
        self._checks["steady_memory"] = SteadyResult(
            passed=passed, growth_mib=round(grown, 2), limit_mib=steady.limit_mib, steps=call.n
        )
        if not passed:
            message = messages.GROWING_MEMORY.format(
                grown=grown, steps=call.n, limit=steady.limit_mib
            )
            raise Failed(Failure.TOO_MUCH_MEMORY, message, call=call)

    # Time

    def _timing(self, speed: Speed) -> None:
        self._keeper.at("timing")
        source = reference_source(self._exercise, speed)
        with closing(Reference(source, self._pool, self._keeper)) as reference:
            if self._exercise.form != "decode":
                # Both arms come to the race with the same past, warm pages included.
                for call in self._at.history:
                    reference.run(call)
            with quiet(self._lock, self._pool, self._keeper):
                race = self._race(speed, reference)
                check = self._speed(speed, race)
                if self._exercise.growth and isinstance(race, CallRace):
                    for arm in (self._at.candidate, reference):
                        arm.keep_memory()
                    longer = GrowthRace(self._exercise.growth, race, check.low, self._at.inputs)
                    self._growth(self._exercise.growth, longer)
                if self._pool.device == "cuda":
                    must_leave_alone(race, self._at.candidate.close)

    def _race(self, speed: Speed, reference: Reference) -> Race:
        inputs, candidate = self._at.inputs, self._at.candidate
        if self._exercise.form == "decode":
            arms = (cast(DecodeCandidate, candidate), reference)
            case = inputs.pinned(speed.case)
            return DecodeRace(case, speed.filled, inputs, arms, self._at.verify_rows)
        arm = verified(reference, self._exercise, speed, inputs)
        case = inputs.pinned(speed.case, JITTER)
        return CallRace(case, inputs, candidate.run, arm, self._at.verify)

    def _speed(self, speed: Speed, race: Race) -> Speedup:
        met, ratios = run_race(
            speed.threshold, race, lambda done, total: self._keeper.at("timing", done, total)
        )
        check = speedup(speed, met, ratios)
        self._checks["speedup"] = check
        self._evidence["ratios"] = tuple(ratios)
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
        self._timed_memory(speed, race)
        # What a GPU could do at best is not known here: nothing is held for a person there.
        if self._exercise.form == "attention" and self._pool.device == "cpu":
            self._must_be_possible(speed, race)
        return check

    def _timed_memory(self, speed: Speed, race: Race) -> None:
        """Hold what is timed to the bound on memory: what is lean must be what is fast."""
        memory = self._exercise.memory
        if memory and race.peaks:
            peak = median(race.peaks) / _MIB
            if peak > _HOLES * memory.limit_mib:
                call = self._at.inputs.draw(speed.case)
                self._must_fit(peak, _HOLES * memory.limit_mib, memory.limit_mib, call)

    def _must_be_possible(self, speed: Speed, race: Race) -> None:
        """Hold for a person what is faster than its arithmetic allows."""
        call = self._at.inputs.draw(self._at.inputs.pinned(speed.case))
        least, seconds = least_seconds(call, self._at.rule(call)), median_seconds(race)
        if seconds < least:
            failed = Failed(Failure.INCONCLUSIVE, messages.HELD)
            failed.held = messages.HELD_REASON.format(seconds=seconds, least=least, call=call)
            raise failed

    def _growth(self, growth: Growth, race: GrowthRace) -> None:
        met, _ = run_race(1.0, race, lambda done, total: self._keeper.at("growth", done, total))
        slope = race.slope
        self._checks["growth"] = GrowthResult(passed=met is True, slope=slope, limit=growth.limit)
        self._evidence["growth"] = race.points()
        if met is None:
            message = messages.GROWTH_UNCLEAR.format(slope=slope, limit=growth.limit)
            raise Failed(Failure.INCONCLUSIVE, message)
        if not met:
            message = messages.GROWS.format(slope=slope, limit=growth.limit)
            raise Failed(Failure.TOO_SLOW, message)

    # Explanation

    def _explain_work(self) -> str:
        """Find out how much is computed; return a sentence on it where there is one to say."""
        exercise, probe = self._exercise, self._exercise.probe
        plain = exercise.form == "attention" and probe is not None and exercise.speed is not None
        if not plain or probe is None or self._keeper.seconds_left < _SECONDS_TO_EXPLAIN:
            return ""
        candidate = self._at.candidate
        try:
            found = work(
                probe,
                self._at.inputs,
                self._at.rule,
                lambda call: candidate.run(call).output,
                candidate.count_flops,
            )
        except (Failed, Wrong):
            return ""  # code that stops at NaN is not wrong
        self._evidence["work"] = found
        times = (found.touched or 0) / max(1, found.expected)
        return messages.COMPUTES_MORE.format(times=times) if times >= _WORTH_TELLING else ""


def _most_sent(traffic: Traffic, call: Call) -> int:
    """Return the bytes that a rank may send in a call of a ring."""
    return int(traffic.factor * 2 * (call.ranks - 1) * call.k.nbytes // call.ranks)
