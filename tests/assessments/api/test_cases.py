"""Some hundred requests drawn from the schema: no 500, and no answer outside the schema."""

import pytest

from assessments.models import Course, User
from tests.assessments.api.askers import known, ways
from tests.assessments.api.cases import ask
from tests.assessments.api.world import made

SEED, CASES = 20261126, 500


def test_what_is_drawn_from_the_schema_is_answered_by_the_schema(
    course: Course, admin_user: User, caplog: pytest.LogCaptureFixture
) -> None:
    world = made(course, admin_user)
    caplog.set_level("CRITICAL")
    report = ask(CASES, SEED, ways(world), known(world))
    assert report.faults == {}
    assert report.cases >= CASES
    reached = {name for name, seen in report.statuses.items() if any(code < 300 for code in seen)}
    assert len(reached) >= len(report.statuses) // 2, report.statuses
