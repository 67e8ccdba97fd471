"""Which answers speak for what somebody knows."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Attempt, Course, Grading, Response, User
from assessments.services import (
    attempt_for,
    begin,
    hand_in,
    mark_text,
    record_response,
    start_again,
    take_back,
)
from assessments.services.evidence import due, mastery_by_concept, observations, recalls
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.cast.essays import ALL, HALF, essay, given, handed_in
from tests.cast.questions import published
from tests.cast.sittings import assessment, save

CHOICE = {
    "kind": "choice", "title": "Which", "concepts": [], "bloom": "apply", "difficulty": 2,
    "source": "", "explanation": "", "stem": "Which?",
    "choices": [
        {"text": "This", "correct": True, "feedback": ""},
        {"text": "That", "correct": False, "feedback": ""},
    ],
}  # fmt: skip


def answer(attempt: Attempt, text: str, *, days_ago: int = 0) -> Response:
    variant = variant_of(attempt.version, attempt.seed)
    then = timezone.now() - timedelta(days=days_ago)
    with patch("assessments.services.attempts.timezone.now", return_value=then):
        return record_response(attempt, variant.typed(text))  # type: ignore[attr-defined]


@pytest.fixture
def question(course: Course) -> Question:
    return published(course, "which", CHOICE)


def test_only_the_first_answer_of_an_attempt_speaks(
    learner: User, course: Course, question: Question
) -> None:
    attempt = attempt_for(learner, question)
    answer(attempt, "2")
    answer(attempt, "1")
    assert [each.share for each in observations(learner, course)] == [0.0]


def test_the_same_question_again_on_the_same_day_is_an_echo(
    learner: User, course: Course, question: Question
) -> None:
    concept = course.concepts.all()[0]
    question.concepts.add(concept, through_defaults={"position": 0})
    answer(attempt_for(learner, question), "1")
    answer(start_again(learner, question), "1")
    assert mastery_by_concept(learner, course)[concept.pk].answers == 1


def test_the_same_question_days_later_speaks_again(
    learner: User, course: Course, question: Question
) -> None:
    concept = course.concepts.all()[0]
    question.concepts.add(concept, through_defaults={"position": 0})
    answer(attempt_for(learner, question), "1", days_ago=3)
    answer(start_again(learner, question), "1")
    assert mastery_by_concept(learner, course)[concept.pk].answers == 2


def test_somebody_elses_answers_say_nothing(
    learner: User, teammate: User, course: Course, question: Question
) -> None:
    answer(attempt_for(teammate, question), "1")
    assert observations(learner, course) == []


@pytest.mark.parametrize(("passed", "share"), [(True, 1.0), (False, 0.0)])
def test_code_speaks_once_its_verdict_has_decided(
    learner: User, course: Course, submitted: Callable[..., Grading], passed: bool, share: float
) -> None:
    grading = submitted()
    assert observations(learner, course) == []
    Grading.objects.filter(pk=grading.pk).update(passed=passed, state=Grading.State.DONE)
    assert [each.share for each in observations(learner, course)] == [share]


def test_an_essay_speaks_once_it_is_marked_and_by_the_mark_that_stands(
    learner: User, instructor: User, course: Course
) -> None:
    concept = course.concepts.all()[0]
    question = essay(course)
    question.concepts.add(concept, through_defaults={"position": 0})
    text = handed_in(learner, question)
    assert mastery_by_concept(learner, course) == {}
    first = mark_text(text, instructor, given(ALL), seen=None)
    assert mastery_by_concept(learner, course)[concept.pk].answers == 1
    assert [each.share for each in observations(learner, course)] == [1.0]
    second = mark_text(text, instructor, given(HALF), seen=first.pk, reason="Too kind.")
    assert [each.share for each in observations(learner, course)] == [0.5]
    take_back(text, instructor, seen=second.pk, reason="Not mine to mark.")
    assert observations(learner, course) == []


def test_a_question_answered_long_ago_is_due(
    learner: User, course: Course, question: Question
) -> None:
    answer(attempt_for(learner, question), "1", days_ago=60)
    now = timezone.now()
    assert due(recalls(learner, course, now), now) == [question.pk]


def test_a_question_answered_just_now_is_not_due(
    learner: User, course: Course, question: Question
) -> None:
    answer(attempt_for(learner, question), "1")
    now = timezone.now()
    assert due(recalls(learner, course, now), now) == []


@pytest.mark.parametrize(
    ("told", "speaks"),
    [({"feedback": "handed_in"}, True), ({"feedback": "released"}, False)],
)
def test_what_was_sat_speaks_once_its_marks_are_shown(
    learner: User, course: Course, question: Question, told: dict[str, str], speaks: bool
) -> None:
    sitting = begin(learner, assessment(course, question.slug, **told))
    (attempt,) = sitting.attempts.all()
    save(attempt, {"choice": "0"})
    assert observations(learner, course) == []
    hand_in(sitting)
    assert bool(observations(learner, course)) is speaks


def test_mastery_takes_four_queries_however_many_answers(
    learner: User,
    course: Course,
    question: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        other = published(course, f"other-{number}", CHOICE | {"title": f"Other {number}"})
        answer(attempt_for(learner, other), "1")
    with django_assert_max_num_queries(4):
        mastery_by_concept(learner, course)
