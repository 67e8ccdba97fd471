"""The map of a course."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import visible_courses
from assessments.web.maps import page
from assessments.web.requests import SignedIn, find


@login_required
@require_safe
def course_map(request: SignedIn, slug: str) -> HttpResponse:
    """Show a course's concepts as a picture and as a list, with the learner's own progress."""
    course = find(visible_courses(request.user), slug=slug)
    return render(request, "web/map.html", page.context(course, request.user))
