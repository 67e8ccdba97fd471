"""A web side of its own for a benchmark: a scratch database that is gone afterwards."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.demo import manage
from scripts.stack import ROOT

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
