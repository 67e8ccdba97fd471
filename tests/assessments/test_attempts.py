"""Attempts pin what they began with; answers are marked once and kept."""

import pytest

from assessments.models import Attempt, Course, Response, User
from assessments.services import (
    NotAnsweredHereError,
    WithdrawnError,
    attempt_for,
    record_response,
    start_again,
    submit_code,
)
from assessments.services.jobs import exercise_of, grader_digest
from question_bank.immutable import ImmutableRowError
from question_bank.kinds import NumericPage, UnreadableAnswerError
from question_bank.kinds.numeric import NumericVariant
from question_bank.models import Question, QuestionVersion
from question_bank.variants import DEPLOYED, variant_of
from tests.cast.courses import put_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def numeric(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.get(slug="keys-seen"))


def variant(attempt: Attempt) -> NumericVariant:
    found = variant_of(attempt.version, attempt.seed)
    assert isinstance(found, NumericVariant)
    return found


def test_a_learner_comes_back_to_the_same_attempt(learner: User, numeric: Attempt) -> None:
    assert attempt_for(learner, numeric.question) == numeric


def test_values_are_those_of_a_deployed_variant(learner: User, course: Course) -> None:
    for question in Question.objects.all():
        assert attempt_for(learner, question).seed in DEPLOYED


def test_no_values_come_twice_before_all_have_come(learner: User, numeric: Attempt) -> None:
    seeds = [numeric.seed]
    for _ in range(len(DEPLOYED) - 1):
        record_response(attempt_for(learner, numeric.question), {"number": "1"})
        seeds.append(start_again(learner, numeric.question).seed)
    assert sorted(seeds) == list(DEPLOYED)
    record_response(attempt_for(learner, numeric.question), {"number": "1"})
    assert start_again(learner, numeric.question).seed in DEPLOYED


def test_an_attempt_keeps_its_version_when_a_newer_one_comes(
    learner: User, numeric: Attempt
) -> None:
    old = numeric.version
    QuestionVersion.objects.create(
        question=numeric.question, number=2, content=old.content, digest="0" * 64
    )
    assert attempt_for(learner, numeric.question).version == old


def test_starting_again_draws_anew_from_the_live_version(learner: User, numeric: Attempt) -> None:
    record_response(numeric, {"number": "1"})
    live = put_live(numeric.question, title="Keys seen, again")
    QuestionVersion.objects.create(
        question=numeric.question, number=3, content=live.content, digest="0" * 64
    )
    again = start_again(learner, numeric.question)
    assert (again.number, again.version) == (2, live)
    assert again.seed != numeric.seed
    assert attempt_for(learner, numeric.question) == again


def test_at_a_withdrawn_question_nothing_begins_and_nothing_begun_is_lost(
    learner: User, teammate: User, numeric: Attempt
) -> None:
    record_response(numeric, {"number": "1"})
    Question.objects.update(live=None)
    numeric.question.refresh_from_db()
    with pytest.raises(WithdrawnError):
        attempt_for(teammate, numeric.question)
    with pytest.raises(WithdrawnError):
        start_again(learner, numeric.question)
    assert record_response(attempt_for(learner, numeric.question), {"number": "2"}).number == 2


def test_an_untouched_attempt_is_not_exchanged_for_easier_values(
    learner: User, numeric: Attempt
) -> None:
    assert start_again(learner, numeric.question) == numeric


def test_an_attempt_at_code_pins_the_grader(learner: User, code_attempt: Attempt) -> None:
    grading = submit_code(learner, code_attempt, b"pass").grading
    assert code_attempt.grader_digest == grader_digest(exercise_of(grading))


def test_another_threshold_is_another_grader(code_attempt: Attempt, learner: User) -> None:
    exercise = exercise_of(submit_code(learner, code_attempt, b"pass").grading)
    changed = exercise.model_copy(update={"call_seconds": 19.0})
    assert grader_digest(exercise) != grader_digest(changed)


def test_a_right_answer_is_worth_one_and_kept_with_its_feedback(numeric: Attempt) -> None:
    right = str(variant(numeric).right)
    response = record_response(numeric, {"number": right, "csrfmiddlewaretoken": "x"})
    kept = Response.objects.get(pk=response.pk)
    assert (kept.number, kept.fraction, kept.answer) == (1, 1, {"number": right})
    assert kept.feedback == {"given": right, "right": right, "feedback": ""}


def test_every_answer_is_kept_and_numbered(numeric: Attempt) -> None:
    assert [record_response(numeric, {"number": str(n)}).number for n in (1, 2, 3)] == [1, 2, 3]


def test_an_unreadable_answer_is_not_kept(numeric: Attempt) -> None:
    with pytest.raises(UnreadableAnswerError):
        record_response(numeric, {"number": "many"})
    assert not numeric.responses.exists()


def test_code_is_not_answered_by_a_response(code_attempt: Attempt) -> None:
    with pytest.raises(NotAnsweredHereError):
        record_response(code_attempt, {"number": "1"})


def test_the_page_of_an_attempt_is_the_same_each_time(numeric: Attempt) -> None:
    page = variant(numeric).page
    assert isinstance(page, NumericPage)
    assert variant(Attempt.objects.get(pk=numeric.pk)).page == page


def test_responses_and_submissions_are_never_changed_or_deleted(
    learner: User, numeric: Attempt, code_attempt: Attempt
) -> None:
    response = record_response(numeric, {"number": "1"})
    submission = submit_code(learner, code_attempt, b"pass")
    for row in (response, submission):
        for forbidden in (row.save, row.delete, type(row).objects.all().delete):
            with pytest.raises(ImmutableRowError):
                forbidden()
