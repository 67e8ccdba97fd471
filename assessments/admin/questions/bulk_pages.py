"""The pages of what is done with many questions: what will happen to each, then what happened."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from assessments.admin.questions import addresses, chosen
from assessments.admin.questions.bulk import BULK, SORTING, Line, done, foreseen
from assessments.admin.questions.bulk_kind import Bulk
from assessments.admin.rights import person
from assessments.models import User
from question_bank.authoring import AuthoringError
from question_bank.models import Question

_TEMPLATE = "admin/question_bank/question/bulk.html"


def begin(
    model_admin: Any, request: HttpRequest, questions: QuerySet[Question], *, name: str
) -> HttpResponse | None:
    """Begin with the questions that were chosen in the list."""
    kind = BULK[name]
    user = person(request, "view", *kind.rights)
    pks = list(questions.order_by("title", "slug").values_list("pk", flat=True)[: kind.most + 1])
    if len(pks) > kind.most:
        said = _("Choose at most %(most)s questions for this; narrow the list first.") % {
            "most": kind.most
        }
        model_admin.message_user(request, said, messages.WARNING)
        return None
    return _foresee(model_admin, request, name, _rows(pks), user, typed=None)


def go_on(model_admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """Show again what will happen, with what was typed, or do it."""
    if name not in BULK:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kind = BULK[name]
    user = person(request, "view", *kind.rights)
    rows = _rows(chosen.read(request.POST.get("questions", ""), kind.most))
    if not rows:
        model_admin.message_user(request, _("Choose questions first."), messages.WARNING)
        return redirect(addresses.of_list())
    typed = request.POST.get("given", "")
    # What was typed since the page was shown is shown before it is done.
    seen = kind.at_once or request.POST.get("seen") == typed
    if "confirm" not in request.POST or not seen:
        return _foresee(model_admin, request, name, rows, user, typed=typed)
    try:
        given = kind.read(typed, user)
    except AuthoringError:
        return _foresee(model_admin, request, name, rows, user, typed=typed)
    lines = done(name, rows, given, user)
    for line in lines:
        if line.done and name in SORTING:
            model_admin.log_change(request, line.question, line.words)
    return _page(model_admin, request, kind, {"lines": lines, "is_done": True})


def _foresee(
    model_admin: Any,
    request: HttpRequest,
    name: str,
    rows: list[Question],
    user: User,
    *,
    typed: str | None,
) -> HttpResponse:
    """Show what will happen; ``typed`` is None where nothing could be typed yet."""
    kind, lines = BULK[name], list[Line]()
    faults: tuple[str, ...] = ()
    ready = typed is not None or kind.at_once
    if ready:
        try:
            lines = foreseen(name, rows, kind.read(typed or "", user), user)
        except AuthoringError as refusal:
            ready, faults = False, refusal.reasons
    context = {
        "name": name,
        "rows": rows,
        "questions": chosen.written(row.pk for row in rows),
        "typed": typed or "",
        "lines": lines,
        "possible": any(line.done for line in lines),
        "ready": ready,
        "faults": faults,
    }
    return _page(model_admin, request, kind, context)


def _page(
    model_admin: Any, request: HttpRequest, kind: Bulk, context: dict[str, Any]
) -> HttpResponse:
    lines = context["lines"]
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "title": kind.title,
        "kind": kind,
        "able": [line for line in lines if line.done],
        "refused": [line for line in lines if not line.done],
    }
    return TemplateResponse(request, _TEMPLATE, shared | context)


def _rows(pks: list[int]) -> list[Question]:
    rows = Question.objects.filter(pk__in=pks).order_by("title", "slug")
    return list(rows.select_related("live").prefetch_related("tags"))
