"""A web side of its own for a benchmark or a picture: a scratch database, gone afterwards."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.client import wait_for_server
from scripts.demo import manage
from scripts.stack import ROOT, free_port

Environment = dict[str, str]


_PEOPLE = """
import json
import django
django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from assessments.models import Course, Enrolment, User
course = Course.objects.get(slug="sparse-attention")
made = []
for number in range({count}):
    user = User.objects.create(username=f"learner-{{number}}")
    Enrolment.objects.create(user=user, course=course)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "assessments.web.accounts.Passwords"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    made.append([session.session_key, user])
"""


@contextmanager
def scratch(database: str | None = None) -> Iterator[Environment]:
    """Give the environment of a web side whose database has been made and is empty.

    ``database`` is the address of an empty one; without it, one on SQLite.
    """
    with tempfile.TemporaryDirectory() as var:
        environment = dict(os.environ) | {
            "SPARRING_VAR": var,
            "SECRET_KEY": secrets.token_urlsafe(32),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("DATABASE_URL", None)
        if database is not None:
            environment["DATABASE_URL"] = database
        manage("migrate", "--verbosity", "0", environment=environment)
        yield environment


def learners_made(count: int, then: str, environment: Environment) -> list[list[Any]]:
    """Make so many learners of the built-in course, each signed in.

    ``then`` is a program that makes a JSON value ``told`` of the pair ``session, user`` of each.
    Returns them.
    """
    each = "\ntold = []\nfor session, user in made:\n" + textwrap.indent(then, "    ")
    program = _PEOPLE.format(count=count) + each + "\nprint(json.dumps(told))\n"
    found: list[list[Any]] = json.loads(told_by(program, environment))
    return found


def told_by(program: str, environment: Environment) -> str:
    """Run a program in that web side and return what it prints."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


@contextmanager
def served(environment: Environment) -> Iterator[str]:
    """Serve it by gunicorn and give the address; it has ended afterwards."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--threads", "4", "--no-control-socket",
    ]  # fmt: skip
    with Path(environment["SPARRING_VAR"], "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for_server(f"http://127.0.0.1:{port}", 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
