"""Submit a file to a server and tell its verdict.

    sparring submit FILE --exercise SLUG [--wait] [--json] [--server URL]

Exit status: 0 passed (or received, without ``--wait``), 1 not passed, 2 could not be judged, or an
unknown exercise or a missing file, with one line on standard error. The token is read from
``SPARRING_TOKEN``, as a command line may be read by others on the machine.
"""

import argparse
import base64
import json
import os
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from client.connection import CannotReachError, RefusedError, Server
from client.shown import Progress, plain, stage, to_standard_error, verdict

PASSED, NOT_PASSED, NOT_JUDGED, STOPPED = 0, 1, 2, 130
SUBMISSIONS: Final = "/api/v1/submissions/"
_MOST_BYTES = 100_000
_QUICK, _SLOW = 0.5, 2.0


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; what is wrong with it ends the program with status 2."""
    parser = argparse.ArgumentParser(prog="sparring", description="Sparring from a terminal.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    submit = verbs.add_parser("submit", help="submit a file of code, and tell its verdict")
    submit.add_argument("file", type=Path, help="the submission, one Python file")
    submit.add_argument("--exercise", required=True, metavar="SLUG")
    submit.add_argument("--wait", action="store_true", help="wait for the verdict and print it")
    submit.add_argument("--json", action="store_true", help="print one JSON object")
    submit.add_argument(
        "--server", default=os.environ.get("SPARRING_URL", "http://127.0.0.1:8000"), metavar="URL"
    )
    submit.add_argument(
        "--timeout", type=float, default=3600.0, metavar="S", help="wait no longer than this"
    )
    submit.add_argument(
        "--patience", type=float, default=60.0, metavar="S", help="try so long without an answer"
    )
    return parser.parse_args(argv)


def body_of(exercise: str, raw: bytes) -> dict[str, str]:
    """Return what is sent: the text, or its bytes where it is none that JSON carries unchanged."""
    body = {"question": exercise}
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return body | {"source_base64": base64.b64encode(raw).decode("ascii")}
    return body | {"source": text}


def too_long(exercise: str) -> dict[str, Any]:
    """Return the verdict of a file that no server takes, in the shape of all verdicts."""
    message = f"The file is longer than {_MOST_BYTES:,} bytes. Shorten it."
    return {
        "exercise": exercise, "passed": False, "failure": "invalid", "message": message,
        "checks": [], "device": None, "seconds": 0.0,
    }  # fmt: skip


def submit(options: argparse.Namespace, progress: Progress) -> int:
    """Submit the file that the command line names; return the exit status.

    Raises ``RefusedError``, ``CannotReachError``, and ``ValueError`` where the command line or the
    environment names what is none.
    """
    raw = _read(options.file)
    if len(raw) > _MOST_BYTES:
        return _told({"passed": False, "verdict": too_long(options.exercise)}, options)
    deadline = time.monotonic() + options.timeout
    token = os.environ.get("SPARRING_TOKEN", "")
    if not (token and token.isascii() and token.isprintable()):
        raise ValueError("Put a token into SPARRING_TOKEN; you make one in your account.")
    server = Server(options.server, token, options.patience, deadline, progress.say)
    made = server.post(SUBMISSIONS, body_of(options.exercise, raw), uuid.uuid4().hex).body
    where = f"{SUBMISSIONS}{made['id']}/"
    if not options.wait:
        sys.stdout.write(
            json.dumps(made) + "\n" if options.json else f"{server.base.rstrip('/')}{where}\n"
        )
        return PASSED
    try:
        return _told(_judged(server, where, made, deadline, progress), options)
    except KeyboardInterrupt:
        progress.end()
        sys.stderr.write(f"Stopped waiting; submission {made['id']} is judged all the same.\n")
        return STOPPED


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise ValueError(f"Cannot read {file}: {fault.strerror}") from fault


def _judged(
    server: Server, where: str, seen: dict[str, Any], deadline: float, progress: Progress
) -> dict[str, Any]:
    """Ask again and again until a submission is judged; return it as it is then."""
    tag = ""
    while seen["state"] != "done":
        progress.say(*stage(seen))
        if time.monotonic() > deadline:
            words = f"No verdict in time; submission {seen['id']} is judged all the same."
            raise CannotReachError(words)
        time.sleep(_QUICK if seen["state"] == "running" else _SLOW if tag else _QUICK)
        answer = server.get(where, tag)
        tag, seen = answer.tag, answer.body or seen
    return seen


def _told(judged: Mapping[str, Any], options: argparse.Namespace) -> int:
    """Print a verdict and return the exit status that it stands for."""
    told, passed = judged["verdict"], judged["passed"]
    if told is None:
        sys.stderr.write("It is judged; its verdict is not released yet.\n")
        return NOT_JUDGED
    sys.stdout.write((json.dumps(told) if options.json else verdict(told, passed)) + "\n")
    if passed is None and told["failure"] == "unavailable":
        return NOT_JUDGED
    return PASSED if passed else NOT_PASSED


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options, progress = arguments(argv), to_standard_error()
    try:
        return submit(options, progress)
    except RefusedError as fault:
        unknown = fault.kind == "not-found"
        reason = f"There is no exercise {options.exercise!r} for you." if unknown else str(fault)
    except (CannotReachError, ValueError) as fault:
        reason = str(fault)
    except KeyboardInterrupt:
        progress.end()
        return STOPPED
    finally:
        progress.end()
    sys.stderr.write(" ".join(plain(reason).split()) + "\n")
    return NOT_JUDGED


if __name__ == "__main__":
    sys.exit(main())
