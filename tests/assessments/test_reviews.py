"""What is held, graded again, and chosen: every verdict stays, and one of them counts."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments import access
from assessments.models import Enrolment, Grading, HeldGrading, Review, Submission, User
from assessments.services import (
    NotNowError,
    ReasonMissingError,
    let_count,
    record_stage,
    record_verdict,
    recover,
    regrade,
    review,
    undo_review,
)
from grader.contract import Failure, Verdict
from tests.cast.people import person
from tests.cast.queues import jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

Submitted = Callable[..., Grading]
Judged = Callable[..., Grading]
WHY = "Faster than the arithmetic allows."


@pytest.fixture
def judged(
    broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Judged:
    """Judge the next job that is with the broker."""

    def judge(failure: Failure | None = None, **told: object) -> Grading:
        job = take_job(broker)
        with django_capture_on_commit_callbacks(execute=True):
            assert record_verdict(verdict_of(job, failure, **told))
        return Grading.objects.get(pk=job.job)

    return judge


@pytest.fixture
def held(submitted: Submitted, judged: Judged) -> Grading:
    submitted()
    return judged(Failure.INCONCLUSIVE, held=WHY)


@pytest.fixture
def graded_again(
    broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[[Submission], Grading]:
    def act(submission: Submission) -> Grading:
        with django_capture_on_commit_callbacks(execute=True):
            return regrade(submission)

    return act


def test_what_is_held_is_neither_passed_nor_failed(held: Grading) -> None:
    assert (held.is_done, held.passed, held.held) == (True, None, WHY)


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_counts_and_leaves_the_verdict_as_it_came(
    held: Grading, instructor: User, accepted: bool
) -> None:
    before = held.verdict
    decided = review(held, instructor, accepted=accepted, reason="Read it through.")
    held.refresh_from_db()
    assert held.passed is accepted
    assert held.verdict == before
    assert (decided.reviewer, decided.reviewed_at is not None) == (instructor, True)


def test_a_rejection_needs_a_reason(held: Grading, instructor: User) -> None:
    with pytest.raises(ReasonMissingError):
        review(held, instructor, accepted=False, reason="  ")
    assert not Review.objects.exists()


def test_of_two_decisions_the_first_stands_until_it_is_undone(
    held: Grading, instructor: User
) -> None:
    review(held, instructor, accepted=True)
    with pytest.raises(NotNowError):
        review(held, instructor, accepted=False, reason="No.")
    undo_review(held, instructor)
    held.refresh_from_db()
    assert held.passed is None
    review(held, instructor, accepted=False, reason="No.")
    kept = Review.objects.order_by("pk").values_list("accepted", "undone_by")
    assert list(kept) == [(True, instructor.pk), (False, None)]


def test_there_is_nothing_to_undo_where_nobody_has_decided(held: Grading, instructor: User) -> None:
    with pytest.raises(NotNowError):
        undo_review(held, instructor)


def test_only_what_is_held_can_be_decided_about(
    submitted: Submitted, judged: Judged, instructor: User
) -> None:
    submitted()
    with pytest.raises(NotNowError):
        review(judged(Failure.TOO_SLOW), instructor, accepted=True)


def test_those_decide_who_teach_the_learner_and_nobody_about_their_own(
    held: Grading, learner: User, teammate: User, stranger: User, instructor: User
) -> None:
    root = User.objects.create_superuser("root")
    people = (learner, teammate, stranger, instructor, root)
    assert [p for p in people if access.may_review(p, held)] == [instructor, root]
    Enrolment.objects.filter(user=learner).update(role=Enrolment.Role.INSTRUCTOR)
    assert not access.may_review(learner, held)


def test_the_admin_lists_what_is_held_and_takes_a_decision_and_its_undoing(
    held: Grading, admin_client: Client
) -> None:
    assert "waits for you" in admin_client.get("/admin/assessments/heldgrading/").content.decode()
    page = f"/admin/assessments/heldgrading/{held.pk}/"
    assert "Accept: it counts as passed" in admin_client.get(f"{page}change/").content.decode()
    refused = admin_client.post(f"{page}decide/", {"reject": "1"}, follow=True)
    assert "Say why" in refused.content.decode()
    admin_client.post(f"{page}decide/", {"reject": "1", "reason": "It caches."})
    held.refresh_from_db()
    assert held.passed is False
    html = admin_client.get(f"{page}change/").content.decode()
    assert "rejected by admin" in html
    admin_client.post(f"{page}decide/", {"undo": "1"})
    held.refresh_from_db()
    assert held.passed is None
    assert "undone by admin" in admin_client.get(f"{page}change/").content.decode()


def test_a_get_decides_nothing(held: Grading, admin_client: Client) -> None:
    address = f"/admin/assessments/heldgrading/{held.pk}/decide/"
    admin_client.get(address, {"accept": "1"})
    assert not Review.objects.exists()


def test_staff_who_teach_somebody_else_find_no_held_grading(held: Grading, client: Client) -> None:
    other = person("other")
    other.is_staff = True
    other.save()
    client.force_login(other)
    address = f"/admin/assessments/heldgrading/{held.pk}/decide/"
    assert client.post(address, {"accept": "1"}).status_code == 404
    assert HeldGrading.objects.get().passed is None


def test_a_regrade_counts_once_it_has_decided_and_both_verdicts_stay(
    submitted: Submitted, judged: Judged, graded_again: Callable[[Submission], Grading]
) -> None:
    submitted()
    old = judged(Failure.TOO_SLOW)
    new = graded_again(old.submission)
    assert Submission.objects.get().grading == old
    judged()
    assert Submission.objects.get().grading == new
    old.refresh_from_db()
    assert old.failure == "too_slow"
    assert old.verdict is not None


def test_an_older_verdict_can_be_made_to_count_again(
    submitted: Submitted, judged: Judged, graded_again: Callable[[Submission], Grading]
) -> None:
    submitted()
    old = judged()
    graded_again(old.submission)
    new = judged(Failure.TOO_SLOW)
    let_count(old)
    assert Submission.objects.get().grading == old
    let_count(new)
    assert Submission.objects.get().grading == new


@pytest.mark.parametrize("failure", [Failure.INCONCLUSIVE, Failure.UNAVAILABLE])
def test_a_regrade_that_decides_nothing_leaves_the_verdict_that_counts(
    submitted: Submitted,
    judged: Judged,
    graded_again: Callable[[Submission], Grading],
    failure: Failure,
) -> None:
    submitted()
    old = judged()
    graded_again(old.submission)
    Grading.objects.update(deliveries=4, retry=3)
    judged(failure)
    assert Submission.objects.get().grading == old
    assert not Grading.objects.exclude(state=Grading.State.DONE).exists()


def test_a_held_regrade_counts_once_it_is_decided_and_no_more_when_that_is_undone(
    submitted: Submitted,
    judged: Judged,
    graded_again: Callable[[Submission], Grading],
    instructor: User,
) -> None:
    submitted()
    old = judged(Failure.TOO_SLOW)
    graded_again(old.submission)
    new = judged(Failure.INCONCLUSIVE, held=WHY)
    assert Submission.objects.get().grading == old
    review(new, instructor, accepted=True)
    assert Submission.objects.get().grading == new
    undo_review(new, instructor)
    assert Submission.objects.get().grading == old


def test_nothing_is_graded_again_while_it_is_graded(
    submitted: Submitted, judged: Judged, graded_again: Callable[[Submission], Grading]
) -> None:
    grading = submitted()
    with pytest.raises(NotNowError):
        graded_again(grading.submission)
    judged()
    graded_again(grading.submission)
    with pytest.raises(NotNowError):
        graded_again(grading.submission)


def test_a_regrade_yields_to_a_learner_who_waits(
    submitted: Submitted,
    judged: Judged,
    graded_again: Callable[[Submission], Grading],
    teammate: User,
    broker: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submitted()
    old = judged()
    live = submitted(teammate)
    again = graded_again(old.submission)
    assert [job.job for job in jobs_in(broker)] == [str(live.pk)]
    record_stage(stage_of(take_job(broker)))
    with django_capture_on_commit_callbacks(execute=True):
        recover()
    assert jobs_in(broker) == [], "one worker is at work, and it is at work"
    Grading.objects.filter(pk=live.pk).update(state=Grading.State.DONE)
    with django_capture_on_commit_callbacks(execute=True):
        recover()
    assert [job.job for job in jobs_in(broker)] == [str(again.pk)]


def test_the_admin_grades_again_and_takes_it_back(
    submitted: Submitted,
    judged: Judged,
    admin_client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submitted()
    old = judged()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            "/admin/assessments/submission/",
            {"action": "grade_again", "_selected_action": [old.submission.pk]},
        )
    judged(Failure.TOO_SLOW)
    assert not Submission.objects.get().grading.passed
    admin_client.post(
        "/admin/assessments/grading/", {"action": "make_count", "_selected_action": [old.pk]}
    )
    assert Submission.objects.get().grading == old


def test_staff_who_teach_nobody_grade_nothing_again(
    submitted: Submitted, judged: Judged, client: Client
) -> None:
    submitted()
    old = judged()
    other = person("other")
    other.is_staff = True
    other.save()
    other.user_permissions.set(Permission.objects.filter(codename="view_submission"))
    client.force_login(other)
    client.post(
        "/admin/assessments/submission/",
        {"action": "grade_again", "_selected_action": [old.submission.pk]},
    )
    assert Grading.objects.count() == 1


def test_a_verdict_as_recorded_is_still_the_verdict_that_came(held: Grading) -> None:
    assert Verdict.model_validate_json(json.dumps(held.verdict)).held == WHY
