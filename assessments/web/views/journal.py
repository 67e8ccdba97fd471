"""The journal of an answer: a page sends what was typed, and learns what else was."""

import json
from collections.abc import Mapping

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.journal import Malformed, entries_of
from assessments.models import Attempt
from assessments.services.journal import Kept, TooMuchError, record_entries, state_of
from assessments.web.journals import news

_LOADED = ("pk", "learner", "sitting__due_at", "sitting__grace_until", "sitting__handed_in_at")


@never_cache
@require_http_methods(["GET", "POST"])
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take entries of the person's own attempt, or say how its answer stands."""
    if not request.user.is_authenticated:
        return _refused(401, "signed out")
    own = Attempt.objects.filter(pk=pk, learner=request.user)
    attempt = own.select_related("sitting").only(*_LOADED).first()
    if attempt is None:
        return _refused(404, "not yours")
    if request.method == "GET":
        return _told(attempt, Kept(state_of(attempt), 0, late=False), {})
    try:
        sent = json.loads(request.body)
        entries = entries_of(sent)
        kept = record_entries(attempt, sent["writer"], entries)
    except RequestDataTooBig:
        return _refused(413, "too large")
    except (Malformed, ValueError, RecursionError) as fault:
        return _refused(413 if isinstance(fault, TooMuchError) else 400, str(fault))
    known = entries[-1].seen if entries else {}
    return _told(attempt, kept, {**known, sent["writer"]: kept.acknowledged})


def _told(attempt: Attempt, kept: Kept, known: Mapping[str, int]) -> JsonResponse:
    """Return what is kept, and the fields that the page does not know as they stand."""
    sitting = attempt.sitting
    left = None
    if sitting is not None and sitting.due_at is not None:
        left = max(0.0, (sitting.due_at - timezone.now()).total_seconds())
    return JsonResponse(
        {
            "acknowledged": kept.acknowledged,
            "late": kept.late,
            "handed_in": sitting is not None and sitting.handed_in_at is not None,
            "seconds_left": left,
            **news(kept.state, known),
        }
    )


def _refused(status: int, reason: str) -> JsonResponse:
    return JsonResponse({"refused": reason}, status=status)
