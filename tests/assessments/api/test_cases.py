"""A thousand requests drawn from the schema: no 500, and no answer outside the schema.

``API_CASES`` and ``API_SEED`` draw more of them, or others; ``make bench BENCH=api_cases`` does.
"""

import os
import sys

import pytest

from assessments.models import Course, User
from tests.assessments.api.askers import known, ways
from tests.assessments.api.bank_world import bank_made
from tests.assessments.api.cases import ask

SEED = int(os.environ.get("API_SEED", "20261126"))
CASES = int(os.environ.get("API_CASES", "1000"))


def test_what_is_drawn_from_the_schema_is_answered_by_the_schema(
    course: Course, admin_user: User, caplog: pytest.LogCaptureFixture
) -> None:
    world = bank_made(course, admin_user)
    caplog.set_level("CRITICAL")
    report = ask(CASES, SEED, ways(world), known(world))
    assert report.faults == {}, "\n\n".join(report.faults.values())
    assert report.cases >= CASES
    reached = {name for name, seen in report.statuses.items() if any(code < 300 for code in seen)}
    assert len(reached) >= len(report.statuses) // 2, report.statuses
    words = f"{report.cases:,} cases of {len(report.statuses)} operations, {len(reached)} reached"
    sys.stdout.write(f"{words}\n")
