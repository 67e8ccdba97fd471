"""What the page shows that puts two submissions beside each other."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from assessments.models import Submission
from assessments.web.differences import counts, hunks
from assessments.web.histories import outcome
from assessments.web.states import MARKS, State
from assessments.web.verdicts import check_lines
from grader.contract import Verdict


@dataclass(frozen=True)
class Side:
    """One submission and what became of it."""

    submission: Submission
    state: State
    words: str | Promise
    results: dict[str, tuple[str, str, bool | None]]

    @property
    def mark(self) -> str:
        """The state as a shape."""
        return MARKS[self.state]


def context(first: Submission, second: Submission, *, whole: bool) -> dict[str, Any]:
    """Return both verdicts check by check, and both files line by line."""
    sides = [_side(first), _side(second)]
    found = hunks(first.text, second.text, whole=whole)
    return {
        "question": first.attempt.question,
        "learner": first.attempt.learner,
        "sides": sides,
        "checks": _checks(*sides),
        "hunks": found,
        "whole": whole,
        "folded": any(hunk.left_out for hunk in found),
        "same": first.text == second.text,
        **counts(found),
    }


def _side(submission: Submission) -> Side:
    grading = submission.grading
    state, words = outcome(grading)
    results = {}
    if grading.is_done:
        verdict = Verdict.model_validate_json(json.dumps(grading.verdict))
        results = {line.key: (line.name, line.result, line.passed) for line in check_lines(verdict)}
    return Side(submission, state, words, results)


def _checks(first: Side, second: Side) -> list[tuple[str, list[tuple[str, bool | None] | None]]]:
    """Return each check's name with its result on either side, None where it was not run."""
    names = {key: name for side in (first, second) for key, (name, _, _) in side.results.items()}
    return [
        (name, [side.results[key][1:] if key in side.results else None for side in (first, second)])
        for key, name in names.items()
    ]
