"""Importing a file: looked at first, then carried out exactly as it was shown, or not at all.

Between the two pages the file travels in the form, signed for its person, its format and what was
shown: nothing of it is kept on the server, and nothing else can be put in its place.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from assessments.admin.questions import addresses
from assessments.admin.rights import person
from assessments.models import User
from question_bank.exchange import FORMATS, ImportRefusedError, Plan, Source, apply, plan

MOST_BYTES = 1_500_000
"""A larger file would not fit in the second form; several imports take it in parts."""

_VALID_SECONDS = 3_600
_TEMPLATE = "admin/question_bank/question/import.html"


@dataclass(frozen=True)
class _Looked:
    """What was looked at: a file's bytes, its format, and the plan that was made of them."""

    data: bytes
    format: str
    plan: Plan


def bring_in(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask for a file, or show what importing it would do."""
    user = person(request, "view", "write")
    if request.method != "POST":
        return _page(model_admin, request, {})
    name, upload = request.POST.get("format", ""), request.FILES.get("file")
    fault = ""
    if name not in FORMATS:
        fault = _("Choose the format of the file.")
    elif upload is None:
        fault = _("Choose a file.")
    elif (upload.size or 0) > MOST_BYTES:
        fault = _("Split the file; it is larger than %(most)s MB.") % {
            "most": f"{MOST_BYTES / 1_000_000:g}"
        }
    if fault or upload is None:
        return _page(model_admin, request, {"fault": fault, "format": name}, status=422)
    return _look(model_admin, request, user, _looked(upload.read(), name, user))


def carry_out(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Import what was looked at; show it again where the bank has changed meanwhile."""
    user = person(request, "view", "write")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    shown, name = request.POST.get("shown", ""), request.POST.get("format", "")
    try:
        data = _signer(user, name, shown).unsign_object(
            request.POST.get("signed", ""), serializer=_Bytes, max_age=_VALID_SECONDS
        )
    except signing.BadSignature:
        said = _("Nothing was imported: choose the file again, so that you see what it does.")
        return _page(model_admin, request, {"fault": said}, status=422)
    looked = _looked(data, name, user)
    if fingerprint(looked.plan) != shown:
        return _changed(model_admin, request, user, looked)
    try:
        imported = apply(looked.plan, by=user.pk)
    except ImportRefusedError as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return _look(model_admin, request, user, _looked(data, name, user), status=409)
    said = _("%(new)s new, %(changed)s changed; they are drafts now.") % {
        "new": len(imported.new),
        "changed": len(imported.changed),
    }
    model_admin.message_user(request, said, messages.SUCCESS)
    return redirect(addresses.of_list())


def fingerprint(made: Plan) -> str:
    """Return a digest of all that a plan would do, and of what it was made against."""
    told = [
        made.as_json(),
        [
            [
                change.content.model_dump(mode="json"),
                change.folder,
                change.tags,
                change.held and change.held.state,
            ]
            for change in made.changes
        ],
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class _Bytes:
    """Signs bytes as they are."""

    def dumps(self, data: bytes) -> bytes:
        return data

    def loads(self, data: bytes) -> bytes:
        return data


def _signer(user: User, name: str, shown: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"sparring/import/{user.pk}/{name}/{shown}")


def _changed(model_admin: Any, request: HttpRequest, user: User, looked: _Looked) -> HttpResponse:
    said = _("Nothing was imported: the questions have changed since you looked. Look at it again.")
    model_admin.message_user(request, said, messages.ERROR)
    return _look(model_admin, request, user, looked, status=409)


def _looked(data: bytes, name: str, user: User) -> _Looked:
    return _Looked(data, name, plan([Source("", data)], name, by=user.pk))


def _look(
    model_admin: Any, request: HttpRequest, user: User, looked: _Looked, *, status: int = 200
) -> HttpResponse:
    made, name = looked.plan, looked.format
    shown = fingerprint(made)
    signer = _signer(user, name, shown)
    context = {
        "format": name,
        "plan": made,
        "new": made.that_are("new"),
        "changed": made.that_are("changed"),
        "unchanged": made.that_are("unchanged"),
        "shown": shown,
        "signed": signer.sign_object(looked.data, serializer=_Bytes, compress=True),
    }
    return _page(model_admin, request, context, status=status)


def _page(
    model_admin: Any, request: HttpRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "title": _("Import questions"),
        "formats": [(name, each.title, each.suffix) for name, each in FORMATS.items()],
    }
    return TemplateResponse(request, _TEMPLATE, shared | context, status=status)
