"""The people of a course: a list is looked at before it is done, and somebody always teaches."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Course, Enrolment, User
from assessments.services import LastInstructorError, change_role, enrol_people, find_people
from assessments.services.people import remove_person
from tests.assessments.admin.conftest import SignedIn
from tests.cast.people import person

pytestmark = pytest.mark.django_db
LEARNER, ASSISTANT, INSTRUCTOR = Enrolment.Role


@pytest.fixture
def teacher(course: Course) -> User:
    user = person("teacher")
    enrol_people(course, [user], INSTRUCTOR)
    user.refresh_from_db()
    return user


@pytest.fixture
def browser(teacher: User, signed_in: SignedIn) -> Client:
    return signed_in(teacher)


def roles(course: Course) -> dict[str, str]:
    return dict(course.enrolments.values_list("user__username", "role"))


def address(course: Course, tail: str = "") -> str:
    return f"/admin/assessments/course/{course.pk}/people/{tail}"


def test_a_list_is_shown_before_anybody_is_enrolled(
    course: Course, browser: Client, stranger: User
) -> None:
    listed = {"listed": "stranger\nnobody-here\nteacher", "role": "learner", "look": ""}
    html = browser.post(address(course, "enrol/"), listed).content.decode()
    assert "1 person will be enrolled as learner" in html
    assert "nobody has this name or address" in html
    assert "is in the course already, as instructor" in html
    assert roles(course) == {"teacher": "instructor"}


def test_a_list_that_was_seen_is_done_and_written_down(
    course: Course, browser: Client, stranger: User
) -> None:
    listed = {"listed": "stranger, teacher", "seen": "stranger, teacher", "role": "assistant"}
    browser.post(address(course, "enrol/"), {**listed, "confirm": ""})
    assert roles(course) == {"teacher": "instructor", "stranger": "assistant"}
    assert LogEntry.objects.get().change_message == "Enrolled as assistant: stranger."


def test_a_list_that_was_changed_since_is_shown_again(
    course: Course, browser: Client, stranger: User
) -> None:
    listed = {"listed": "stranger", "seen": "teacher", "role": "learner", "confirm": ""}
    assert browser.post(address(course, "enrol/"), listed).status_code == 200
    assert roles(course) == {"teacher": "instructor"}


def test_an_address_counts_whatever_its_case_once_it_is_confirmed(
    course: Course, stranger: User
) -> None:
    EmailAddress.objects.create(user=stranger, email="S@example.org", verified=True)
    found = find_people(course, "s@EXAMPLE.org")[0]
    assert (found.user, found.is_sure) == (stranger, True)


def test_an_address_that_somebody_merely_typed_is_enrolled_only_on_purpose(
    course: Course, browser: Client, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(email="dean@example.org")
    listed: dict[str, Any] = {"listed": "dean@example.org", "seen": "dean@example.org"}
    listed |= {"role": "learner", "confirm": ""}
    browser.post(address(course, "enrol/"), listed)
    assert "stranger" not in roles(course)
    browser.post(address(course, "enrol/"), {**listed, "unsure": "on"})
    assert roles(course)["stranger"] == "learner"


def test_a_confirmed_address_is_its_owners_whoever_else_claims_it(
    course: Course, stranger: User
) -> None:
    person("impostor")
    User.objects.filter(username="impostor").update(email="s@example.org")
    EmailAddress.objects.create(user=stranger, email="s@example.org", verified=True)
    assert find_people(course, "s@example.org")[0].user == stranger


def test_two_claims_of_one_address_are_nobodys(course: Course, stranger: User) -> None:
    person("other")
    User.objects.filter(username__in=["other", "stranger"]).update(email="s@example.org")
    assert find_people(course, "s@example.org")[0].user is None


def test_a_list_costs_the_same_whatever_its_length(
    course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [person(f"p{n}") for n in range(30)]
    with django_assert_max_num_queries(6):
        found = find_people(course, "\n".join([user.username for user in people] + ["a@b.org"] * 9))
    assert len([each for each in found if each.user]) == 30


def test_somebody_gets_another_role_and_with_it_the_way_into_the_admin(
    course: Course, browser: Client, learner: User
) -> None:
    enrolment = course.enrolments.get(user=learner)
    browser.post(address(course, f"{enrolment.pk}/role/"), {"role": "assistant"})
    learner.refresh_from_db()
    assert (roles(course)["learner"], learner.is_staff) == ("assistant", True)
    browser.post(address(course, f"{enrolment.pk}/role/"), {"role": "learner"})
    learner.refresh_from_db()
    assert not learner.is_staff


def test_who_has_other_rights_keeps_the_way_into_the_admin(course: Course, teacher: User) -> None:
    teacher.groups.add(Group.objects.create(name="Others"))
    enrol_people(course, [person("second")], INSTRUCTOR)
    change_role(course.enrolments.get(user=teacher), LEARNER)
    teacher.refresh_from_db()
    assert teacher.is_staff


def test_somebody_is_taken_out_only_after_a_question(
    course: Course, browser: Client, learner: User
) -> None:
    path = address(course, f"{course.enrolments.get(user=learner).pk}/remove/")
    assert "will no longer see" in browser.get(path).content.decode()
    assert "learner" in roles(course)
    browser.post(path)
    assert "learner" not in roles(course)


def test_the_last_instructor_is_neither_demoted_nor_taken_out(
    course: Course, browser: Client, teacher: User
) -> None:
    enrolment = course.enrolments.get(user=teacher)
    browser.post(address(course, f"{enrolment.pk}/role/"), {"role": "assistant"})
    response = browser.post(address(course, f"{enrolment.pk}/remove/"), follow=True)
    assert "the only instructor" in response.content.decode()
    assert roles(course) == {"teacher": "instructor"}


def test_of_two_instructors_one_may_leave(course: Course, teacher: User) -> None:
    enrol_people(course, [person("second")], INSTRUCTOR)
    remove_person(course.enrolments.get(user=teacher))
    with pytest.raises(LastInstructorError):
        remove_person(course.enrolments.get(user__username="second"))


def test_an_enrolment_of_another_course_is_out_of_reach(
    course: Course, browser: Client, stranger: User
) -> None:
    other = Course.objects.create(slug="other", title="Other", summary="Another.")
    enrol_people(other, [stranger, person("theirs")], INSTRUCTOR)
    foreign = other.enrolments.get(user=stranger)
    for tail in (f"{foreign.pk}/role/", f"{foreign.pk}/remove/"):
        for base in (course, other):
            assert browser.post(address(base, tail), {"role": "learner"}).status_code == 404
    assert roles(other) == {"stranger": "instructor", "theirs": "instructor"}


def test_an_instructor_changes_the_course_and_an_assistant_only_looks(
    course: Course, browser: Client, stranger: User, signed_in: SignedIn
) -> None:
    enrol_people(course, [stranger], ASSISTANT)
    stranger.refresh_from_db()
    path = f"/admin/assessments/course/{course.pk}/change/"
    assert 'name="_save"' in browser.get(path).content.decode()
    assert 'name="_save"' not in signed_in(stranger).get(path).content.decode()


def test_the_page_of_a_large_course_takes_few_queries(
    course: Course, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    enrol_people(course, [person(f"p{n}") for n in range(40)], LEARNER)
    with django_assert_max_num_queries(20):
        html = browser.get(address(course) + "?q=p1").content.decode()
    assert html.count("people_role") + html.count("/role/") == 11
