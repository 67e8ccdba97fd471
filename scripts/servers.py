"""PostgreSQL and Redis of one's own, for as long as a command runs.

    python -m scripts.servers make test ARGS=tests/assessments

The command finds them in DATABASE_URL and BROKER_URL.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.stack import free_port

_START_SECONDS = 20.0


class NotInstalledError(RuntimeError):
    """A server's program is not on this machine; the text says what to install."""


@contextmanager
def postgres() -> Iterator[str]:
    """Start an empty PostgreSQL and give the address of its database.

    It keeps nothing safe against a power cut. Raises ``NotInstalledError``.
    """
    binaries = _postgres_binaries()
    with tempfile.TemporaryDirectory(prefix="sparring-pg.") as name:
        folder, port = Path(name), free_port()
        owner = _as_postgres(folder)
        data = folder / "data"
        _run([*owner, binaries / "initdb", "-D", data, "-A", "trust", "-U", "sparring"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [*owner, binaries / "pg_ctl", "-D", data]
        _run([*control, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgres://sparring@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])


@contextmanager
def redis() -> Iterator[str]:
    """Start an empty Redis and give its address. Raises ``NotInstalledError``."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalledError("Redis is not installed; on Debian: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="sparring-redis.") as folder:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen([*command, "--dir", folder], stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(10)


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NotInstalledError(
            "PostgreSQL is not installed; on Debian: apt-get install postgresql"
        )
    return Path(on_path).parent


def _as_postgres(folder: Path) -> list[str]:
    """Return what runs a command as a user whom PostgreSQL accepts: never root."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        cwd="/", text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[-1]} failed: {done.stderr}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def main(command: list[str]) -> int:
    """Run a command with both servers; return its exit status."""
    if not command:
        sys.exit(__doc__)
    try:
        with ExitStack() as stack:
            environment = dict(os.environ)
            environment["DATABASE_URL"] = stack.enter_context(postgres())
            environment["BROKER_URL"] = stack.enter_context(redis())
            return subprocess.run(command, env=environment, check=False).returncode
    except NotInstalledError as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
