"""Idempotency keys: a request that is sent again, because its answer was lost, is done once."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.problems import Problem
from assessments.models import Repeatable
from assessments.services.repeats import KEPT

HEADER = "Idempotency-Key"
MOST_CHARACTERS = 255
_HEADERS = ("Location", "ETag")


def once(request: Request, work: Callable[[], Response], untold: Sequence[str] = ()) -> Response:
    """Do what a request asks for, or repeat what it was answered before.

    The answer is kept with what was done, in one transaction: of two that come at once the second
    waits. What was refused is not kept, and may be asked for again. Raises ``Problem``.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= MOST_CHARACTERS:
        told = _("Up to %(most)d printable ASCII characters.") % {"most": MOST_CHARACTERS}
        raise Problem(400, "invalid", told, errors=[{"field": HEADER, "reason": told}])
    place: dict[str, Any] = {
        "user": request.user,
        "key": key,
        "route": f"{request.method} {request.path}"[:300],
    }
    digest = _digest(request)
    Repeatable.objects.filter(**place, created_at__lt=timezone.now() - KEPT).delete()
    before = Repeatable.objects.filter(**place).first()
    if before is None:
        try:
            return _first(place, digest, work, untold)
        except _NotFirstError:
            before = Repeatable.objects.get(**place)
    return _again(before, digest)


class _NotFirstError(Exception):
    """Another request with the same key was quicker."""


def _first(
    place: dict[str, Any], digest: str, work: Callable[[], Response], untold: Sequence[str]
) -> Response:
    with transaction.atomic():
        try:
            with transaction.atomic():
                kept = Repeatable.objects.create(
                    **place, body_digest=digest, created_at=timezone.now()
                )
        except IntegrityError as fault:
            raise _NotFirstError from fault
        response = work()
        kept.status = response.status_code
        kept.answer = _without(response.data, untold)
        kept.headers = {name: response[name] for name in _HEADERS if name in response}
        kept.save(update_fields=["status", "answer", "headers"])
        return response


def _without(data: Any, untold: Sequence[str]) -> Any:
    if not untold:
        return data
    return {name: None if name in untold else value for name, value in data.items()}


def _again(before: Repeatable, digest: str) -> Response:
    if before.body_digest != digest:
        told = _("This key was used before, with another body. Take a new one for another request.")
        raise Problem(409, "key-used-before", told, errors=[{"field": HEADER, "reason": told}])
    headers = {**before.headers, "Idempotency-Replayed": "true"}
    return Response(before.answer, status=before.status, headers=headers)


def _digest(request: Request) -> str:
    return hashlib.sha256(request._request.body).hexdigest()
