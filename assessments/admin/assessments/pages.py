"""What is done with an assessment besides changing it: previewed, published, released, tried."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments import access
from assessments.admin.learners_view import view_of
from assessments.models import Assessment, Slot, User
from assessments.services.building import (
    BeingSatError,
    NotReadyError,
    hold_feedback_back,
    problems_of,
    publish_assessment,
    release_feedback,
    unpublish_assessment,
)
from assessments.services.sittings import begin, pool_of
from assessments.web.conditions import points_words
from question_bank.variants import DEPLOYED, deployed_seed

_SHOWN_OF_A_POOL = 50


def may_build(request: HttpRequest, row: Model | None) -> bool:
    """Whether the person teaches the course of the assessment."""
    if request.user.is_superuser:
        return True
    return isinstance(row, Assessment) and access.teaches(request.user, row.course)


def facts(request: HttpRequest, assessment: Assessment) -> dict[str, Any]:
    """Return what the form's page shows beside the form."""
    sittings = assessment.sittings.filter(is_test=False)
    return {
        "may_build": may_build(request, assessment),
        "problems": problems_of(assessment),
        "begun": sittings.count(),
        "open_now": sittings.filter(handed_in_at__isnull=True).count(),
    }


def preview(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Show every question as learners see it, and of a pool those that may be drawn."""
    assessment = _found(model_admin, request, pk)
    seed = deployed_seed(request.GET.get("seed", ""))
    places = [
        {
            "slot": slot,
            "worth": points_words(slot.points),
            "questions": _questions(slot, seed),
        }
        for slot in assessment.slots.select_related("question__live", "concept", "tag")
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Preview of %(title)s") % {"title": assessment.title},
        "assessment": assessment,
        "places": places,
        "seed": seed,
        "next_seed": (seed + 1) % len(DEPLOYED),
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/assessments/assessment/preview.html", context)


def _questions(slot: Slot, seed: int) -> list[dict[str, Any]]:
    if slot.question is not None:
        live = slot.question.live
        view = view_of(live, seed) if live is not None else None
        return [{"question": slot.question, "view": view}]
    fitting = pool_of(slot).select_related("live")[:_SHOWN_OF_A_POOL]
    return [{"question": question, "view": None} for question in fitting]


def do(model_admin: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do something with the assessment, or say why not."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    assessment = _found(model_admin, request, pk)
    if not may_build(request, assessment):
        raise PermissionDenied
    if verb == "try":
        sitting = begin(_person(request), assessment, test=True)
        return redirect("web:sitting", sitting.pk)
    back = redirect("admin:assessments_assessment_change", assessment.pk)
    if verb not in _VERBS:
        return back
    act, said = _VERBS[verb]
    try:
        act(assessment)
    except NotReadyError as refusal:
        for reason in refusal.reasons:
            model_admin.message_user(request, reason, messages.ERROR)
        return back
    except BeingSatError as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return back
    model_admin.log_change(request, assessment, said)
    model_admin.message_user(request, _(said), messages.SUCCESS)
    return back


_VERBS: dict[str, tuple[Callable[[Assessment], None], str]] = {
    "publish": (publish_assessment, gettext_noop("Published; learners see it.")),
    "unpublish": (
        unpublish_assessment,
        gettext_noop("Hidden from learners; what they handed in stays."),
    ),
    "release": (release_feedback, gettext_noop("Learners see how their answers were marked.")),
    "hold-back": (
        hold_feedback_back,
        gettext_noop("Learners no longer see how their answers were marked."),
    ),
}


def _found(model_admin: Any, request: HttpRequest, pk: int) -> Assessment:
    found: Assessment = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    return found


def _person(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
