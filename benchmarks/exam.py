"""Five hundred learners in one exam, each of whom types: one autosave every five seconds.

Afterwards the database is asked whether every answer that was acknowledged is there.
``EXAM_LEARNERS`` and ``EXAM_SECONDS`` make short runs.
"""

import asyncio
import json
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.common import number
from benchmarks.load import Calibration, Learner, Server, percentile, server
from benchmarks.scratch import Environment, learners_made, scratch, told_by
from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres

_EVERY = 5.0
_THEN = """
from django.utils import timezone
from assessments.models import Assessment, Slot
from assessments.services import begin
from question_bank.models import Question
exam, new = Assessment.objects.get_or_create(course=course, slug="all", defaults=dict(
    title="All at once", kind="exam", feedback="released", minutes=600, per_page=5,
    published_at=timezone.now()))
if new:
    asked = Question.objects.filter(kind__in=["choice", "numeric", "essay"], courses=course)[:10]
    for place, question in enumerate(asked):
        Slot.objects.create(assessment=exam, position=place, question=question)
sitting = begin(user, exam)
told.append([session, list(sitting.attempts.values_list("pk", flat=True))])
"""
_KEPT = """
import json
import django
django.setup()
from assessments.journal import State
from assessments.models import Saved
rows = Saved.objects.filter(revision__gt=0).values_list("pk", "state")
print(json.dumps({pk: State.of_json(state).answer() for pk, state in rows}))
"""


@dataclass
class Typist:
    """A learner who types into one answer after the other."""

    learner: Learner
    attempts: list[int]
    writer: str = field(default_factory=lambda: secrets.token_hex(8))
    sent: dict[int, int] = field(default_factory=dict)
    acknowledged: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    async def type_until(self, end: float) -> None:
        """Send an autosave every five seconds, from a moment of their own on."""
        clock = asyncio.get_running_loop().time
        due = clock() + random.random() * _EVERY
        while due < end:
            await asyncio.sleep(max(0.0, due - clock()))
            await self.save(random.choice(self.attempts))
            due += _EVERY

    async def save(self, attempt: int) -> None:
        """Type something else into an answer, and remember what was acknowledged."""
        sequence = self.sent.get(attempt, 0) + 1
        text = secrets.token_hex(20)
        entry = {
            "sequence": sequence,
            "clock": sequence,
            "seen": {self.writer: sequence - 1} if sequence > 1 else {},
            "changes": {"text": text},
            "age": 800,
        }
        told = {"writer": self.writer, "entries": [entry]}
        answer = await self.learner.send(f"/attempts/{attempt}/journal/", told)
        if answer.status != 200:
            self.errors.append(f"{answer.status} {answer.body[:200]!r}")
            return
        self.sent[attempt] = sequence
        self.acknowledged[attempt] = text


def measure() -> Iterator[str]:
    """Serve with two workers on PostgreSQL; the learners share the two cores with them."""
    yield Calibration.now().told()
    try:
        with postgres() as url, scratch(url) as environment:
            manage("load_course", environment=environment)
            made = learners_made(number("EXAM_LEARNERS", 500), _THEN, environment)
            with server(environment, workers=2, threads=8) as serving:
                yield from _sat(serving, made, environment)
    except NotInstalledError as missing:
        yield f"not measured: {missing}"


def _sat(serving: Server, made: list[list[Any]], environment: Environment) -> Iterator[str]:
    typists = [Typist(Learner(serving.port, session), attempts) for session, attempts in made]
    seconds = number("EXAM_SECONDS", 90)
    before = serving.cpu_seconds()
    asyncio.run(_all(typists, seconds))
    spent = serving.cpu_seconds() - before
    took = [1e3 * one for typist in typists for one in typist.learner.took]
    errors = [error for typist in typists for error in typist.errors]
    kept = json.loads(told_by(_KEPT, environment))
    wanted = {
        str(attempt): text for typist in typists for attempt, text in typist.acknowledged.items()
    }
    lost = [key for key, text in wanted.items() if kept.get(key, {}).get("text") != text]
    yield (
        f"{len(typists)} learners, {len(took)} autosaves in {seconds} s: "
        f"p50 {percentile(took, 50):.0f} ms, p95 {percentile(took, 95):.0f} ms (asked: 300), "
        f"longest {max(took):.0f} ms; {1e3 * spent / len(took):.2f} ms of CPU each"
    )
    yield f"errors: {len(errors)} {errors[:1]}; answers lost: {len(lost)} of {len(wanted)}"


async def _all(typists: list[Typist], seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(*(typist.type_until(end) for typist in typists))
