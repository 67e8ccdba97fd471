"""The web process: what it holds in memory, and what a question page costs."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.scratch import scratch, told_by
from scripts.client import Client, wait_for_server
from scripts.demo import manage
from scripts.stack import ROOT, free_port

_REQUESTS = 60
_COUNT = """
import sys, time
import django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from assessments.models import User
client = Client(HTTP_HOST="localhost")
client.force_login(User.objects.get(username="learner"))
for _ in range(3):
    client.get("/questions/sliding-window/")
with CaptureQueriesContext(connection) as queries:
    client.get("/questions/sliding-window/")
count = len(queries)
took = []
for _ in range(40):
    began = time.perf_counter()
    client.get("/questions/sliding-window/")
    took.append(time.perf_counter() - began)
print(count, sorted(took)[20] * 1e3, sorted(took)[37] * 1e3, "torch" in sys.modules)
"""


def measure() -> Iterator[str]:
    """Start the web process on a scratch database, ask for pages, look at it from outside."""
    with scratch() as environment:
        manage("load_course", environment=environment)
        manage("seed_demo", environment=environment)
        yield from _cost_of_a_page(environment)
        yield from _process(environment)


def _cost_of_a_page(environment: dict[str, str]) -> Iterator[str]:
    told = told_by(_COUNT, environment).split()
    yield f"question page: {told[0]} queries (asked: under 15)"
    yield (
        f"question page: {float(told[1]):.1f} ms of server time, 95 % under "
        f"{float(told[2]):.1f} ms (asked: 50 ms); torch in sys.modules: {told[3]}"
    )


def _process(environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--threads", "4", "--no-control-socket",
    ]  # fmt: skip
    with Path(environment["SPARRING_VAR"], "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for_server(base, 60)
        yield from _from_outside(base, psutil.Process(server.pid).children()[0])
    finally:
        server.terminate()
        server.wait(10)


def _from_outside(base: str, worker: psutil.Process) -> Iterator[str]:
    client = Client(base)
    client.log_in("learner", "learner-demo")
    took = []
    for _ in range(_REQUESTS):
        began = time.perf_counter()
        client.get("/questions/sliding-window/")
        took.append(time.perf_counter() - began)
    resident = worker.memory_info().rss / 2**20
    torch = any("/torch/" in mapped.path for mapped in worker.memory_maps())
    yield f"web process: {resident:.0f} MB resident (asked: under 150), torch mapped: {torch}"
    yield f"question page over HTTP: median {statistics.median(took) * 1e3:.1f} ms"
