"""A practice asks again with other values: as often as one likes, and nothing answered is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Attempt, Course, Sitting, User
from assessments.services import (
    SittingOverError,
    WithdrawnError,
    ask_again,
    attempt_for,
    begin,
    check,
    record_response,
)
from assessments.services.results import credits_of
from question_bank.models import Question
from question_bank.variants import DEPLOYED
from tests.cast.sittings import assessment, practice

WRONG = {"number": "1000000"}


@pytest.fixture
def sitting(learner: User, course: Course) -> Sitting:
    return begin(learner, practice(course, "keys-seen", "sliding-window"))


def now_asked(sitting: Sitting) -> Attempt:
    return sitting.attempts.select_related("question", "version").get(place=0)


def test_other_values_come_until_each_has_come_once(sitting: Sitting) -> None:
    seeds = [now_asked(sitting).seed]
    seeds += [ask_again(sitting, 0).seed for _ in DEPLOYED[1:]]
    assert sorted(seeds) == list(DEPLOYED)


def test_what_was_answered_stays_as_practice_at_that_question(sitting: Sitting) -> None:
    first = now_asked(sitting)
    check(sitting, {first: WRONG})
    ask_again(sitting, 0)
    first.refresh_from_db()
    assert (first.purpose, first.sitting, first.responses.count()) == ("practice", None, 1)
    assert attempt_for(first.learner, first.question) == first


def test_it_follows_the_practice_that_there_was(sitting: Sitting, learner: User) -> None:
    before = attempt_for(learner, Question.objects.get(slug="keys-seen"))
    record_response(before, WRONG)
    ask_again(sitting, 0)
    numbers = Attempt.objects.practice().filter(learner=learner).values_list("number", flat=True)
    assert sorted(numbers) == [1, 2]


def test_the_sitting_counts_what_is_asked_now(sitting: Sitting) -> None:
    check(sitting, {now_asked(sitting): WRONG})
    again = ask_again(sitting, 0)
    assert again.points == 1
    assert sitting.attempts.count() == 2
    earned = credits_of(list(sitting.attempts.select_related("question")))
    assert again.pk in earned


def test_code_an_exam_and_a_withdrawn_question_are_not_asked_again(
    sitting: Sitting, learner: User, course: Course
) -> None:
    with pytest.raises(Attempt.DoesNotExist):
        ask_again(sitting, 1)
    with pytest.raises(TypeError, match="once"):
        ask_again(begin(learner, assessment(course, "keys-seen")), 0)
    Question.objects.filter(slug="keys-seen").update(live=None)
    with pytest.raises(WithdrawnError):
        ask_again(sitting, 0)
    assert sitting.attempts.count() == 2


def test_once_it_is_over_nothing_is_asked(sitting: Sitting) -> None:
    sitting.due_at = sitting.grace_until = timezone.now() - timedelta(seconds=1)
    sitting.save()
    with pytest.raises(SittingOverError):
        ask_again(sitting, 0)
