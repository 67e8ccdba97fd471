"""A server that answers as it is told to, to see what the client makes of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOST = "lost"
"""Instead of an answer: the connection ends."""


@dataclass(frozen=True)
class Said:
    """What is answered: status, body and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """What was asked for."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Scripted:
    """A running server: its address, and what it has heard."""

    base: str
    heard: list[Heard]


@contextmanager
def scripted(*answers: Said | str) -> Iterator[Scripted]:
    """Serve these answers one after the other, the last one for ever."""
    left, heard = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(size)
            body = json.loads(raw) if raw else None
            heard.append(Heard(self.command, self.path, dict(self.headers), body))
            said = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(said, str):
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            packed = b"" if said.body is None else json.dumps(said.body).encode()
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        do_POST = do_GET  # noqa: N815 (the base class calls it so)

        def log_message(self, *_said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_port}", heard)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
