"""What is told back of an answer while it is typed; nothing is looked up, marked or kept."""

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from assessments.web.readings import reading
from assessments.web.requests import SignedIn, fragment


@fragment
@require_safe
def number(request: SignedIn) -> HttpResponse:
    """Say how a number is read: the parameter that ``field`` names, in ``unit`` if one is named."""
    typed = request.GET.get(request.GET.get("field", ""), "")
    return HttpResponse(escape(reading(typed, request.GET.get("unit", ""))))
