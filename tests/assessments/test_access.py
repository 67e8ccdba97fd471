"""Who sees what: every question is asked of the whole cast."""

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments import access
from assessments.models import Attempt, Course, Enrolment, Grading, Submission, User
from assessments.services import attempt_for, submit_code
from tests.cast.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_instructor(db: None) -> User:
    """Somebody who teaches, but another course."""
    other = Course.objects.create(slug="other", title="Other", summary="Another one.")
    return person("other-instructor", other, Enrolment.Role.INSTRUCTOR)


@pytest.fixture
def submission(learner: User, code_attempt: Attempt) -> Submission:
    return submit_code(learner, code_attempt, b"pass")


@pytest.fixture
def assistant(course: Course) -> User:
    """Somebody who assists in the course."""
    return person("assistant", course, Enrolment.Role.ASSISTANT)


@pytest.fixture
def cast(
    learner: User,
    teammate: User,
    stranger: User,
    assistant: User,
    instructor: User,
    other_instructor: User,
) -> dict[str, access.Person]:
    return {
        "owner": learner,
        "teammate": teammate,
        "stranger": stranger,
        "assistant": assistant,
        "instructor": instructor,
        "other instructor": other_instructor,
        "nobody": AnonymousUser(),
    }


def who(cast: dict[str, access.Person], holds: object) -> set[str]:
    assert callable(holds)
    return {name for name, user in cast.items() if holds(user)}


def test_an_attempt_is_its_learners_and_of_those_who_teach_them(
    cast: dict[str, access.Person], code_attempt: Attempt
) -> None:
    sees = who(cast, lambda user: code_attempt in access.visible_attempts(user))
    assert sees == {"owner", "assistant", "instructor"}


def test_a_submission_is_its_learners_and_of_those_who_teach_them(
    cast: dict[str, access.Person], submission: Submission
) -> None:
    sees = who(cast, lambda user: submission in access.visible_submissions(user))
    assert sees == {"owner", "assistant", "instructor"}


def test_questions_are_seen_by_those_in_a_course_that_has_them(
    cast: dict[str, access.Person], code_attempt: Attempt
) -> None:
    sees = who(cast, lambda user: code_attempt.question in access.visible_questions(user))
    assert sees == {"owner", "teammate", "assistant", "instructor"}


def test_an_open_course_is_seen_by_all_with_an_account(
    cast: dict[str, access.Person], course: Course
) -> None:
    sees = who(cast, lambda user: course in access.visible_courses(user))
    assert sees == set(cast) - {"nobody"}


def test_a_closed_course_and_its_concepts_are_seen_by_those_in_it(
    cast: dict[str, access.Person], course: Course
) -> None:
    Course.objects.update(is_open=False)
    members = {"owner", "teammate", "assistant", "instructor"}
    concept = course.concepts.get(slug="window")
    assert who(cast, lambda user: course in access.visible_courses(user)) == members
    assert who(cast, lambda user: concept in access.visible_concepts(user)) == members


def test_only_its_learner_answers_an_attempt(
    cast: dict[str, access.Person], code_attempt: Attempt
) -> None:
    may = who(cast, lambda user: user.has_perm("assessments.answer_attempt", code_attempt))
    assert may == {"owner"}


def test_permission_to_see_an_attempt_agrees_with_the_set(
    cast: dict[str, access.Person], code_attempt: Attempt
) -> None:
    may = who(cast, lambda user: user.has_perm("assessments.view_attempt", code_attempt))
    assert may == {"owner", "assistant", "instructor"}


def test_only_its_instructors_teach_a_course(
    cast: dict[str, access.Person], course: Course
) -> None:
    may = who(cast, lambda user: user.has_perm("assessments.teach_course", course))
    assert may == {"instructor"}


def test_those_who_mark_a_course_are_its_assistants_and_instructors(
    cast: dict[str, access.Person], course: Course
) -> None:
    may = who(cast, lambda user: user.has_perm("assessments.mark_course", course))
    assert may == {"assistant", "instructor"}


def test_an_assistant_has_nothing_graded_again_and_lets_no_held_grading_pass(
    cast: dict[str, access.Person], submission: Submission
) -> None:
    Grading.objects.update(state=Grading.State.DONE, failure="inconclusive", held="Very fast.")
    grading = Grading.objects.get()
    again = who(cast, lambda user: user.has_perm("assessments.regrade_submission", submission))
    decide = who(cast, lambda user: user.has_perm("assessments.review_grading", grading))
    assert (again, decide) == ({"instructor"}, {"instructor"})


def test_an_assistant_sees_nothing_of_what_those_who_teach_try_out(
    cast: dict[str, access.Person], code_attempt: Attempt, instructor: User
) -> None:
    theirs = attempt_for(instructor, code_attempt.question)
    assert who(cast, lambda user: theirs in access.visible_attempts(user)) == {"instructor"}


def test_an_instructor_does_not_see_what_people_of_other_courses_do_at_the_same_question(
    instructor: User, code_attempt: Attempt, course: Course
) -> None:
    other = Course.objects.create(slug="twin", title="Twin", summary="The same questions.")
    other.items.create(question=code_attempt.question, position=0)
    outsider = person("outsider", other)
    theirs = Attempt.objects.create(
        learner=outsider,
        question=code_attempt.question,
        number=1,
        version=code_attempt.version,
        seed=1,
        started_at=code_attempt.started_at,
    )
    assert theirs not in access.visible_attempts(instructor)


def test_somebody_in_two_courses_with_a_question_sees_it_once(
    learner: User, code_attempt: Attempt
) -> None:
    other = Course.objects.create(slug="twin", title="Twin", summary="The same questions.")
    other.items.create(question=code_attempt.question, position=0)
    Enrolment.objects.create(user=learner, course=other)
    assert access.visible_questions(learner).filter(slug="sliding-window").count() == 1
    assert access.visible_attempts(learner).count() == 1
