"""Groups are there after migrating, each with what its people need and no more."""

import pytest
from django.contrib.auth.models import Group

from assessments.models import User
from question_bank.roles import AUTHORS, EDITORS, REVIEWERS, make_roles

pytestmark = pytest.mark.django_db

VERBS = ("write_question", "approve_question", "publish_question")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (AUTHORS, {"write_question"}),
        (REVIEWERS, {"approve_question"}),
        (EDITORS, set(VERBS)),
    ],
)
def test_a_role_may_do_what_it_is_for(role: str, may: set[str]) -> None:
    user = User.objects.create(username="somebody")
    user.groups.add(Group.objects.get(name=role))
    assert {verb for verb in VERBS if user.has_perm(f"question_bank.{verb}")} == may


def test_what_an_administrator_changed_stays() -> None:
    group = Group.objects.get(name=AUTHORS)
    group.permissions.clear()
    make_roles()
    assert not group.permissions.exists()
