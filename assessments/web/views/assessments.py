"""An assessment: what it asks for, and the way into it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.access import teaches, visible_assessment
from assessments.models import Assessment
from assessments.services import NoSittingError, TooFewQuestionsError, begin
from assessments.web import assessment_page
from assessments.web.conditions import asks_to_confirm
from assessments.web.requests import SignedIn, the_one


@login_required
@never_cache
@require_safe
def assessment(request: SignedIn, course: str, slug: str) -> HttpResponse:
    """Show an assessment: conditions in plain words, own sittings, and the button to begin."""
    return _page(request, _found(request, course, slug))


@login_required
@require_POST
def begin_sitting(request: SignedIn, course: str, slug: str) -> HttpResponse:
    """Begin a sitting, or go on with the one that is open."""
    found = _found(request, course, slug)
    test = bool(request.POST.get("test")) and teaches(request.user, found.course)
    if asks_to_confirm(found) and not request.POST.get("ready"):
        return _page(request, found, fault=_("Tick that you are ready: the clock starts then."))
    try:
        sitting = begin(request.user, found, test=test)
    except NoSittingError as fault:
        messages.info(request, str(fault))
        return redirect("web:assessment", course, slug)
    except TooFewQuestionsError as fault:
        told = str(fault) if teaches(request.user, found.course) else ""
        context = {"assessment": found, "course": found.course, "told": told}
        return render(request, "web/sittings/not_ready.html", context, status=409)
    return redirect("web:sitting", sitting.pk)


def _found(request: SignedIn, course: str, slug: str) -> Assessment:
    return the_one(visible_assessment(request.user, course, slug))


def _page(request: SignedIn, found: Assessment, fault: str = "") -> HttpResponse:
    context = assessment_page.context(found, request.user) | {"fault": fault}
    status = 422 if fault else 200
    return render(request, "web/sittings/assessment.html", context, status=status)
