"""One concept, its picture as a learner sets it, and the glossary."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.access import visible_concepts, visible_courses
from assessments.services.votes import vote
from assessments.web import concept_page, glossary
from assessments.web.requests import SignedIn, find, fragment
from assessments.web.sliders import explorable


@login_required
@require_safe
def concept(request: SignedIn, slug: str) -> HttpResponse:
    """Show a concept with its picture, its neighbours in the course, and practice."""
    found = find(visible_concepts(request.user), slug=slug)
    shown = concept_page.context(found, request.user, request.GET.dict())
    return render(request, "web/concept.html", shown)


@require_safe
@fragment
def pattern(request: SignedIn, slug: str) -> HttpResponse:
    """Show a concept's picture and figures as they are set."""
    found = find(visible_concepts(request.user), slug=slug)
    drawn = explorable(found, request.GET.dict(), request.GET.get("query"))
    if drawn is None:
        raise Http404
    return render(request, "web/parts/pattern_live.html", {"explorable": drawn})


@login_required
@require_POST
def helpful(request: SignedIn, slug: str) -> HttpResponse:
    """Record whether a concept's page helped."""
    found = find(visible_concepts(request.user), slug=slug)
    helped = request.POST.get("helped")
    if helped in {"yes", "no"}:
        comment = request.POST.get("comment", "")
        vote(request.user, found, helped=helped == "yes", comment=comment)
        messages.success(request, _("Your answer is kept."))
    return redirect("web:concept", found.slug)


@login_required
@require_safe
def course_glossary(request: SignedIn, slug: str) -> HttpResponse:
    """Show the terms of a course."""
    found = find(visible_courses(request.user), slug=slug)
    return render(request, "web/glossary.html", glossary.context(found))
