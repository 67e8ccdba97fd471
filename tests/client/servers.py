"""A server that answers as it is told to, to see what the client makes of it."""

import json
import threading
import urllib.error
import urllib.request
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

    with _served(Handler) as address:
        yield Scripted(address, heard)


@contextmanager
def losing_answers(server: str, losses: int) -> Iterator[str]:
    """Pass requests on to a server, and lose its first answers on their way back."""
    left = [losses]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            request = urllib.request.Request(
                server + self.path, self.rfile.read(size) or None, dict(self.headers),
                method=self.command,
            )  # fmt: skip
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                with opener.open(request, timeout=30) as came:
                    status, headers, body = came.status, came.headers, came.read()
            except urllib.error.HTTPError as refused:
                status, headers, body = refused.code, refused.headers, refused.read()
            if left[0]:
                left[0] -= 1
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in {"connection", "transfer-encoding", "date", "server"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 (the base class calls it so)

        def log_message(self, *_said: Any) -> None:
            pass

    with _served(Handler) as address:
        yield address


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
