"""Marks: a learner's own, and the gradebook of those who teach."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.access import markable_courses, visible_courses
from assessments.models import Assessment, Course
from assessments.services.tallies import by_question
from assessments.web import gradebook_csv, gradebook_page, marks_page, question_tallies
from assessments.web.requests import SignedIn, find


@login_required
@never_cache
@require_safe
def marks(request: SignedIn, slug: str) -> HttpResponse:
    """Show a learner's own results, as far as they are released, and their practice."""
    course = find(visible_courses(request.user), slug=slug)
    if not course.enrolments.filter(user=request.user).exists():
        messages.info(request, _("Join the course to have marks in it."))
        return redirect("web:course", course.slug)
    return render(request, "web/marks.html", marks_page.context(course, request.user))


@login_required
@never_cache
@require_safe
def gradebook(request: SignedIn, slug: str) -> HttpResponse:
    """Show the results of a course's learners to those who mark it."""
    course = _marked(request, slug)
    return render(request, "web/gradebook.html", gradebook_page.context(course, request.GET))


@login_required
@never_cache
@require_safe
def gradebook_file(request: SignedIn, slug: str) -> HttpResponse:
    """Send the results of everybody as CSV."""
    course = _marked(request, slug)
    data = gradebook_csv.learners_csv(course, bom="bom" in request.GET)
    return _csv(data, f"{course.slug}-gradebook.csv")


@login_required
@never_cache
@require_safe
def questions(request: SignedIn, slug: str, assessment: str) -> HttpResponse:
    """Show how each question of an assessment went."""
    course = _marked(request, slug)
    found = _assessment(course, assessment)
    context = question_tallies.context(course, found, request.GET)
    return render(request, "web/gradebook_questions.html", context)


@login_required
@never_cache
@require_safe
def questions_file(request: SignedIn, slug: str, assessment: str) -> HttpResponse:
    """Send the same as CSV."""
    course = _marked(request, slug)
    found = _assessment(course, assessment)
    tallied = by_question(question_tallies.sittings_over(course, found))
    data = gradebook_csv.questions_csv(found, tallied, bom="bom" in request.GET)
    return _csv(data, f"{course.slug}-{found.slug}-questions.csv")


def _marked(request: SignedIn, slug: str) -> Course:
    """Return the course if the person marks it; to everybody else there is no such page."""
    return find(markable_courses(request.user), slug=slug)


def _assessment(course: Course, slug: str) -> Assessment:
    return find(Assessment.objects.filter(course=course, published_at__isnull=False), slug=slug)


def _csv(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
