"""The people of a course: enrolled from a list, given another role, taken out."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import access
from assessments.models import Course, Enrolment
from assessments.services import (
    LastInstructorError,
    change_role,
    enrol_people,
    find_people,
    remove_person,
)

_A_PAGE = 100
_LONGEST_LIST = 100_000
View = Callable[..., HttpResponse]
_PAGE = "admin:assessments_course_people"


def addresses(model_admin: Any) -> list[URLPattern]:
    """Return the addresses of the pages, for the admin of courses."""
    views: dict[str, tuple[str, View]] = {
        "": ("people", people),
        "enrol/": ("people_enrol", enrol),
        "<int:person>/role/": ("people_role", role),
        "<int:person>/remove/": ("people_remove", remove),
    }

    def guarded(view: View) -> Callable[..., HttpResponse]:
        def act(request: HttpRequest, pk: int, **rest: int) -> HttpResponse:
            shown: HttpResponse = view(model_admin, request, _course(request, pk), **rest)
            return shown

        guard: Callable[..., HttpResponse] = model_admin.admin_site.admin_view(act)
        return guard

    return [
        path(f"<int:pk>/people/{tail}", guarded(view), name=f"assessments_course_{name}")
        for tail, (name, view) in views.items()
    ]


def _course(request: HttpRequest, pk: int) -> Course:
    """Return the course, for its instructors and for superusers.

    Raises ``Http404`` for those whom it is nothing to, ``PermissionDenied`` for its assistants.
    """
    if request.user.is_superuser:
        return get_object_or_404(Course, pk=pk)
    course = get_object_or_404(access.courses_marked(request.user), pk=pk)
    if not access.teaches(request.user, course):
        raise PermissionDenied
    return course


def people(model_admin: Any, request: HttpRequest, course: Course) -> HttpResponse:
    """Show who is in the course, and the form that enrols others."""
    rows = course.enrolments.select_related("user").order_by("role", "user__username")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        named = Q(user__username__icontains=wanted) | Q(user__email__icontains=wanted)
        full = Q(user__first_name__icontains=wanted) | Q(user__last_name__icontains=wanted)
        rows = rows.filter(named | full)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("p"))
    context = {"page": page, "wanted": wanted, "role": Enrolment.Role.LEARNER.value}
    return _shown(model_admin, request, course, "people", _("People"), context)


def enrol(model_admin: Any, request: HttpRequest, course: Course) -> HttpResponse:
    """Show what a list comes to, or enrol those that it names once that has been seen."""
    listed, wanted = request.POST.get("listed", ""), _role(request)
    if request.method != "POST" or not listed.strip() or wanted is None:
        return redirect(_PAGE, course.pk)
    if len(listed) > _LONGEST_LIST:
        said = _("The list is too long: enrol at most 100,000 characters of it at a time.")
        model_admin.message_user(request, said, messages.ERROR)
        return redirect(_PAGE, course.pk)
    found = find_people(course, listed)
    unsure = "unsure" in request.POST
    new = [each for each in found if each.user and not each.has_role]
    chosen = [each.user for each in new if each.user and (each.is_sure or unsure)]
    # What was typed since the list was looked at is looked at first.
    if "confirm" in request.POST and request.POST.get("seen") == listed:
        done = enrol_people(course, chosen, wanted)
        said = ngettext("%(n)d person enrolled.", "%(n)d people enrolled.", done) % {"n": done}
        names = ", ".join(user.username for user in chosen)
        model_admin.log_change(
            request,
            course,
            _("Enrolled as %(role)s: %(names)s.")
            % {"role": wanted.value, "names": names or _("nobody")},
        )
        model_admin.message_user(request, said, messages.SUCCESS)
        return redirect(_PAGE, course.pk)
    context = {
        "found": found,
        "listed": listed,
        "role": wanted.value,
        "new": len([each for each in new if each.is_sure]),
        "unsure": len([each for each in new if not each.is_sure]),
    }
    return _shown(model_admin, request, course, "enrol", _("Enrol people"), context)


def role(model_admin: Any, request: HttpRequest, course: Course, person: int) -> HttpResponse:
    """Give somebody another role."""
    enrolment = get_object_or_404(course.enrolments.select_related("user"), pk=person)
    wanted = _role(request)
    if request.method != "POST" or wanted is None:
        return redirect(_PAGE, course.pk)
    try:
        change_role(enrolment, wanted)
    except LastInstructorError as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return redirect(_PAGE, course.pk)
    said = _("%(name)s is now: %(role)s.") % {"name": enrolment.user, "role": wanted.label}
    model_admin.log_change(
        request,
        course,
        _("%(user)s became %(role)s.") % {"user": enrolment.user, "role": wanted.value},
    )
    model_admin.message_user(request, said, messages.SUCCESS)
    return redirect(_PAGE, course.pk)


def remove(model_admin: Any, request: HttpRequest, course: Course, person: int) -> HttpResponse:
    """Ask whether somebody is to leave the course, and take them out once that is confirmed."""
    enrolment = get_object_or_404(course.enrolments.select_related("user"), pk=person)
    if request.method != "POST":
        title = _("Take %(name)s out of the course") % {"name": enrolment.user}
        return _shown(model_admin, request, course, "remove", title, {"enrolment": enrolment})
    try:
        remove_person(enrolment)
    except LastInstructorError as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return redirect(_PAGE, course.pk)
    said = _("%(name)s is no longer in the course.") % {"name": enrolment.user}
    model_admin.log_change(request, course, _("Took %(user)s out.") % {"user": enrolment.user})
    model_admin.message_user(request, said, messages.SUCCESS)
    return redirect(_PAGE, course.pk)


def _role(request: HttpRequest) -> Enrolment.Role | None:
    typed = request.POST.get("role", "")
    return Enrolment.Role(typed) if typed in Enrolment.Role.values else None


def _shown(
    model_admin: Any,
    request: HttpRequest,
    course: Course,
    name: str,
    title: str,
    context: dict[str, Any],
) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "course": course,
        "roles": Enrolment.Role.choices,
    }
    return TemplateResponse(request, f"admin/assessments/course/{name}.html", shared | context)
