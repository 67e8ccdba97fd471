"""Requests to a server that may be away for a moment: asked again, and done once."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import IO, Any, Final
from urllib.parse import urlsplit

ANSWER_SECONDS: Final = 30.0
_FIRST_REST, _LONGEST_REST = 0.5, 8.0
_AWAY = frozenset({502, 503, 504})
_WAIT = 429
_NOT_MODIFIED = 304


class CannotReachError(Exception):
    """The server was away for longer than one waits; the text is for a person."""


class RefusedError(Exception):
    """The server refused; ``kind`` is the problem's, the text what it says to a person."""

    def __init__(self, status: int, kind: str, words: str) -> None:
        self.status, self.kind = status, kind
        super().__init__(words)


@dataclass(frozen=True)
class Answer:
    """What the server answered; of what has not changed (304) there is no body."""

    status: int
    body: Any
    tag: str


@dataclass(frozen=True)
class _Asked:
    """What one try came to: an answer, or how long to rest before the next and why."""

    answer: Answer | None = None
    rest: float | None = None
    why: str = ""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token goes to the server that was named and to no other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, *rest: Any
    ) -> None:
        """Follow nothing."""


@dataclass
class Server:
    """A server by its address, asked with a token.

    Where there is no answer the same request is sent again, for up to ``patience`` seconds on end;
    ``say`` is told why one waits. Where the server asks to wait (429) that is done, until
    ``deadline`` by ``clock``.
    """

    base: str
    token: str
    patience: float
    deadline: float
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(_NoRedirects), repr=False
    )

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where the address is none."""
        parts = urlsplit(self.base)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError(f"{self.base!r} is no address that begins with http:// or https://")

    def get(self, path: str, tag: str = "") -> Answer:
        """Return what is there; 304 and no body where it is still what ``tag`` says.

        Raises ``RefusedError`` and ``CannotReachError``.
        """
        return self._ask("GET", path, None, {"If-None-Match": tag} if tag else {})

    def post(self, path: str, body: Mapping[str, Any], key: str) -> Answer:
        """Create something, once however often it has to be sent: ``key`` says that it is the same.

        Raises ``RefusedError`` and ``CannotReachError``.
        """
        sent = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self._ask("POST", path, sent, headers)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        rest, away_since = _FIRST_REST, None
        while True:
            tried = self._try(method, path, body, headers)
            if tried.answer is not None:
                return tried.answer
            now = self.clock()
            if tried.rest is None:
                away_since = now if away_since is None else away_since
                if now + rest - away_since > self.patience:
                    raise CannotReachError(f"The server {self.base} cannot be reached: {tried.why}")
            elif now + tried.rest > self.deadline:
                raise RefusedError(_WAIT, "too-many-requests", tried.why)
            else:
                away_since = None
            self.say(tried.why)
            self.sleep(rest if tried.rest is None else tried.rest)
            rest = min(2 * rest, _LONGEST_REST) if tried.rest is None else _FIRST_REST

    def _try(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> _Asked:
        # The address was looked at when this server was made: http or https.
        request = urllib.request.Request(  # noqa: S310
            self.base.rstrip("/") + path,
            body,
            {"Accept": "application/json", "Authorization": f"Bearer {self.token}", **more},
            method=method,
        )
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as came:
                return _Asked(Answer(came.status, _json(came.read()), came.headers.get("ETag", "")))
        except urllib.error.HTTPError as fault:
            with fault:
                return self._refused(fault.code, fault.headers, fault)
        except urllib.error.URLError as fault:
            return _Asked(why=str(fault.reason))
        except (OSError, HTTPException, ValueError) as fault:
            return _Asked(why=str(fault) or type(fault).__name__)

    def _refused(self, status: int, headers: Message, body: IO[bytes]) -> _Asked:
        if status == _NOT_MODIFIED:
            return _Asked(Answer(status, None, headers.get("ETag", "")))
        if 300 <= status < 400:
            where = headers.get("Location", "elsewhere")
            raise RefusedError(status, "redirected", f"{self.base} leads to {where}: name that.")
        if status in _AWAY:
            return _Asked(why=f"it answers {status}")
        kind, words = _problem(status, body)
        if status == _WAIT:
            return _Asked(rest=_seconds(headers.get("Retry-After", "")), why=words)
        raise RefusedError(status, kind, words)


def _json(raw: bytes) -> Any:
    return json.loads(raw) if raw else None


def _problem(status: int, body: IO[bytes]) -> tuple[str, str]:
    """Return the kind of a problem and what it says; of what is none, its status."""
    try:
        told = json.loads(body.read())
        kind, words = str(told["type"]), str(told["detail"])
        reasons = [f"{one['field']}: {one['reason']}" for one in told.get("errors", [])]
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError):
        return "", f"The server answers {status}."
    lacking = [one for one in reasons if words not in one]
    return kind.rpartition(":")[2], " ".join([words, *lacking])


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 5.0
