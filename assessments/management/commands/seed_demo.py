"""People and assessments for the demo."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from assessments.management.commands._demo_assessments import make_assessments
from assessments.models import Course, Enrolment, User
from question_bank.roles import EDITORS

# The demo serves one machine; whoever opens it to others changes these.
_PASSWORDS = {"learner": "learner-demo", "instructor": "instructor-demo"}

# What an instructor may change in the admin; the rest of the two applications they may look at.
_EDITED = ("course", "courseitem", "enrolment", "concept")


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
        user.is_staff = name == Enrolment.Role.INSTRUCTOR
        user.save()
        if user.is_staff:
            ours = Permission.objects.filter(
                content_type__app_label__in=["assessments", "question_bank"]
            )
            edited = Q(content_type__model__in=_EDITED)
            user.user_permissions.set(ours.filter(edited | Q(codename__startswith="view_")))
            user.groups.add(Group.objects.get(name=EDITORS))
        return user
