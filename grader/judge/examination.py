"""What every stage of a judging works with."""

from dataclasses import dataclass, field

from torch import Tensor

from grader.contract import Correctness, Exercise
from grader.judge.calls import Call, Rule, rule_of
from grader.judge.candidate import Candidate
from grader.judge.correctness import Comparison, compare, rows_to_check
from grader.judge.findings import Answer, Findings
from grader.judge.inputs import Inputs
from grader.judge.timekeeper import Timekeeper


class Wrong(Exception):  # noqa: N818  (a finding, to be explained)
    """An output is not what attention over the pattern gives."""

    def __init__(self, call: Call, output: Tensor, found: Comparison) -> None:
        super().__init__(str(call))
        self.call, self.output, self.found = call, output, found


@dataclass
class Examination:
    """A submission under judgement; ``history`` are the calls that it has answered rightly.

    ``traffic`` are calls of rings, each with the most bytes that a rank sent.
    """

    exercise: Exercise
    candidate: Candidate
    inputs: Inputs
    keeper: Timekeeper
    findings: Findings = field(default_factory=Findings)
    history: list[Call] = field(default_factory=list)
    traffic: list[tuple[Call, int]] = field(default_factory=list)
    _worst: Comparison | None = None

    def rule(self, call: Call) -> Rule:
        """Return what this call must compute."""
        return rule_of(self.exercise, call)

    def run(self, call: Call) -> Answer:
        """Make a call and compare its result with float64. Raises Failed, Wrong."""
        answer = self.candidate.run(call)
        self.history.append(call)
        if answer.sent:
            self.traffic.append((call, max(answer.sent)))
        self.verify(call, answer)
        return answer

    def verify(self, call: Call, answer: Answer) -> None:
        """Compare a result with float64, now that no clock runs. Raises Wrong."""
        self.verify_rows(call, answer, rows_to_check(call, self.inputs.generator))

    def verify_rows(self, call: Call, answer: Answer, rows: Tensor) -> None:
        """Compare the queries ``rows`` of a result. Raises Wrong."""
        with self.keeper.charging("expected"):
            found = compare(call, self.rule(call), answer.output, rows)
        if self._worst is None or found.strain >= self._worst.strain:
            self._worst = found
            self.findings.checks["correctness"] = Correctness(
                passed=found.passed, error=found.error, tolerance=found.tolerance
            )
        if not found.passed:
            raise Wrong(call, answer.output, found)
