"""Who sees an assessment and its sittings, what is told of them, and how one begins."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Course, Sitting, User
from assessments.services import begin, hand_in
from tests.assessments.sittings.pages import home, text
from tests.cast.sittings import asks, assessment

pytestmark = pytest.mark.django_db


PAGES = ["{pk}/", "{pk}/1/", "{pk}/place/0/", "{pk}/summary/", "{pk}/over/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_sitting_is_its_learners_alone(
    client: Client,
    learner: User,
    teammate: User,
    stranger: User,
    instructor: User,
    sitting: Sitting,
    path: str,
) -> None:
    address = "/sittings/" + path.format(pk=sitting.pk)
    assert client.get(address).status_code == 302
    assert client.get(address)["Location"].startswith("/accounts/login/")
    found = {}
    for user in (learner, teammate, stranger, instructor):
        client.force_login(user)
        found[user.username] = client.get(address).status_code
    assert found.pop("learner") in {200, 302}
    assert set(found.values()) == {404}


def test_a_review_is_its_learners_and_their_instructors(
    client: Client,
    learner: User,
    teammate: User,
    stranger: User,
    instructor: User,
    sitting: Sitting,
) -> None:
    hand_in(sitting)
    address = f"/sittings/{sitting.pk}/review/"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    sees = {}
    for user in (learner, teammate, stranger, instructor):
        client.force_login(user)
        sees[user.username] = client.get(address).status_code
    assert sees == {"learner": 200, "teammate": 404, "stranger": 404, "instructor": 200}


@pytest.mark.parametrize("path", ["{pk}/1/", "{pk}/hand-in/", "{pk}/place/0/figures/"])
def test_nobody_else_sends_anything_to_a_sitting(
    client: Client, teammate: User, instructor: User, sitting: Sitting, path: str
) -> None:
    for user in (teammate, instructor):
        client.force_login(user)
        assert client.post("/sittings/" + path.format(pk=sitting.pk)).status_code == 404
    sitting.refresh_from_db()
    assert sitting.handed_in_at is None


def test_an_assessment_is_seen_in_its_course_and_before_it_is_published_by_who_teaches(
    client: Client, learner: User, stranger: User, instructor: User, exam: Assessment
) -> None:
    def sees() -> list[int]:
        found = []
        for user in (learner, stranger, instructor):
            client.force_login(user)
            found.append(client.get(home(exam)).status_code)
        return found

    assert sees() == [200, 404, 200]
    Assessment.objects.update(published_at=None)
    assert sees() == [404, 404, 200]
    client.force_login(learner)
    assert exam.title not in text(client.get(f"/courses/{exam.course.slug}/"))


def test_the_course_lists_what_is_open_what_comes_and_what_is_done(
    page: Client, learner: User, course: Course, exam: Assessment
) -> None:
    now = timezone.now()
    assessment(course, "which-cut", slug="next", title="Next", opens_at=now + timedelta(hours=1))
    done = assessment(course, "which-cut", slug="old", title="Old", sittings_allowed=1)
    hand_in(begin(learner, done))
    html = text(page.get(f"/courses/{course.slug}/"))
    order = ["Open now", ">Exam<", "Coming up", ">Next<", "Done or closed", ">Old<"]
    assert [html.index(word) for word in order] == sorted(html.index(word) for word in order)
    assert "UTC" in html


def test_conditions_name_the_own_accommodation(
    page: Client, learner: User, exam: Assessment
) -> None:
    learner.accommodations.create(
        course=exam.course, factor="1.5", given_by=learner, given_at=timezone.now()
    )
    html = text(page.get(home(exam)))
    assert "You have 1 hour 30 minutes" in html
    assert "1.5 times the usual 1 hour" in html
    assert "later than for others" in html
    assert "within 1 minute after it counts" in html


def test_a_timed_exam_begins_only_once_its_learner_is_ready(page: Client, exam: Assessment) -> None:
    assert page.post(home(exam) + "begin/").status_code == 422
    assert not Sitting.objects.exists()
    response = page.post(home(exam) + "begin/", {"ready": "1"}, follow=True)
    assert "Questions 1 to 2 of 3" in text(response)


def test_what_has_closed_says_so_and_begins_nothing(page: Client, exam: Assessment) -> None:
    Assessment.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "It has closed." in text(page.post(home(exam) + "begin/", {"ready": "1"}, follow=True))
    assert not Sitting.objects.exists()


def test_a_pool_that_is_too_small_is_told_to_those_who_teach(
    client: Client, learner: User, instructor: User, course: Course
) -> None:
    exam = assessment(course)
    asks(exam, kind="essay", draws=2)
    for user, told in ((learner, False), (instructor, True)):
        client.force_login(user)
        response = client.post(home(exam) + "begin/", {"ready": "1"})
        assert response.status_code == 409
        assert ("Place 1" in text(response)) is told
        assert "cannot begin yet" in text(response)


def test_only_those_who_teach_try_an_exam_out(
    client: Client, learner: User, instructor: User, exam: Assessment
) -> None:
    for user in (learner, instructor):
        client.force_login(user)
        client.post(home(exam) + "begin/", {"ready": "1", "test": "1"})
    assert dict(Sitting.objects.values_list("learner__username", "is_test")) == {
        "learner": False,
        "instructor": True,
    }
