"""The whole of Sparring as processes of this machine: broker, web, workers.

The demo, the stack tests and the benchmarks all start it here. Each process leads its own session,
is told to end when this process ends, and is started again when it dies before its time.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 8.0
_RESTART_GAP_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)

# What a grading machine may know: no database, no secret key.
_GRADER_VARIABLES = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR", "VIRTUAL_ENV", "BROKER_URL",
    "SPARRING_DEVICE", "SPARRING_GPU", "SPARRING_SANDBOX", "SPARRING_GRADER_IMAGE",
    "SPARRING_LOG_LEVEL", "SPARRING_LOG_FORMAT",
)  # fmt: skip


def free_port(preferred: int = 0) -> int:
    """Return ``preferred`` if nothing listens there, else a port that is free."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Service:
    """One process of the stack."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        """Start the process; its output goes to its log file."""
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started in its session."""
        if self.running and self.process is not None:
            os.killpg(self.process.pid, number)

    def stop(self, deadline: float) -> None:
        """Wait until the deadline (of the monotonic clock) for the end, then kill."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.wait()


@dataclass
class Stack:
    """All services of one installation, in the order in which they start."""

    folder: Path
    port: int
    environment: dict[str, str]
    graders: int = 1
    embedded_broker: bool = True
    services: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out the services; nothing starts yet."""
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        if self.embedded_broker:
            self._add("broker", "broker")
        self._add("web", "web", BIND=f"127.0.0.1:{self.port}", WEB_WORKERS="1")
        self._add("worker", "worker")
        self._add("beat", "beat")
        for number in range(1, self.graders + 1):
            self._add(f"grader-{number}", "grader")

    def _add(self, name: str, role: str, **further: str) -> None:
        environment = self.environment
        if role == "grader":
            environment = {k: environment[k] for k in _GRADER_VARIABLES if k in environment}
        command = [sys.executable, "-m", "scripts.serve", role]
        log = self.folder / f"log/{name}.log"
        self.services[name] = Service(name, command, environment | further, log)

    def start(self) -> None:
        """Start every service."""
        for service in self.services.values():
            service.start()

    def supervise(self) -> list[str]:
        """Start again what has died, at most every 2 s; return the names of the restarted."""
        now = time.monotonic()
        fallen = [
            service
            for service in self.services.values()
            if not service.running and now - service.started_at >= _RESTART_GAP_SECONDS
        ]
        for service in fallen:
            service.restarts += 1
            service.start()
        return [service.name for service in fallen]

    def stop(self) -> None:
        """End every service, the broker last, and wait until none is left."""
        ordered = list(reversed(self.services.values()))
        workers = [service for service in ordered if service.name != "broker"]
        for batch in (workers, [s for s in ordered if s.name == "broker"]):
            for service in batch:
                service.signal(signal.SIGTERM)
            deadline = time.monotonic() + _STOP_SECONDS
            for service in batch:
                service.stop(deadline)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
