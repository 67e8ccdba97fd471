"""Learners by the hundred for one server: connections kept open, sessions made beforehand."""

import asyncio
import json
import re
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from benchmarks.scratch import Environment
from scripts.client import wait_for_server
from scripts.stack import ROOT, Service, free_port

CSRF = "k" * 32
_LINE = re.compile(rb"^HTTP/1\.[01] (\d{3})")


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> object:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class Learner:
    """One browser: a session, and a connection that is kept open."""

    port: int
    session: str
    took: list[float] = field(default_factory=list)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Fetch a page; redirects are not followed."""
        return await self._ask("GET", path, b"", "")

    async def form(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": CSRF}).encode()
        return await self._ask("POST", path, body, "application/x-www-form-urlencoded")

    async def send(self, path: str, value: object) -> Answer:
        """Send JSON."""
        return await self._ask("POST", path, json.dumps(value).encode(), "application/json")

    async def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Cookie: sessionid={self.session}; csrftoken={CSRF}",
            f"X-CSRFToken: {CSRF}",
            f"Content-Length: {len(body)}",
            *([f"Content-Type: {kind}"] if kind else []),
        ]
        head = "\r\n".join([*lines, "", ""]).encode()
        began = time.perf_counter()
        try:
            answer = await self._exchange(head + body, began)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server closes connections that rest too long; a browser opens another one.
            self._streams = None
            answer = await self._exchange(head + body, began)
        self.took.append(answer.seconds)
        return answer

    async def _exchange(self, request: bytes, began: float) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LINE.match(head)
        assert found is not None, head[:80]
        pairs = (line.split(":", 1) for line in head.decode("latin-1").split("\r\n")[1:] if line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        body = await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            writer.close()
            self._streams = None
        return Answer(int(found[1]), headers, body, time.perf_counter() - began)


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        parts = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)
    return await reader.readexactly(int(headers.get("content-length", 0)))


@dataclass
class Server:
    """Gunicorn with its workers, and whatever else works for it (the database)."""

    port: int
    service: Service

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Return the CPU time of its processes and of PostgreSQL's, ended ones included."""
        assert self.service.process is not None
        return _cpu(psutil.Process(self.service.process.pid)) + self.database_seconds()

    def database_seconds(self) -> float:
        """Return the CPU time of PostgreSQL's processes alone."""
        found = psutil.process_iter(["name"])
        return sum(_cpu(one) for one in found if _is_postmaster(one))


def _is_postmaster(process: psutil.Process) -> bool:
    if process.info["name"] != "postgres":
        return False
    parent = process.parent()
    return parent is None or parent.name() != "postgres"


def _cpu(top: psutil.Process) -> float:
    total = 0.0
    for process in (top, *top.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def server(environment: Environment, *, workers: int, threads: int) -> Iterator[Server]:
    """Serve with the settings of production: hashed static files, no log of accesses."""
    port = free_port()
    command = [
        str(ROOT / ".venv" / "bin" / "gunicorn"), "config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--threads", str(threads), "--keep-alive", "75",
        "--no-control-socket", "--preload",
    ]  # fmt: skip
    log = Path(environment["SPARRING_VAR"]) / "gunicorn.log"
    service = Service("web", command, environment, log)
    service.start()
    try:
        wait_for_server(f"http://127.0.0.1:{port}", 60)
        yield Server(port, service)
    finally:
        assert service.process is not None
        service.process.terminate()
        service.stop(time.monotonic() + 8)


@dataclass(frozen=True)
class Calibration:
    """What a fixed piece of work costs here: figures divided by it compare between machines."""

    milliseconds: float

    @classmethod
    def now(cls) -> Self:
        """Time a loop of pure Python five times and take the quickest, in ms of CPU."""
        return cls(min(_loop() for _ in range(5)))

    def told(self) -> str:
        """Return it in words."""
        return f"calibration loop: {self.milliseconds:.1f} ms of CPU on this machine"


def _loop() -> float:
    began = time.process_time()
    table: dict[str, int] = {}
    for number in range(100_000):
        key = f"{number % 997}"
        table[key] = table.get(key, 0) + number
    assert len(table) == 997
    return (time.process_time() - began) * 1e3


def percentile(values: list[float], percent: float) -> float:
    """Return the value that so many per cent lie at or below (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, round(len(ranked) * percent / 100 + 0.5) - 1))]
