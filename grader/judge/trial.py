"""The judging of one submission, stage by stage; the first stage that fails ends it."""

from collections.abc import Callable

from torch import Tensor

from grader.contract import Case, Draw, Failure
from grader.judge import hints
from grader.judge.calls import Call
from grader.judge.correctness import FULL_ROWS
from grader.judge.costs import Costs
from grader.judge.examination import Examination, Wrong
from grader.judge.findings import Failed
from grader.judge.pairs import Pairs, probe
from grader.judge.quiet import Lock
from sandbox.pool import Pool

# A picture of more positions than this is drawn in blocks, where one wrong pair is hard to see.
DRAWABLE_N = 96


class Trial:
    """Runs the stages of an examination; its findings hold what has been found so far."""

    def __init__(self, examination: Examination) -> None:
        self._at = examination
        self._exercise = examination.exercise

    def run(self, pool: Pool, lock: Lock) -> None:
        """Judge. Raises Failed, and for failures of ours SandboxUnavailable or others."""
        self._at.candidate.load()
        try:
            self._correctness()
            if self._exercise.probe:
                self._pairs(self._exercise.probe)
            Costs(self._at, pool, lock).run()
        except Wrong as wrong:
            raise self._explained(wrong) from None

    def _correctness(self) -> None:
        cases = self._exercise.cases
        for done, case in enumerate(cases):
            self._at.keeper.at("correctness", done, len(cases))
            self._at.run(self._at.inputs.draw(case))

    def _pairs(self, declared: Case) -> None:
        self._at.keeper.at("pairs")

        def run(call: Call) -> Tensor:
            return self._at.run(call).output

        picture = self._probe(self._small_case(), run)
        pairs = self._probe(declared, run)
        self._record(pairs, picture)
        if not (pairs.right and picture.right):
            raise self._wrong_pairs([pairs, picture], picture)

    def _probe(self, case: Case, run: Callable[[Call], Tensor]) -> Pairs:
        return probe(case, self._at.inputs, self._at.rule, run)

    def _small_case(self) -> Case:
        """Return a case that can be drawn: by convention the first one is."""
        return self._exercise.cases[0]

    def _record(self, pairs: Pairs, picture: Pairs) -> None:
        self._at.findings.checks["kv_pairs"] = pairs.check()
        self._at.findings.evidence["pairs"] = picture.evidence()

    def _explained(self, wrong: Wrong) -> Failed:
        """Find out by the probe whether wrong pairs make a result wrong."""
        self._at.keeper.at("pairs")
        probes = [self._probe(case, self._unchecked) for case in self._cases_around(wrong.call)]
        differing = [pairs for pairs in probes if not pairs.right]
        if not differing:
            if probes:
                self._record(probes[0], probes[-1])
            rule = self._at.rule(wrong.call)
            message = hints.wrong_output(wrong.call, rule, wrong.output, wrong.found)
            return Failed(Failure.WRONG_OUTPUT, message, call=wrong.call)
        drawable = [pairs for pairs in differing if pairs.n <= DRAWABLE_N]
        picture = (drawable or differing)[-1]
        self._record(differing[0], picture)
        return self._wrong_pairs(differing, picture, wrong.call)

    def _unchecked(self, call: Call) -> Tensor:
        return self._at.candidate.run(call).output

    def _cases_around(self, call: Call) -> list[Case]:
        """Return cases to probe: the declared one, a small one, and the wrong call's own sizes."""
        if self._exercise.probe is None:
            return []
        cases = [self._exercise.probe, self._small_case()]
        if call.n <= FULL_ROWS:
            fixed = {"n": call.n, "queries": call.m, "ranks": call.ranks, "groups": call.groups}
            parameters = {name: Draw.only(value) for name, value in call.parameters.items()}
            shape = {name: Draw.only(value) for name, value in fixed.items()}
            cases.append(Case(**shape, parameters=parameters))  # type: ignore[arg-type]
        return cases

    def _wrong_pairs(
        self, differing: list[Pairs], picture: Pairs, call: Call | None = None
    ) -> Failed:
        message = hints.wrong_pairs(differing[0], picture)
        return Failed(Failure.WRONG_PAIRS, message, call=call)
