"""Everything that goes wrong, as ``application/problem+json`` (RFC 9457)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied as DjangoDenied
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from assessments import services
from assessments.journal.entries import storable
from assessments.services.journal import TooMuchError
from assessments.services.tokens import TokenRefusedError
from question_bank.kinds import UnreadableAnswerError

log = structlog.get_logger(__name__)
TYPES = "urn:sparring:problem:"


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = "application/problem+json"


class Problem(exceptions.APIException):
    """A refusal with a type of its own; ``errors`` names fields and reasons."""

    def __init__(
        self,
        status_code: int,
        kind: str,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status_code = status_code
        self.kind = kind
        self.errors = errors or []
        self.headers = dict(headers or {})
        super().__init__(detail)


# What services refuse: status, kind, and the field that it is about.
_REFUSED: dict[type[Exception], tuple[int, str, str]] = {
    services.SourceTooLargeError: (413, "too-large", "source"),
    services.TooManySubmissionsError: (429, "too-many-submissions", ""),
    services.SittingOverError: (409, "sitting-over", ""),
    services.NoSittingError: (409, "no-sitting", ""),
    services.TooFewQuestionsError: (409, "not-ready", ""),
    services.ClosedCourseError: (403, "closed-course", ""),
    services.LastInstructorError: (409, "last-instructor", "role"),
    services.WithdrawnError: (409, "withdrawn", ""),
    services.NotAnsweredHereError: (409, "answered-by-code", ""),
    UnreadableAnswerError: (422, "unreadable-answer", "answer"),
    TooMuchError: (413, "too-large", "answer"),
}


def handle(fault: Exception, context: Mapping[str, Any]) -> Response:
    """Return the problem that an exception is; what nobody expected is logged, and a 500."""
    set_rollback()
    problem = _problem(fault)
    if problem is None:
        got_request_exception.send(sender=type(context.get("view")), request=context["request"])
        log.exception("api_failed", path=context["request"].path)
        detail = _("Something went wrong here. It has been noted.")
        problem = Problem(500, "our-failure", detail)
    return answer(problem, context["request"].path)


def answer(problem: Problem, path: str) -> Response:
    """Return a problem as the answer to a request for a path."""
    response = Response(
        body(problem, path),
        status=problem.status_code,
        headers=problem.headers,
        content_type=ProblemRenderer.media_type,
    )
    response.exception = True
    return response


def body(problem: Problem, path: str) -> dict[str, Any]:
    """Return the fields of a problem."""
    return {
        "type": TYPES + problem.kind,
        "title": HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": storable(str(problem.detail)),
        "instance": storable(path),
        # A field may be called as it was sent: half a surrogate pair fits in no answer.
        "errors": [
            {name: storable(text) for name, text in error.items()} for error in problem.errors
        ],
    }


def _problem(fault: Exception) -> Problem | None:
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, Http404):
        return Problem(404, "not-found", _("There is nothing here that you may see."))
    if isinstance(fault, DjangoDenied):
        return Problem(403, "not-allowed", _("You may not do that."))
    if isinstance(fault, RequestDataTooBig):
        return Problem(413, "too-large", _("The body is larger than is taken."))
    if isinstance(fault, TokenRefusedError):
        return Problem(
            400, "invalid", str(fault), errors=[{"field": fault.field, "reason": str(fault)}]
        )
    if isinstance(fault, exceptions.APIException):
        return _of_framework(fault)
    return _refused(fault)


def _refused(fault: Exception) -> Problem | None:
    known = next((_REFUSED[kind] for kind in type(fault).__mro__ if kind in _REFUSED), None)
    if known is None:
        return None
    code, kind, field = known
    words = str(fault)
    errors = [{"field": field, "reason": words}] if field else []
    seconds = getattr(fault, "seconds", None)
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return Problem(code, kind, words, errors=errors, headers=headers)


_KINDS = {
    400: "invalid",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
}


def _of_framework(fault: exceptions.APIException) -> Problem:
    headers = {}
    if asks := getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = asks
    if (wait := getattr(fault, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    errors: list[dict[str, str]] = []
    detail = str(fault.detail)
    if isinstance(fault, exceptions.ValidationError):
        errors = list(_errors(fault.detail))
        detail = _("What was sent is not valid: see errors.")
    kind = _KINDS.get(fault.status_code, "refused")
    return Problem(fault.status_code, kind, detail, errors=errors, headers=headers)


def _errors(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, within in detail.items():
            inner = "" if name == api_settings.NON_FIELD_ERRORS_KEY else str(name)
            yield from _errors(within, ".".join(filter(None, [field, inner])))
    elif isinstance(detail, list):
        for place, within in enumerate(detail):
            deeper = isinstance(within, Mapping | list)
            if within:
                yield from _errors(within, f"{field}.{place}".strip(".") if deeper else field)
    else:
        yield {"field": field, "reason": str(detail)}
