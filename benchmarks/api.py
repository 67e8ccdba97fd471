"""The API's list of 50 questions: what it costs, and how long eight clients at once wait for it.

``API_LISTS`` says how many lists each client asks for.
"""

import asyncio
from collections.abc import Iterator

from benchmarks.common import number
from benchmarks.load import Calibration, Learner, Server, percentile, server
from benchmarks.scratch import learners_made, scratch, told_by
from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres

_CLIENTS = (1, 8)
_LIST = "/api/v1/questions/?limit=50"
_COUNT = f"""
import django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from assessments.models import Scope, User
from assessments.services.tokens import make_token
user = User.objects.get(username="learner-0")
token = make_token(user, "benchmark", Scope.values, 1)[1]
client = Client(HTTP_HOST="localhost", headers={{"Authorization": f"Bearer {{token}}"}})
with CaptureQueriesContext(connection) as queries:
    rows = client.get("{_LIST}").json()["results"]
print(len(queries), len(rows))
"""


def measure() -> Iterator[str]:
    """Serve with two workers on PostgreSQL, ask for lists, and look at the processes."""
    yield Calibration.now().told()
    try:
        with postgres() as url, scratch(url) as environment:
            environment["SPARRING_API_PER_MINUTE"] = "1000000"
            environment["SPARRING_LOG_LEVEL"] = "WARNING"
            manage("load_course", environment=environment)
            made = learners_made(max(_CLIENTS), "told.append([session])", environment)
            queries, rows = told_by(_COUNT, environment).split()[-2:]
            yield f"a list of {rows} questions by token: {queries} queries (asked: at most 10)"
            with server(environment, workers=2, threads=4) as serving:
                for clients in _CLIENTS:
                    yield _measured(serving, [session for (session,) in made[:clients]])
    except NotInstalledError as missing:
        yield f"not measured: {missing}"


def _measured(serving: Server, sessions: list[str]) -> str:
    rounds = number("API_LISTS", 100)
    asyncio.run(_all([Learner(serving.port, session) for session in sessions], 10))
    learners = [Learner(serving.port, session) for session in sessions]
    before = serving.cpu_seconds()
    asyncio.run(_all(learners, rounds))
    each = 1e3 * (serving.cpu_seconds() - before) / rounds / len(learners)
    took = [1e3 * seconds for learner in learners for seconds in learner.took]
    return (
        f"{len(learners)} at once: {each:.1f} ms of CPU a list, PostgreSQL's included (asked: 12); "
        f"p50 {percentile(took, 50):.0f} ms, p95 {percentile(took, 95):.0f} ms (asked: under 100)"
    )


async def _all(learners: list[Learner], rounds: int) -> None:
    await asyncio.gather(*(_one(learner, rounds) for learner in learners))


async def _one(learner: Learner, rounds: int) -> None:
    for _ in range(rounds):
        answer = await learner.get(_LIST)
        assert answer.status == 200, answer.body[-500:]
