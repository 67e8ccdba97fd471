"""Requests drawn from the API's schema: how many are answered by a 500, or outside the schema.

``API_CASES`` says how many.
"""

import json
from collections.abc import Iterator

from benchmarks.common import number
from benchmarks.scratch import scratch, told_by

_SEED = 6
_RUN = f"""
import json
from collections import Counter
import django
django.setup()
from assessments.models import User
from tests.assessments.api.askers import known, ways
from tests.assessments.api.cases import ask
from tests.assessments.api.world import made
from tests.cast.courses import loaded
from tests.conftest import COURSE_FOLDER
world = made(loaded(COURSE_FOLDER), User.objects.create_superuser("admin"))
report = ask({{cases}}, {_SEED}, ways(world), known(world))
told = Counter()
for statuses in report.statuses.values():
    for code, times in statuses.items():
        told[f"{{{{code // 100}}}}xx"] += times
print(json.dumps([report.cases, len(report.statuses), told, report.faults]))
"""


def measure() -> Iterator[str]:
    """Ask in a web side of its own, on SQLite, in one process."""
    with scratch() as environment:
        environment["SPARRING_LOG_LEVEL"] = "CRITICAL"
        program = _RUN.format(cases=number("API_CASES", 20_000))
        last = told_by(program, environment).splitlines()[-1]
    cases, operations, told, faults = json.loads(last)
    counts = ", ".join(f"{told.get(kind, 0)} {kind}" for kind in ("2xx", "4xx", "5xx"))
    yield f"{cases} cases of {operations} operations: {counts} (asked: no 5xx in 20,000)"
    yield f"{len(faults)} kinds of answers that are not as the schema says (asked: none)"
    yield from (f"- {fault}" for fault in faults)
