"""What a learner knows, and what to recall."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.access import visible_courses
from assessments.models import Enrolment
from assessments.web import mastery_page
from assessments.web.requests import SignedIn, find


@login_required
@require_safe
def mastery(request: SignedIn, slug: str) -> HttpResponse:
    """Show the learner's own mastery by concept, and which questions are due."""
    course = find(visible_courses(request.user), slug=slug)
    return render(request, "web/mastery.html", mastery_page.context(course, request.user))


@login_required
@require_POST
def recalls(request: SignedIn, slug: str) -> HttpResponse:
    """Turn the review queue on or off."""
    enrolment = get_object_or_404(Enrolment, user=request.user, course__slug=slug)
    enrolment.recalls = "on" in request.POST
    enrolment.save(update_fields=["recalls"])
    return redirect("web:mastery", slug)
