"""Who is in a course, and as what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from assessments.models import Course, Enrolment, User

#: Those who find their course in the admin.
STAFF = (Enrolment.Role.ASSISTANT, Enrolment.Role.INSTRUCTOR)


class LastInstructorError(ValueError):
    """A course keeps at least one instructor; the text says what to do first."""


@dataclass(frozen=True)
class Found:
    """What one line of a list comes to: a person, or why it is nobody.

    ``is_sure`` is false where an address is one that its account has not confirmed: anybody may
    have typed it there.
    """

    line: str
    user: User | None = None
    is_sure: bool = True
    has_role: str = ""
    fault: str = ""


def find_people(course: Course, listed: str) -> list[Found]:
    """Return what each line of a list of user names and addresses comes to, in six queries.

    Empty lines and repeated ones are left out; commas and semicolons separate as line ends do.
    """
    cut = listed.replace(",", "\n").replace(";", "\n").splitlines()
    lines = list(dict.fromkeys(line.strip() for line in cut if line.strip()))
    by_name = User.objects.in_bulk(lines, field_name="username")
    confirmed, claimed = _by_address([line.lower() for line in lines if "@" in line])
    roles = dict(course.enrolments.values_list("user", "role"))
    return [_found(line, by_name.get(line), confirmed, claimed, roles) for line in lines]


def _by_address(addresses: Sequence[str]) -> tuple[dict[str, list[User]], dict[str, list[User]]]:
    """Return who has confirmed each address, and who merely gave it."""
    confirmed: dict[str, list[User]] = {}
    claimed: dict[str, list[User]] = {}
    rows = EmailAddress.objects.annotate(low=Lower("email")).filter(low__in=addresses)
    for row in rows.select_related("user"):
        (confirmed if row.verified else claimed).setdefault(row.low, []).append(row.user)
    people = User.objects.annotate(low=Lower("email")).filter(low__in=addresses)
    for user in people.order_by("pk"):
        known = claimed.setdefault(user.email.lower(), [])
        if user not in known:
            known.append(user)
    return confirmed, claimed


def _found(
    line: str,
    named: User | None,
    confirmed: dict[str, list[User]],
    claimed: dict[str, list[User]],
    roles: dict[int, str],
) -> Found:
    sure = [named] if named else confirmed.get(line.lower(), [])
    people = sure or claimed.get(line.lower(), [])
    if len(people) > 1:
        return Found(line, fault=_("several accounts have this address: give the user name"))
    if not people:
        return Found(line, fault=_("nobody has this name or address"))
    person = people[0]
    if not person.is_active:
        return Found(line, fault=_("this account is closed"))
    return Found(line, person, is_sure=bool(sure), has_role=roles.get(person.pk, ""))


@transaction.atomic
def enrol_people(course: Course, people: Iterable[User], role: Enrolment.Role) -> int:
    """Enrol people in a role and return how many were not in the course; those in it stay."""
    new = [
        user
        for user in people
        if Enrolment.objects.get_or_create(user=user, course=course, defaults={"role": role})[1]
    ]
    for user in new:
        _let_in(user)
    return len(new)


@transaction.atomic
def change_role(enrolment: Enrolment, role: Enrolment.Role) -> None:
    """Give somebody another role in their course. Raises ``LastInstructorError``."""
    if role != Enrolment.Role.INSTRUCTOR:
        _keep_one(enrolment)
    Enrolment.objects.filter(pk=enrolment.pk).update(role=role)
    _let_in(enrolment.user)


@transaction.atomic
def remove_person(enrolment: Enrolment) -> None:
    """Take somebody out of their course; what they did there stays.

    Raises ``LastInstructorError``.
    """
    _keep_one(enrolment)
    enrolment.delete()
    _let_in(enrolment.user)


def _keep_one(enrolment: Enrolment) -> None:
    # Two who demote each other at the same time come here one after the other.
    Course.objects.select_for_update().get(pk=enrolment.course_id)
    instructors = Enrolment.objects.filter(
        course=enrolment.course_id, role=Enrolment.Role.INSTRUCTOR
    )
    rows = list(instructors.values_list("pk", flat=True))
    if rows == [enrolment.pk]:
        raise LastInstructorError(
            _("%(name)s is the only instructor: make somebody else an instructor first.")
            % {"name": enrolment.user}
        )


def _let_in(user: User) -> None:
    """Open the admin to whoever has a role that works there, and close it to whoever lost it.

    Whoever has rights of another source keeps what they have.
    """
    works = Enrolment.objects.filter(user=user, role__in=STAFF).exists()
    other = Q(is_superuser=True) | Q(groups__isnull=False) | Q(user_permissions__isnull=False)
    kept = works or User.objects.filter(other, pk=user.pk).exists()
    if (works and not user.is_staff) or (user.is_staff and not kept):
        user.is_staff = works
        user.save(update_fields=["is_staff"])
