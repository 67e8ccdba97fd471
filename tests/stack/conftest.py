"""The whole stack as processes, on the database and broker that the environment names."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from scripts.client import Client, wait_for_server
from scripts.demo import manage
from scripts.stack import ROOT, Stack, free_port


@pytest.fixture(scope="session")
def stack_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment with a database and a broker of its own."""
    var = tmp_path_factory.mktemp("var")
    environment = dict(os.environ) | {
        "SPARRING_VAR": str(var),
        "SECRET_KEY": secrets.token_urlsafe(32),
        "SPARRING_SUBMISSIONS_PER_MINUTE": "100",
        "SPARRING_SUBMISSIONS_UNFINISHED": "20",
    }
    server = urlsplit(os.environ.get("DATABASE_URL", ""))
    name = f"stack_{secrets.token_hex(4)}"
    if server.scheme.startswith("postgres"):
        import psycopg

        with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = urlunsplit(server._replace(path=f"/{name}"))
    else:
        environment.pop("DATABASE_URL", None)
    broker = os.environ.get("BROKER_URL")
    if broker:
        environment["BROKER_URL"] = urlunsplit(urlsplit(broker)._replace(path="/9"))
    else:
        environment["BROKER_URL"] = subprocess.run(
            [sys.executable, "-m", "config.broker", "--url"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    manage("migrate", "--verbosity", "0", environment=environment)
    manage("load_course", environment=environment)
    manage("seed_demo", environment=environment)
    yield environment
    if server.scheme.startswith("postgres"):
        with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Supervised:
    """A stack, and the loop that starts again what dies."""

    def __init__(self, stack: Stack, base: str) -> None:
        self.stack, self.base = stack, base
        self._ended = threading.Event()
        self._loop = threading.Thread(target=self._run)

    def _run(self) -> None:
        # A service is told to end when the thread that started it ends: one thread starts them all.
        with self.stack:
            while not self._ended.wait(0.2):
                self.stack.supervise()

    def __enter__(self) -> "Supervised":
        self._loop.start()
        try:
            wait_for_server(self.base, 60)
        except TimeoutError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._loop.join(30)

    def kill(self, name: str) -> None:
        """Kill one service with -9, and only its own process."""
        process = self.stack.services[name].process
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(10)


@pytest.fixture(scope="session")
def running(stack_environment: dict[str, str]) -> Iterator[Supervised]:
    """The stack, up and supervised."""
    port = free_port()
    embedded = stack_environment["BROKER_URL"].startswith("redis+socket")
    stack = Stack(
        Path(stack_environment["SPARRING_VAR"]), port, stack_environment, embedded_broker=embedded
    )
    with Supervised(stack, f"http://127.0.0.1:{port}") as supervised:
        yield supervised


@pytest.fixture
def learner(running: Supervised) -> Client:
    """The demo's learner, logged in."""
    client = Client(running.base)
    client.log_in("learner", "learner-demo")
    return client


def until(condition: object, seconds: float) -> None:
    """Wait for a condition (a callable). Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    assert callable(condition)
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)
