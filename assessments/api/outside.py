"""What fails before or after a view of the API has had its say: a problem there too, not a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from assessments.api.problems import Problem, ProblemRenderer, body

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that no view is asked about, such as one for another host."""
    told = Problem(400, "invalid", _("This request cannot be read."))
    return _answer(request, told, lambda: defaults.bad_request(request, exception))


def server_error(request: HttpRequest, **_told: Any) -> HttpResponse:
    """Answer what nobody expected."""
    told = Problem(500, "our-failure", _("Something went wrong here. It has been noted."))
    return _answer(request, told, lambda: defaults.server_error(request))


def _answer(request: HttpRequest, told: Problem, page: Callable[[], HttpResponse]) -> HttpResponse:
    if not request.path.startswith(API):
        return page()
    return JsonResponse(
        body(told, request.path), status=told.status_code, content_type=ProblemRenderer.media_type
    )
