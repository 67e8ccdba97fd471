"""Assessments are built in the admin: questions, pools, times, publishing, releasing, more time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Accommodation, Assessment, Course, Enrolment, Sitting, User
from assessments.services import begin
from question_bank.models import Question
from tests.cast.people import person
from tests.cast.sittings import assessment


@pytest.fixture
def teacher(course: Course) -> User:
    user = person("teacher", course, Enrolment.Role.INSTRUCTOR)
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def admin(client: Client, teacher: User) -> Client:
    client.force_login(teacher)
    return client


def sent(course: Course, **changed: Any) -> dict[str, Any]:
    """What the form of a new assessment sends: one question, one pool."""
    asked = Question.objects.get(slug="which-cut")
    usual = {
        "course": course.pk, "title": "Mid-term", "slug": "mid-term", "kind": "exam",
        "introduction": "", "position": 0, "minutes": 60, "grace_seconds": 60, "counts": "best",
        "per_page": 1, "feedback": "released", "opens_at_0": "", "opens_at_1": "",
        "closes_at_0": "", "closes_at_1": "", "sittings_allowed": "",
        "slots-TOTAL_FORMS": 1, "slots-INITIAL_FORMS": 0,
        "slots-0-position": 0, "slots-0-question": asked.pk, "slots-0-points": 2,
        "slots-2-TOTAL_FORMS": 1, "slots-2-INITIAL_FORMS": 0,
        "slots-2-0-position": 1, "slots-2-0-draws": 1, "slots-2-0-kind": "numeric",
        "slots-2-0-points": 1,
    }  # fmt: skip
    return usual | changed


def page(name: str, *arguments: object) -> str:
    return reverse(f"admin:assessments_{name}", args=arguments)


def made(admin: Client, course: Course, **changed: Any) -> Any:
    return admin.post(page("assessment_add"), sent(course, **changed))


def do(admin: Client, exam: Assessment, verb: str) -> str:
    response = admin.post(page("assessment_do", exam.pk, verb), follow=True)
    exam.refresh_from_db()
    return str(response.content.decode())


def test_an_assessment_with_a_question_and_a_pool_is_built_and_published(
    admin: Client, course: Course, learner: User
) -> None:
    assert made(admin, course).status_code == 302
    exam = Assessment.objects.get(slug="mid-term")
    assert "Published; learners see it." in do(admin, exam, "publish")
    assert exam.published_at is not None
    asked = [one.question.slug for one in begin(learner, exam).attempts.order_by("place")]
    assert asked == ["which-cut", "keys-seen"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"slots-2-0-kind": ""}, "Say which questions fit"),
        ({"slots-2-0-easiest": 4, "slots-2-0-hardest": 2}, "At least as hard as the easiest"),
        ({"slots-0-question": ""}, "This field is required"),
        ({"slots-0-points": "-1"}, "greater than or equal to 0"),
        (
            {"opens_at_0": "01/03/2027", "opens_at_1": "09:00",
             "closes_at_0": "01/03/2027", "closes_at_1": "08:00"},
            "It has to close after it opens",
        ),
        ({"title": ""}, "This field is required"),
    ],
)  # fmt: skip
def test_what_has_no_sense_is_refused_at_its_field(
    admin: Client, course: Course, changed: dict[str, Any], told: str
) -> None:
    response = made(admin, course, **changed)
    assert told in response.content.decode()
    assert not Assessment.objects.exists()


def test_a_pool_that_is_too_small_is_told_and_keeps_it_from_being_published(
    admin: Client, course: Course
) -> None:
    made(admin, course, **{"slots-2-0-draws": 3})
    exam = Assessment.objects.get()
    assert "The pool at place 2 is too small: 3 are drawn, 1 fit" in do(admin, exam, "publish")
    assert exam.published_at is None


def test_an_assessment_without_questions_is_not_published(admin: Client, course: Course) -> None:
    exam = assessment(course, published_at=None)
    assert "It has no questions yet" in do(admin, exam, "publish")


def test_a_withdrawn_question_is_named(admin: Client, course: Course) -> None:
    exam = assessment(course, "which-cut", published_at=None)
    Question.objects.filter(slug="which-cut").update(live=None)
    assert "Not published or withdrawn: Which cut" in do(admin, exam, "publish")


def test_it_is_not_hidden_while_learners_sit_it(
    admin: Client, course: Course, learner: User
) -> None:
    exam = assessment(course, "which-cut")
    begin(learner, exam)
    assert "1 learner is sitting it now." in do(admin, exam, "unpublish")
    assert exam.published_at is not None


def test_marks_are_released_and_held_back_again(admin: Client, course: Course) -> None:
    exam = assessment(course, "which-cut")
    do(admin, exam, "release")
    assert exam.released_at is not None
    do(admin, exam, "hold-back")
    assert exam.released_at is None


def test_it_is_previewed_question_by_question(admin: Client, course: Course) -> None:
    exam = assessment(course, "which-cut", "keys-seen")
    html = admin.get(page("assessment_preview", exam.pk)).content.decode()
    for slug in ("which-cut", "keys-seen"):
        assert f"{Question.objects.get(slug=slug).title}</a>" in html


def test_an_instructor_takes_it_as_a_test_learner_before_it_is_published(
    admin: Client, course: Course, teacher: User
) -> None:
    exam = assessment(course, "which-cut", published_at=None)
    response = admin.post(page("assessment_do", exam.pk, "try"))
    sitting = Sitting.objects.get()
    assert response["Location"] == f"/sittings/{sitting.pk}/"
    assert (sitting.learner, sitting.is_test) == (teacher, True)
    assert admin.get(response["Location"], follow=True).status_code == 200


def test_times_that_change_move_the_end_of_a_sitting_that_goes_on(
    admin: Client, course: Course, learner: User
) -> None:
    made(admin, course)
    exam = Assessment.objects.get()
    do(admin, exam, "publish")
    sitting = begin(learner, exam)
    form = sent(course, minutes=90)
    slots = list(exam.slots.order_by("position").values_list("pk", flat=True))
    form |= {"slots-INITIAL_FORMS": 1, "slots-0-id": slots[0], "slots-0-assessment": exam.pk}
    form |= {"slots-2-INITIAL_FORMS": 1, "slots-2-0-id": slots[1], "slots-2-0-assessment": exam.pk}
    assert admin.post(page("assessment_change", exam.pk), form).status_code == 302
    sitting.refresh_from_db()
    assert sitting.due_at == sitting.started_at + timedelta(minutes=90)


def test_more_time_is_given_and_taken_back(
    admin: Client, course: Course, learner: User, teacher: User
) -> None:
    sitting = begin(learner, assessment(course, "which-cut"))
    told = {"learner": learner.pk, "course": course.pk, "assessment": "", "factor": "1.5"}
    told |= {"extra_sittings": 0, "note": ""}
    assert admin.post(page("accommodation_add"), told).status_code == 302
    given = Accommodation.objects.get()
    assert given.given_by == teacher
    sitting.refresh_from_db()
    assert sitting.due_at == sitting.started_at + timedelta(minutes=90)
    admin.post(page("accommodation_delete", given.pk), {"post": "yes"})
    sitting.refresh_from_db()
    assert sitting.due_at == sitting.started_at + timedelta(minutes=60)


def test_somebody_who_is_not_in_the_course_is_given_none(
    admin: Client, course: Course, teacher: User
) -> None:
    other = Course.objects.create(slug="other", title="Other", summary="")
    Enrolment.objects.create(user=teacher, course=other, role=Enrolment.Role.INSTRUCTOR)
    elsewhere = person("elsewhere", other)
    told = {"learner": elsewhere.pk, "course": course.pk, "factor": "2", "extra_sittings": 0}
    html = admin.post(page("accommodation_add"), told).content.decode()
    assert "Not enrolled in this course." in html


def test_what_somebody_has_begun_is_not_deleted(
    admin: Client, course: Course, learner: User
) -> None:
    exam = assessment(course, "which-cut")
    begin(learner, exam)
    admin.post(page("assessment_delete", exam.pk), {"post": "yes"})
    assert Assessment.objects.filter(pk=exam.pk).exists()
