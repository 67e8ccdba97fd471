"""What was saved counts, whoever or whatever ends the sitting; nothing of it is lost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Assessment, Attempt, Course, Response, Sitting, Submission, User
from assessments.services import (
    SittingOverError,
    attempt_for,
    begin,
    check,
    hand_in,
    submit_code,
    sweep,
)
from assessments.services.results import (
    credits_of,
    exam_asking,
    feedback_shown,
    hides_feedback,
    score_with,
)
from grader.contract import Failure
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.assessments.web import verdicts
from tests.cast.sittings import assessment, practice, save

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
CODE = b"def attention(q, k, v, window):\n    return v\n"


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen", "sliding-window")


@pytest.fixture
def sitting(learner: User, exam: Assessment) -> Sitting:
    return begin(learner, exam)


def at(sitting: Sitting, slug: str) -> Attempt:
    return sitting.attempts.select_related("question", "version", "sitting__assessment").get(
        question__slug=slug
    )


def right_number(attempt: Attempt) -> str:
    variant: Any = variant_of(attempt.version, attempt.seed)
    return str(variant.right)


def earned(sitting: Sitting) -> tuple[Decimal, Decimal]:
    attempts = list(sitting.attempts.select_related("question"))
    score = score_with(attempts, credits_of(attempts))
    return score.least, score.most


def test_saved_answers_are_marked(sitting: Sitting) -> None:
    number = at(sitting, "keys-seen")
    save(number, {"number": right_number(number)})
    hand_in(sitting)
    assert number.responses.get().fraction == 1
    assert earned(sitting) == (1, 1)


def test_what_was_not_answered_earns_nothing_and_makes_no_response(sitting: Sitting) -> None:
    save(at(sitting, "keys-seen"), {"number": "  "})
    hand_in(sitting)
    assert not Response.objects.exists()
    assert not Submission.objects.exists()
    assert earned(sitting) == (0, 0)


def test_handing_in_again_changes_nothing(sitting: Sitting) -> None:
    save(at(sitting, "keys-seen"), {"number": "3"})
    first = hand_in(sitting)
    again = hand_in(sitting, now=timezone.now() + timedelta(days=1))
    assert again.handed_in_at == first.handed_in_at
    assert not again.by_clock
    assert Response.objects.count() == 1


def test_an_answer_that_cannot_be_read_is_kept_with_the_reason(sitting: Sitting) -> None:
    save(at(sitting, "keys-seen"), {"number": "many keys"})
    hand_in(sitting)
    kept = Response.objects.get()
    assert kept.answer == {"number": "many keys"}
    assert (kept.fraction, kept.waits) == (0, 0)
    assert "number" in kept.feedback["unreadable"]


def test_a_draft_that_was_never_submitted_is_submitted(sitting: Sitting) -> None:
    code = at(sitting, "sliding-window")
    save(code, {"source": CODE.decode()})
    hand_in(sitting)
    assert bytes(code.submissions.get().source) == CODE
    assert earned(sitting) == (0, 1)


def test_the_starter_as_it_is_makes_no_submission(sitting: Sitting) -> None:
    code = at(sitting, "sliding-window")
    page: Any = variant_of(code.version, code.seed).page
    save(code, {"source": page.starter})
    hand_in(sitting)
    assert not Submission.objects.exists()


def test_of_code_the_last_submission_counts_and_no_later_draft(
    learner: User, sitting: Sitting
) -> None:
    code = at(sitting, "sliding-window")
    verdicts.record(submit_code(learner, code, CODE), verdicts.wrong_pairs())
    last = submit_code(learner, code, CODE + b"x = 1\n")
    save(code, {"source": CODE.decode() + "x = 2\n"})
    hand_in(sitting)
    assert code.submissions.count() == 2
    assert earned(sitting) == (0, 1)
    verdicts.record(last, verdicts.EVERY["passed"])
    assert earned(sitting) == (1, 1)


def test_what_could_not_be_decided_stays_a_range(learner: User, sitting: Sitting) -> None:
    submission = submit_code(learner, at(sitting, "sliding-window"), CODE)
    verdicts.record(submission, verdicts.EVERY["unavailable"])
    hand_in(sitting)
    assert submission.grading.failure == Failure.UNAVAILABLE
    assert earned(sitting) == (0, 1)


def test_code_is_taken_until_the_end_and_refused_after_it(
    learner: User, sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = at(sitting, "sliding-window")
    due = sitting.due_at
    assert due is not None
    monkeypatch.setattr(timezone, "now", lambda: due)
    kept = submit_code(learner, code, CODE)
    monkeypatch.setattr(timezone, "now", lambda: due + SECOND)
    with pytest.raises(SittingOverError, match="time is over"):
        submit_code(learner, code, CODE + b"x = 1\n")
    assert code.submissions.get() == kept


def test_code_is_refused_once_it_is_handed_in(learner: User, sitting: Sitting) -> None:
    hand_in(sitting)
    with pytest.raises(SittingOverError):
        submit_code(learner, at(sitting, "sliding-window"), CODE)


def test_the_sweep_hands_in_what_is_over_and_nothing_else(
    teammate: User, exam: Assessment, sitting: Sitting
) -> None:
    save(at(sitting, "keys-seen"), {"number": "3"})
    until = sitting.grace_until
    assert until is not None
    assert sweep(until) == 0
    other = begin(teammate, exam, now=until)
    assert sweep(until + SECOND) == 1
    sitting.refresh_from_db()
    other.refresh_from_db()
    assert (sitting.handed_in_at, sitting.by_clock) == (until, True)
    assert other.handed_in_at is None
    assert Response.objects.get().answer == {"number": "3"}


def test_one_sitting_that_cannot_be_settled_does_not_keep_the_others(
    teammate: User, exam: Assessment, sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = begin(teammate, exam)
    late = timezone.now() + timedelta(hours=3)
    settle: Callable[..., None] = hand_in.__globals__["_settle"]

    def fails_once(one: Sitting, now: Any) -> None:
        if one.pk == sitting.pk:
            raise RuntimeError
        settle(one, now)

    monkeypatch.setitem(hand_in.__globals__, "_settle", fails_once)
    assert sweep(late) == 1
    assert Sitting.objects.get(handed_in_at=None) == sitting
    other.refresh_from_db()
    assert other.by_clock


def test_practice_marks_an_answer_at_once_and_the_last_one_counts(
    learner: User, course: Course
) -> None:
    sitting = begin(learner, practice(course, "keys-seen"))
    number = at(sitting, "keys-seen")
    assert check(sitting, {number: {"number": right_number(number)}}) == {}
    assert check(sitting, {number: {"number": right_number(number)}}) == {}
    assert number.responses.count() == 1
    check(sitting, {number: {"number": "1000000"}})
    assert earned(sitting) == (0, 0)
    save(number, {"number": right_number(number)})
    hand_in(sitting)
    assert earned(sitting) == (1, 1)


def test_an_answer_that_cannot_be_read_is_told_when_it_is_checked(
    learner: User, course: Course
) -> None:
    sitting = begin(learner, practice(course, "keys-seen"))
    number = at(sitting, "keys-seen")
    faults = check(sitting, {number: {"number": "many"}})
    assert "number" in faults[number.pk]
    assert not Response.objects.exists()


def test_in_an_exam_with_feedback_at_once_the_first_answer_stands(
    learner: User, course: Course
) -> None:
    exam = assessment(course, "keys-seen", feedback=Assessment.Feedback.AT_ONCE)
    sitting = begin(learner, exam)
    number = at(sitting, "keys-seen")
    check(sitting, {number: {"number": "1000000"}})
    faults = check(sitting, {number: {"number": right_number(number)}})
    assert "first answer" in faults[number.pk]
    save(number, {"number": right_number(number)})
    hand_in(sitting)
    assert earned(sitting) == (0, 0)


def test_nothing_is_checked_where_feedback_waits(sitting: Sitting) -> None:
    with pytest.raises(ValueError, match="no feedback at once"):
        check(sitting, {at(sitting, "keys-seen"): {"number": "1"}})


def test_nothing_is_checked_once_it_is_handed_in(learner: User, course: Course) -> None:
    sitting = begin(learner, practice(course, "keys-seen"))
    hand_in(sitting)
    with pytest.raises(SittingOverError):
        check(sitting, {at(sitting, "keys-seen"): {"number": "1"}})


def test_an_open_exam_closes_the_practice_of_its_questions(
    learner: User, teammate: User, sitting: Sitting
) -> None:
    asked = Question.objects.get(slug="keys-seen")
    assert exam_asking(learner, asked) == sitting
    assert exam_asking(teammate, asked) is None
    hand_in(sitting)
    assert exam_asking(learner, asked) is None


def test_an_exam_whose_time_is_over_closes_nothing(learner: User, sitting: Sitting) -> None:
    asked = Question.objects.get(slug="keys-seen")
    assert exam_asking(learner, asked, timezone.now() + timedelta(hours=2)) is None
    sitting.refresh_from_db()
    assert sitting.by_clock


def test_a_practice_and_a_test_sitting_close_nothing(
    learner: User, instructor: User, course: Course, exam: Assessment
) -> None:
    begin(learner, practice(course, "keys-seen"))
    begin(instructor, exam, test=True)
    asked = Question.objects.get(slug="keys-seen")
    assert exam_asking(learner, asked) is None
    assert exam_asking(instructor, asked) is None


def test_feedback_is_kept_from_its_learner_until_it_is_released(
    learner: User, instructor: User, exam: Assessment, sitting: Sitting
) -> None:
    hand_in(sitting)
    attempt = at(sitting, "keys-seen")
    assert hides_feedback(attempt, learner)
    assert not hides_feedback(attempt, instructor)
    exam.released_at = timezone.now()
    exam.save()
    assert not hides_feedback(at(sitting, "keys-seen"), learner)
    assert not hides_feedback(attempt_for(learner, attempt.question), learner)


def test_feedback_after_the_closing_waits_for_whoever_has_more_time(
    learner: User, teammate: User, exam: Assessment, sitting: Sitting
) -> None:
    exam.feedback = Assessment.Feedback.CLOSED
    exam.save()
    done = hand_in(sitting)
    done.assessment = exam
    assert exam.closes_at is not None
    after = exam.closes_at + timedelta(minutes=5)
    assert feedback_shown(done, after)
    teammate.accommodations.create(
        course=exam.course, factor=Decimal(2), given_by=teammate, given_at=timezone.now()
    )
    assert not feedback_shown(done, after)
    assert feedback_shown(done, after + timedelta(hours=9))
