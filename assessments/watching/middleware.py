"""Gives every request an id, logs it in one line and counts it."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse

from assessments.counters import REQUESTS
from grader import trace

log = structlog.get_logger(__name__)

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Asked for every few seconds, by machines.
_SILENT = {"static", "healthz", "watching:live", "watching:ready", "watching:metrics"}


class Watched:
    """The first middleware: what others refuse is seen as well.

    The id is that of a valid ``X-Request-ID``, or a new one; the answer bears it. Neither the
    address nor its query is logged, for both may hold what is secret; the route's name is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        got_request_exception.connect(_failed, dispatch_uid=__name__)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        chosen = trace.new_request(request.headers.get(trace.REQUEST_HEADER))
        began = time.perf_counter()
        response = self._get_response(request)
        seconds = time.perf_counter() - began
        route = _route(request)
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, route, str(response.status_code)).observe(seconds)
        tell = log.debug if route in _SILENT else log.info
        tell(
            "request", method=method, route=route, status=response.status_code,
            milliseconds=round(1e3 * seconds, 1),
        )  # fmt: skip
        response.headers[trace.REQUEST_HEADER] = chosen
        trace.forget()
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "unmatched"


def _failed(request: HttpRequest | None = None, **_: Any) -> None:
    log.error("request_failed", exc_info=True, route=_route(request) if request else "")
