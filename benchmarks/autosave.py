"""One autosave: what it costs the server and the database, and how long it takes.

On SQLite, and on PostgreSQL where that is installed, at 1, 4 and 8 learners at once. ``AUTOSAVES``
says how many each of them sends.
"""

import asyncio
import secrets
from collections.abc import Iterator
from typing import Any

from benchmarks.common import number
from benchmarks.load import Calibration, Learner, Server, percentile, server
from benchmarks.scratch import learners_made, scratch
from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres

_CLIENTS = (1, 4, 8)
_TEXT = "A window of 256 keys sees what lies near, and the first four keys hold what is left. " * 24
_THEN = """
from assessments.services import attempt_for
from question_bank.models import Question
question = Question.objects.get(slug="flash-in-a-design-review")
told.append([session, attempt_for(user, question).pk])
"""


def measure() -> Iterator[str]:
    """Serve with two workers, send autosaves of 2 kB, and look at the processes from outside."""
    yield Calibration.now().told()
    yield from _on("SQLite", None)
    try:
        with postgres() as url:
            yield from _on("PostgreSQL", url)
    except NotInstalledError as missing:
        yield f"PostgreSQL: not measured, {missing}"


def _on(database: str, url: str | None) -> Iterator[str]:
    with scratch(url) as environment:
        manage("load_course", environment=environment)
        made = learners_made(max(_CLIENTS), _THEN, environment)
        with server(environment, workers=2, threads=4) as serving:
            for clients in _CLIENTS:
                yield f"{database}, {clients} at once: {_measured(serving, made[:clients])}"


def _measured(serving: Server, made: list[list[Any]]) -> str:
    rounds = number("AUTOSAVES", 400)
    learners = [Learner(serving.port, session) for session, _ in made]
    spent = asyncio.run(_spent(serving, learners, [attempt for _, attempt in made], rounds))
    took = [1e3 * seconds for learner in learners for seconds in learner.took]
    return (
        f"{1e3 * spent / rounds / len(made):.2f} ms of CPU an autosave (asked: at most 5); "
        f"p50 {percentile(took, 50):.1f} ms, p95 {percentile(took, 95):.1f} ms"
    )


async def _spent(
    serving: Server, learners: list[Learner], attempts: list[int], rounds: int
) -> float:
    """Return the CPU time of all autosaves, in seconds; some before them warm everything up."""
    await _all(learners, attempts, 20)
    for learner in learners:
        learner.took.clear()
    before = serving.cpu_seconds()
    await _all(learners, attempts, rounds)
    return serving.cpu_seconds() - before


async def _all(learners: list[Learner], attempts: list[int], rounds: int) -> None:
    pairs = zip(learners, attempts, strict=True)
    await asyncio.gather(*(_type(learner, attempt, rounds) for learner, attempt in pairs))


async def _type(learner: Learner, attempt: int, rounds: int) -> None:
    """Type as one page does, which knows what was saved before it."""
    path = f"/attempts/{attempt}/journal/"
    known = (await learner.get(path)).json()
    assert isinstance(known, dict)
    past, writer = known["past"], secrets.token_hex(8)
    clock = max([tip[3] for tips in known["fields"].values() for tip in tips], default=0)
    for sequence in range(1, rounds + 1):
        entry = {"sequence": sequence, "clock": clock + sequence, "seen": past, "age": 800}
        entry["changes"] = {"text": f"{_TEXT}{sequence}"}
        answer = await learner.send(path, {"writer": writer, "known": past, "entries": [entry]})
        told = answer.json()
        assert isinstance(told, dict)
        assert (answer.status, told["acknowledged"], told["fields"]) == (200, sequence, {}), told
        past = told["past"]
