"""A web process that is killed and started again, and learners who are signed in to it."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.client import wait_for_server
from scripts.demo import manage
from scripts.stack import Service, free_port

_LEARNERS = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from assessments.models import Course, Enrolment, User
course = Course.objects.get(slug="sparse-attention")
keys = []
for number in range({count}):
    user = User.objects.create(username=f"lossy-{first}-{{number}}")
    Enrolment.objects.create(user=user, course=course)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "assessments.web.accounts.Passwords"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print(json.dumps(keys))
"""


def sessions(count: int, first: int, environment: dict[str, str]) -> list[str]:
    """Make so many learners of the built-in course and return their sessions."""
    program = _LEARNERS.format(count=count, first=first)
    told = manage("shell", "-c", program, environment=environment)
    keys: list[str] = json.loads(told.splitlines()[-1])
    return keys


class MortalServer:
    """The web process on its port, which is killed and started again."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--workers", "1", "--threads", "4", "--no-control-socket",
        ]  # fmt: skip
        log = Path(environment["SPARRING_VAR"]) / "lossy.log"
        self._service = Service("web", command, environment, log)
        self.kills = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._service.start()
        wait_for_server(self.base, 60)

    def kill(self) -> None:
        """Kill it, workers and all, with -9."""
        self._service.signal(signal.SIGKILL)
        assert self._service.process is not None
        self._service.process.wait(10)
        self.kills += 1

    def stop(self) -> None:
        """End it."""
        self._service.signal(signal.SIGTERM)
        self._service.stop(time.monotonic() + 5)


@contextmanager
def mortal_server(environment: dict[str, str]) -> Iterator[MortalServer]:
    """Give a server that may be killed."""
    server = MortalServer(environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()
