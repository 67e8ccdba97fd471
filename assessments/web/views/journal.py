"""The journal of an answer: a page sends what was typed, and learns what else was."""

import json
from collections.abc import Mapping

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.access import own_attempt
from assessments.journal import Malformed, entries_of, known_of, news
from assessments.services.journal import Kept, TooMuchError, record_entries, state_of
from assessments.web.journals import times


@never_cache
@require_http_methods(["GET", "POST"])
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take entries of the person's own attempt, or say how its answer stands."""
    if not request.user.is_authenticated:
        return _refused(401, "signed out")
    attempt = own_attempt(request.user, pk)
    if attempt is None:
        return _refused(404, "not yours")
    if request.method == "GET":
        return _told(Kept(state_of(attempt), 0, sitting=attempt.sitting), {})
    try:
        sent = json.loads(request.body)
        entries = entries_of(sent)
        known = known_of(sent, entries)
        kept = record_entries(attempt, sent["writer"], entries)
    except RequestDataTooBig:
        return _refused(413, "too large")
    except (Malformed, ValueError, RecursionError) as fault:
        return _refused(413 if isinstance(fault, TooMuchError) else 400, str(fault))
    return _told(kept, known)


def _told(kept: Kept, known: Mapping[str, int]) -> JsonResponse:
    """Return what is kept, and the fields that the page does not know as they stand."""
    said = {"acknowledged": kept.acknowledged, "late": kept.late}
    return JsonResponse(said | times(kept.sitting, timezone.now()) | news(kept.state, known))


def _refused(status: int, reason: str) -> JsonResponse:
    return JsonResponse({"refused": reason}, status=status)
