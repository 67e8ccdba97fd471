"""A full queue drained by two grading workers, one of which is killed with -9 on the way.

The exercise is trivial, so that what is measured is the way of a submission and not its judging.
``DRAIN_SUBMISSIONS`` makes short runs.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import psycopg

from benchmarks.common import number
from benchmarks.scratch import Environment, learners_made, scratch, told_by
from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres, redis
from scripts.stack import Service, Stack, free_port

_EACH = 20
_LONGEST_SECONDS = 1_500.0
_AT_WORK_SECONDS = 30.0
_LINE_BYTES = 2_000
_SUBMITTED = """
from assessments.services import attempt_for, submit_code
from grader.contract import Case, Draw, Exercise
from question_bank.models import Question, QuestionEvent
from question_bank.variants import read_content
from question_bank.versions import go_live, make_version
question = Question.objects.filter(slug="drain").first()
if question is None:
    content = Question.objects.get(slug="dense-causal").live.content
    exercise = Exercise(slug="drain", title="Drain", pattern="causal",
                        cases=(Case(n=Draw(low=8, high=16)),))
    content = content | {{"exercise": exercise.model_dump(mode="json"), "solutions": []}}
    question = Question.objects.create(slug="drain", kind="code", title="Drain")
    version = make_version(question, read_content(content), author=None)
    go_live(question, version, QuestionEvent.Action.PUBLISHED, by=None)
attempt = attempt_for(user, question)
source = (
    "import torch\\n"
    "def attention(q, k, v):\\n"
    "    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)\\n"
)
for place in range({each}):
    submit_code(user, attempt, f"{{source}}PLACE = {{place}}\\n".encode())
told.append(user.pk)
"""
_COUNT = "SELECT count(*) FROM assessments_grading WHERE state = %s"
_FOUND = """
import json
import django
django.setup()
from django.db.models import Count
from assessments.models import Grading, Submission
done = Grading.objects.filter(state="done")
print(json.dumps({
    "submissions": Submission.objects.count(),
    "gradings": Grading.objects.count(),
    "done": done.count(),
    "passed": done.filter(passed=True).count(),
    "judged twice": Submission.objects.annotate(n=Count("gradings")).filter(n__gt=1).count(),
    "sent again": done.filter(deliveries__gt=1).count(),
}))
"""


def measure() -> Iterator[str]:
    """Fill the queue while nobody judges, then let two workers drain it."""
    wanted = number("DRAIN_SUBMISSIONS", 2_000)
    try:
        with postgres() as database, redis() as broker, scratch(database) as environment:
            environment |= {"BROKER_URL": broker, "SPARRING_SUBMISSIONS_PER_MINUTE": "1000000"}
            manage("load_course", environment=environment)
            began = time.monotonic()
            learners_made(wanted // _EACH, _SUBMITTED.format(each=_EACH), environment)
            yield f"{wanted} submissions queued in {time.monotonic() - began:.0f} s"
            yield from _drained(wanted, environment)
    except NotInstalledError as missing:
        yield f"not measured: {missing}"


def _drained(wanted: int, environment: Environment) -> Iterator[str]:
    folder = Path(environment["SPARRING_VAR"])
    stack = Stack(folder, free_port(), environment, graders=2, embedded_broker=False)
    is_killed, done, began = False, 0, time.monotonic()
    with stack, psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        while done < wanted and time.monotonic() - began < _LONGEST_SECONDS:
            stack.supervise()
            time.sleep(0.5)
            done = _count(database, "done")
            if not is_killed and done >= wanted // 4:
                _kill_at_work(stack.services["grader-1"])
                is_killed = True
        seconds = time.monotonic() - began
    # A verdict that comes twice would change nothing; that none is counted twice is looked at last.
    found = _found(environment)
    told = ", ".join(f"{name} {value:,}" for name, value in found.items())
    yield f"drained in {seconds:.0f} s, {found['done'] / seconds:.1f} a second, one killed: {told}"
    one_each = found["submissions"] == found["gradings"] == found["done"] == wanted
    yield "one verdict each" if one_each and is_killed else "NOT one verdict each"


def _kill_at_work(service: Service) -> None:
    """Kill a worker while it judges: its log says last that it has taken a job."""
    process = service.process
    assert process is not None
    until = time.monotonic() + _AT_WORK_SECONDS
    with service.log.open("rb") as log:
        while b"job_taken" not in _last_line(log) and time.monotonic() < until:
            time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)


def _last_line(log: BinaryIO) -> bytes:
    log.seek(-min(_LINE_BYTES, log.seek(0, os.SEEK_END)), os.SEEK_END)
    return log.read().rstrip().rpartition(b"\n")[2]


def _count(database: psycopg.Connection, state: str) -> int:
    row = database.execute(_COUNT, [state]).fetchone()
    return int(row[0]) if row else 0


def _found(environment: Environment) -> dict[str, int]:
    found: dict[str, int] = json.loads(told_by(_FOUND, environment))
    return found
