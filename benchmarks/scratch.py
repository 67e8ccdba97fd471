"""A web side of its own for a benchmark or a picture: a scratch database, gone afterwards."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.client import wait_for_server
from scripts.demo import manage
from scripts.stack import ROOT, free_port

Environment = dict[str, str]


@contextmanager
def scratch() -> Iterator[Environment]:
    """Give the environment of a web side whose database has been made and is empty."""
    with tempfile.TemporaryDirectory() as var:
        environment = dict(os.environ) | {
            "SPARRING_VAR": var,
            "SECRET_KEY": secrets.token_urlsafe(32),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("DATABASE_URL", None)
        manage("migrate", "--verbosity", "0", environment=environment)
        yield environment


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
