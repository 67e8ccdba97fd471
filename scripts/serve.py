"""The processes of Sparring, each started the same way by hand, by the demo and in images.

    python -m scripts.serve web        the pages, on BIND, by WEB_WORKERS processes of WEB_THREADS
    python -m scripts.serve worker     records what the grading machines report
    python -m scripts.serve beat       calls the sweeps; several do no harm
    python -m scripts.serve grader     judges, on SPARRING_DEVICE; needs no Django and no database
    python -m scripts.serve migrate    brings the database up to date, then ends
    python -m scripts.serve broker     the embedded broker, for machines without one

The process becomes what it starts, so that signals reach it.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

_CELERY = ("celery", "--quiet", "-A")
# One job at a time: whoever wants more starts more of them.
_SOLO = ("worker", "--pool", "solo")


def _web(environment: Mapping[str, str]) -> list[str]:
    given = {
        "--bind": environment.get("BIND", "127.0.0.1:8000"),
        "--workers": environment.get("WEB_WORKERS", "2"),
        "--threads": environment.get("WEB_THREADS", "4"),
    }
    return ["gunicorn", "config.wsgi", *(word for pair in given.items() for word in pair)]


def _worker(_: Mapping[str, str]) -> list[str]:
    return [*_CELERY, "config", *_SOLO, "-Q", "web", "-n", _node("web")]


def _beat(_: Mapping[str, str]) -> list[str]:
    return [*_CELERY, "config", "beat", "--pidfile", ""]


def _grader(environment: Mapping[str, str]) -> list[str]:
    queue = "grade.gpu" if environment.get("SPARRING_DEVICE") == "cuda" else "grade.cpu"
    return [*_CELERY, "grader.worker", *_SOLO, "-Q", queue, "-n", _node("grader")]


def _migrate(_: Mapping[str, str]) -> list[str]:
    return ["manage", "migrate", "--no-input"]


def _broker(_: Mapping[str, str]) -> list[str]:
    return ["config.broker"]


def _node(role: str) -> str:
    """Return a name that no other worker of this machine or another one has."""
    return f"{role}-{os.getpid()}@%h"


ROLES: dict[str, Callable[[Mapping[str, str]], list[str]]] = {
    "web": _web,
    "worker": _worker,
    "beat": _beat,
    "grader": _grader,
    "migrate": _migrate,
    "broker": _broker,
}


def command(role: str, environment: Mapping[str, str]) -> list[str]:
    """Return the command line of a process. Raises KeyError for what is no role."""
    return [sys.executable, "-m", *ROLES[role](environment)]


def main(arguments: list[str]) -> NoReturn:
    """Become the process that the command line names; exit with 2 where it names none."""
    if len(arguments) != 1 or arguments[0] not in ROLES:
        sys.stderr.write(f"{__doc__}\n")
        sys.exit(2)
    words = command(arguments[0], os.environ)
    os.execv(words[0], words)


if __name__ == "__main__":
    main(sys.argv[1:])
