"""Whether this process lives, and whether it can do its work."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswerError
from functools import cache

from celery import current_app
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

OK = "ok"
_ANSWER_SECONDS = 2.0
_FRESH_SECONDS = 1.0


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Say that this process answers; asks neither database nor broker."""
    return JsonResponse({"live": True})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Say whether database, broker and migrations are there; status 503 where one is not."""
    found = readiness().told()
    fine = set(found.values()) == {OK}
    return JsonResponse({"ready": fine, "checks": found}, status=200 if fine else 503)


@cache
def readiness() -> "Readiness":
    """Return this process's readiness."""
    return Readiness({"database": database, "broker": broker, "migrations": migrations})


class Readiness:
    """Asks checks, each in a thread of its own, and waits for them no longer than two seconds.

    A check that hangs is not asked a second time before it has answered, and answers are good for a
    second: however many ask, each check runs once at a time.
    """

    def __init__(
        self, checks: Mapping[str, Callable[[], str]], seconds: float = _ANSWER_SECONDS
    ) -> None:
        self._checks, self._seconds = checks, seconds
        self._asked: dict[str, tuple[float, Future[str]]] = {}
        self._lock = threading.Lock()

    def told(self) -> dict[str, str]:
        """Return what each check says: ``ok``, or what is missing."""
        until = time.monotonic() + self._seconds
        asked = {name: self._ask(name) for name in self._checks}
        return {name: _answer(future, until) for name, future in asked.items()}

    def _ask(self, name: str) -> Future[str]:
        with self._lock:
            at, future = self._asked.get(name, (0.0, None))
            is_fresh = future is not None and time.monotonic() - at < _FRESH_SECONDS
            if future is None or (future.done() and not is_fresh):
                future = Future()
                run = (self._checks[name], future)
                # A daemon: one that hangs must not keep the process from ending.
                threading.Thread(target=_run, args=run, name=f"health-{name}", daemon=True).start()
                self._asked[name] = (time.monotonic(), future)
            return future


def _run(check: Callable[[], str], future: "Future[str]") -> None:
    try:
        future.set_result(check())
    except Exception as fault:  # noqa: BLE001  (told as what is away)
        future.set_exception(fault)


def _answer(future: "Future[str]", until: float) -> str:
    try:
        return future.result(max(0.0, until - time.monotonic()))
    except NoAnswerError:
        return "no answer"
    except Exception:  # noqa: BLE001  (whatever it is: what it says may name hosts and users)
        return "away"


def database() -> str:
    """Ask the database for a number."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()
    return OK


def broker() -> str:
    """Ask the broker whether it is there."""
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    return OK


def migrations() -> str:
    """Ask the database which migrations it has, and say how many are missing."""
    try:
        missing = _known() - set(MigrationRecorder(connection).applied_migrations())
    finally:
        connection.close()
    return f"{len(missing)} not applied" if missing else OK


@cache
def _known() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)
