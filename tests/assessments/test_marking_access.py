"""Who marks: assistants and instructors of a course, its learners' texts, and never their own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assessments import access
from assessments.models import Assessment, Attempt, Course, Enrolment, Response, Sitting, User
from assessments.services import attempt_for, mark_text, record_response
from tests.cast.essays import HALF, essay, given, handed_in
from tests.cast.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def assistant(course: Course) -> User:
    return person("assistant", course, Enrolment.Role.ASSISTANT)


@pytest.fixture
def cast(
    learner: User, teammate: User, stranger: User, assistant: User, instructor: User
) -> dict[str, access.Person]:
    other = Course.objects.create(slug="other", title="Other", summary="Another one.")
    return {
        "owner": learner,
        "teammate": teammate,
        "stranger": stranger,
        "assistant": assistant,
        "instructor": instructor,
        "other instructor": person("other", other, Enrolment.Role.INSTRUCTOR),
        "superuser": User.objects.create_superuser("root"),
        "nobody": AnonymousUser(),
    }


def who_marks(cast: dict[str, access.Person], response: Response) -> set[str]:
    return {
        name
        for name, user in cast.items()
        if access.markable_texts(user).filter(pk=response.pk).exists()
    }


def test_a_course_is_marked_by_its_assistants_and_instructors_and_by_superusers(
    cast: dict[str, access.Person], course: Course
) -> None:
    may = {name for name, user in cast.items() if access.marks_course(user, course)}
    assert may == {"assistant", "instructor", "superuser"}


def test_assistants_do_not_teach(assistant: User, course: Course) -> None:
    assert not assistant.has_perm("assessments.teach_course", course)


def test_a_text_is_marked_by_those_who_teach_its_learner(
    cast: dict[str, access.Person], course: Course, learner: User
) -> None:
    response = handed_in(learner, essay(course))
    assert who_marks(cast, response) == {"assistant", "instructor", "superuser"}


def test_nobody_marks_their_own_text(course: Course, instructor: User) -> None:
    root = User.objects.create_superuser("root")
    Enrolment.objects.create(user=root, course=course)
    own = handed_in(root, essay(course))
    assert list(access.markable_texts(instructor).values_list("pk", flat=True)) == [own.pk]
    assert not access.markable_texts(root).exists()


def test_what_those_try_out_who_teach_is_not_to_be_marked(
    course: Course, instructor: User, assistant: User
) -> None:
    handed_in(assistant, essay(course))
    assert not access.markable_texts(instructor).exists()


def test_only_the_last_text_of_an_attempt_is_to_be_marked_and_what_has_been_marked(
    course: Course, learner: User, instructor: User
) -> None:
    question = essay(course)
    first, second = handed_in(learner, question), handed_in(learner, question, "It grows more.")
    assert set(access.markable_texts(instructor).values_list("pk", flat=True)) == {second.pk}
    mark_text(second, instructor, given(HALF), seen=None)
    third = handed_in(learner, question, "It grows with n.")
    assert set(access.markable_texts(instructor).values_list("pk", flat=True)) == {
        second.pk,
        third.pk,
    }
    assert not access.markable_texts(instructor).filter(pk=first.pk).exists()


def test_what_waits_for_nobody_is_not_to_be_marked(
    course: Course, learner: User, instructor: User
) -> None:
    attempt = attempt_for(learner, course.questions.get(slug="keys-seen"))
    record_response(attempt, {"number": "1"})
    assert not access.markable_texts(instructor).exists()


def sat(
    course: Course, learner: User, *, handed_in: bool = True, is_test: bool = False
) -> Response:
    """Answer an essay in a sitting."""
    question = essay(course)
    now = timezone.now()
    exam = Assessment.objects.create(course=course, slug="exam", title="Exam", kind="exam")
    sitting = Sitting.objects.create(
        learner=learner,
        assessment=exam,
        number=1,
        started_at=now - timedelta(hours=1),
        handed_in_at=now if handed_in else None,
        is_test=is_test,
    )
    assert question.live is not None
    attempt = Attempt.objects.create(
        learner=learner,
        question=question,
        purpose=Attempt.Purpose.SITTING,
        number=1,
        version=question.live,
        seed=1,
        started_at=now,
        sitting=sitting,
        place=0,
        points=4,
    )
    return record_response(attempt, {"text": "The cache grows."})


def test_a_text_of_a_sitting_is_marked_once_it_is_handed_in(
    cast: dict[str, access.Person], course: Course, learner: User
) -> None:
    response = sat(course, learner, handed_in=False)
    assert who_marks(cast, response) == set()
    Sitting.objects.update(handed_in_at=timezone.now())
    assert who_marks(cast, response) == {"assistant", "instructor", "superuser"}


def test_test_sittings_are_not_to_be_marked(
    cast: dict[str, access.Person], course: Course, learner: User
) -> None:
    assert who_marks(cast, sat(course, learner, is_test=True)) == set()


def test_a_sitting_belongs_to_its_own_course_though_another_has_the_question(
    cast: dict[str, access.Person], course: Course, learner: User
) -> None:
    response = sat(course, learner)
    twin = Course.objects.get(slug="other")
    twin.items.create(question=response.attempt.question, position=0)
    Enrolment.objects.create(user=learner, course=twin)
    assert "other instructor" not in who_marks(cast, response)


def test_a_learner_who_has_left_the_course_is_not_marked_in_it(
    cast: dict[str, access.Person], course: Course, learner: User
) -> None:
    response = handed_in(learner, essay(course))
    learner.enrolments.all().delete()
    assert who_marks(cast, response) == set()
