"""What the pages tell of a submission that waits, rests, is held, or was sent before."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Enrolment, Grading, Submission, User, Worker
from assessments.services import record_verdict, review
from assessments.services.jobs import token_digest
from assessments.web.progress import about
from grader.contract import Failure, VerdictMessage
from tests.assessments.web import verdicts

HELD = verdicts.failed(Failure.INCONCLUSIVE, "Right, and very fast.").model_copy(
    update={"held": "Faster than the <b>arithmetic</b> allows."}
)
CODE = "/questions/sliding-window/"


def path(kept: Submission) -> str:
    return f"/submissions/{kept.pk}/"


def html_of(page: Client, address: str) -> str:
    return page.get(address).content.decode()


def inconclusive(kept: Submission) -> None:
    """Have the judge say that it could not decide, as it really does."""
    kept.gradings.update(token_digest=token_digest("a-token-of-the-tests"))
    message = VerdictMessage(
        job=str(kept.grading.pk),
        token="a-token-of-the-tests",
        verdict=verdicts.EVERY["inconclusive"],
    )
    assert record_verdict(message.model_dump_json())


def test_what_was_too_noisy_says_when_it_is_measured_again(page: Client, attempt: Attempt) -> None:
    kept = verdicts.submission(attempt)
    inconclusive(kept)
    html = html_of(page, path(kept))
    assert "The timing was too noisy to decide. It is measured again by itself." in html
    moment = timezone.localtime(Submission.objects.get().grading.lease_until)
    assert f"again at {moment:%H:%M:%S}" in html
    assert 'data-state="queued"' in html
    assert "too noisy to decide, measured again by itself" in html_of(page, CODE)


def test_what_stays_undecided_says_how_often_it_was_measured_and_what_it_costs(
    page: Client, attempt: Attempt
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.EVERY["inconclusive"])
    kept.gradings.update(retry=3)
    html = html_of(page, path(kept))
    assert "Measured 4 times, and the machine was never quiet enough" in html
    assert "neither passed nor failed, and it costs you nothing" in html
    assert "<title>Undecided: " in html


def test_undecided_is_no_failure_in_the_course(page: Client, attempt: Attempt) -> None:
    verdicts.record(verdicts.submission(attempt), verdicts.EVERY["inconclusive"])
    assert "could not be decided" in html_of(
        page, f"/courses/{attempt.question.courses.get().slug}/"
    )


def test_what_is_held_says_so_and_why(page: Client, attempt: Attempt) -> None:
    kept = verdicts.record(verdicts.submission(attempt), HELD)
    html = html_of(page, path(kept))
    assert "A person looks at this before it counts." in html
    assert "Faster than the &lt;b&gt;arithmetic&lt;/b&gt; allows." in html
    assert "<title>Under review: " in html
    assert "a person looks at it" in html_of(page, CODE)


@pytest.mark.parametrize(
    ("accepted", "told"),
    [(True, "accepted it: it counts as passed"), (False, "did not accept it")],
)
def test_a_decision_is_told_with_its_reason(
    page: Client, attempt: Attempt, accepted: bool, told: str
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), HELD)
    teacher = User.objects.create_user("teacher")
    course = attempt.question.courses.get()
    Enrolment.objects.create(user=teacher, course=course, role=Enrolment.Role.INSTRUCTOR)
    review(kept.grading, teacher, accepted=accepted, reason="I read <it>.")
    html = html_of(page, path(kept))
    assert told in html
    assert "I read &lt;it&gt;." in html
    assert f"<title>{'Passed' if accepted else 'Not passed'}: " in html
    assert ("passed: accepted on review" in html_of(page, CODE)) is accepted
    assert ("1 of " in html_of(page, f"/courses/{course.slug}/")) is accepted


def test_other_verdicts_of_a_submission_are_listed(page: Client, attempt: Attempt) -> None:
    kept = verdicts.submission(attempt)
    inconclusive(kept)
    again = Submission.objects.get().grading
    Grading.objects.filter(pk=again.pk).update(
        state="done",
        passed=True,
        verdict=verdicts.passed().model_dump(mode="json"),
        finished_at=timezone.now(),
    )
    html = html_of(page, path(kept))
    assert "<title>Passed: " in html
    assert "Other verdicts of this submission" in html


def test_the_same_code_leads_to_what_came_of_it_with_a_note(page: Client, attempt: Attempt) -> None:
    first = page.post(CODE, {"source": "def attention():\n    pass\n"})
    waits = page.post(CODE, {"source": "def attention():\n    pass  # please\n"}, follow=True)
    assert waits.redirect_chain == [(first["Location"], 302)]
    assert "You have submitted this code already" in waits.content.decode()
    verdicts.record(Submission.objects.get(), verdicts.too_slow())
    again = page.post(CODE, {"source": "\n\ndef attention():\n    pass\n"}, follow=True)
    assert "What came of it stands, and nothing was judged anew." in again.content.decode()
    assert Submission.objects.count() == 1


def test_those_who_wait_are_told_their_place_and_when_it_starts(
    page: Client, attempt: Attempt
) -> None:
    now = timezone.now()
    for _ in range(3):
        kept = verdicts.record(verdicts.submission(attempt), verdicts.too_slow())
        kept.gradings.update(started_at=now - timedelta(seconds=10), finished_at=now)
    cache.clear()
    Worker.objects.create(name="w", device="cpu", seen_at=now)
    waits = [verdicts.submission(attempt) for _ in range(3)]
    assert "next in line, starts in a moment" in html_of(page, path(waits[0]))
    assert "3rd in the queue, starts in about 20 s" in html_of(page, path(waits[2]))


def test_a_page_asks_less_often_where_little_changes(page: Client, attempt: Attempt) -> None:
    first, second = verdicts.submission(attempt), verdicts.submission(attempt)
    assert 'hx-trigger="every 500ms"' in html_of(page, path(first))
    assert 'hx-trigger="every 2s"' in html_of(page, path(second))
    second.gradings.update(state="running", stage="timing")
    assert 'hx-trigger="every 500ms"' in html_of(page, path(second))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "in a moment"),
        (3, "in about 5 s"),
        (20, "in about 20 s"),
        (57, "in about 60 s"),
        (61, "in about 1 minute"),
        (600, "in about 10 minutes"),
    ],
)
def test_a_wait_is_told_no_more_exactly_than_it_is_known(seconds: float, words: str) -> None:
    assert about(seconds) == words


def test_the_page_of_one_who_waits_takes_fewer_than_15_queries(
    page: Client, attempt: Attempt, django_assert_max_num_queries: object
) -> None:
    waits = [verdicts.submission(attempt) for _ in range(20)]
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page.get(path(waits[-1]))
