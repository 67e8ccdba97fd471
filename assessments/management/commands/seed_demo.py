"""People and assessments for the demo."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from assessments.management.commands._demo_assessments import make_assessments
from assessments.models import Course, Enrolment, User
from assessments.services.people import STAFF
from question_bank.roles import EDITORS

# The demo serves one machine; whoever opens it to others changes these.
_PASSWORDS = {
    "learner": "learner-demo",
    "assistant": "assistant-demo",
    "instructor": "instructor-demo",
}

# Their role opens their course to those who work in it; the question bank is opened besides.
_BESIDES = Q(content_type__model="worker") | Q(content_type__app_label="question_bank")


class Command(BaseCommand):
    help = "Make the demo's people and assessments and print the log-ins; safe to repeat."

    @transaction.atomic
    def handle(self, *_arguments: Any, **_options: Any) -> None:
        courses = list(Course.objects.all())
        if not courses:
            raise CommandError("There is no course yet: run load_course first.")
        for course in courses:
            make_assessments(course)
        for name, password in _PASSWORDS.items():
            user = self._person(name, password)
            for course in courses:
                Enrolment.objects.update_or_create(
                    user=user, course=course, defaults={"role": name}
                )
            self.stdout.write(f"{name}: user name {name}, password {password}")

    def _person(self, name: str, password: str) -> User:
        user, _ = User.objects.get_or_create(username=name)
        user.set_password(password)
        user.is_staff = name in STAFF
        user.save()
        if name == Enrolment.Role.INSTRUCTOR:
            seen = Permission.objects.filter(_BESIDES, codename__startswith="view_")
            user.user_permissions.set(seen)
            user.groups.add(Group.objects.get(name=EDITORS))
        return user
