"""The way in: courses, and one course with its concepts and questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.access import visible_courses
from assessments.models import Enrolment
from assessments.services import join
from assessments.web import course_page
from assessments.web.requests import SignedIn, find


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """Show the courses that there are; whoever is in just one goes straight there."""
    courses = list(visible_courses(request.user))
    mine = set(Enrolment.objects.filter(user=request.user).values_list("course", flat=True))
    if len(courses) == 1 and courses[0].pk in mine:
        return redirect("web:course", courses[0].slug)
    listed = [
        {
            "slug": course.slug,
            "title": course.title,
            "summary": course.summary,
            "may_join": course.pk not in mine,
        }
        for course in courses
    ]
    return render(request, "web/home.html", {"courses": listed})


@login_required
@require_safe
def course(request: SignedIn, slug: str) -> HttpResponse:
    """Show a course: concepts in the order to learn them, questions, and the next step."""
    found = find(visible_courses(request.user), slug=slug)
    return render(request, "web/course.html", course_page.context(found, request.user))


@login_required
@require_POST
def join_course(request: SignedIn, slug: str) -> HttpResponse:
    """Enrol in an open course."""
    found = find(visible_courses(request.user), slug=slug)
    join(request.user, found)
    messages.success(request, _("You have joined %(title)s.") % {"title": found.title})
    return redirect("web:course", found.slug)
