"""The journal of one answer: what its page sends while somebody types, and what is saved."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.access import own_attempts
from assessments.services.journal import record_entries, saved_state
from assessments.web.journals import Batch, lacking, milliseconds, told
from assessments.web.requests import SignedIn, find


@never_cache
@require_http_methods(["GET", "POST"])
def entries(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the changes that a page sends, or return what is saved; JSON both ways.

    401 where nobody is signed in, 404 where the attempt is not one's own, 400 for what is no batch.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "signed_out"}, status=401)
    attempt = find(own_attempts(request.user), pk=pk)
    now = timezone.now()
    if request.method == "GET":
        state, revision = saved_state(attempt)
        known = {"now": milliseconds(now), "revision": revision, "state": lacking(state, -1)}
        return JsonResponse(known)
    try:
        batch = Batch.model_validate_json(request.body)
    except ValueError as fault:
        return JsonResponse({"detail": str(fault)[:2_000]}, status=400)
    receipt = record_entries(attempt, batch.sent(now), now)
    return JsonResponse(told(receipt, batch.revision, now))
