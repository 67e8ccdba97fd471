"""What is kept from a learner while an exam is open, and before its feedback is released."""

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Course, Sitting, Submission, User
from assessments.services import attempt_for, begin, hand_in, submit_code
from question_bank.models import Question
from tests.assessments.sittings.pages import CODE, home, text
from tests.assessments.web import verdicts
from tests.cast.sittings import practice

pytestmark = pytest.mark.django_db


def test_an_exam_page_gives_no_hint_and_a_practice_does(
    page: Client, learner: User, course: Course, sitting: Sitting
) -> None:
    assert "Hint 1" not in text(page.get(f"/sittings/{sitting.pk}/2/"))
    hand_in(sitting)
    trained = begin(learner, practice(course, "sliding-window"))
    assert "Hint 1" in text(page.get(f"/sittings/{trained.pk}/1/"))


def test_the_practice_page_is_closed_while_an_exam_asks_its_question(
    client: Client, learner: User, teammate: User, sitting: Sitting
) -> None:
    earlier = submit_code(
        learner, attempt_for(learner, Question.objects.get(slug="sliding-window")), b"pass"
    )
    paths = [
        "/questions/keys-seen/",
        "/questions/sliding-window/",
        "/questions/sliding-window/submissions/",
        f"/submissions/{earlier.pk}/",
    ]
    client.force_login(learner)
    for path in paths:
        response = client.get(path)
        assert response.status_code == 403
        assert "part of Exam, which you are sitting" in text(response)
    assert client.post("/questions/keys-seen/", {"number": "1"}).status_code == 403
    assert client.post("/questions/keys-seen/again/").status_code == 403
    client.force_login(teammate)
    assert client.get(paths[0]).status_code == 200
    hand_in(sitting)
    client.force_login(learner)
    assert [client.get(path).status_code for path in paths] == [200] * 4


@pytest.fixture
def judged(learner: User, sitting: Sitting, page: Client) -> Submission:
    """A failed submission and a wrong answer of a sitting that is handed in, not released."""
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "1000000", "go": "summary"})
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submission = submit_code(learner, attempt, CODE.encode())
    verdicts.record(submission, verdicts.wrong_pairs())
    hand_in(sitting)
    return submission


SECRETS = [
    "Some queries see the wrong keys",
    "Not yet.",
    "Explanation",
    "not passed",
    "0 of 1",
    "wrong",
]


def pages_of(judged: Submission) -> list[str]:
    sitting = judged.attempt.sitting
    assert sitting is not None
    return [
        home(sitting.assessment),
        f"/courses/{sitting.assessment.course.slug}/",
        f"/sittings/{sitting.pk}/review/",
        f"/submissions/{judged.pk}/",
        "/questions/sliding-window/",
        "/questions/sliding-window/submissions/",
    ]


def test_before_its_release_no_page_tells_a_mark_or_a_verdict(
    page: Client, judged: Submission
) -> None:
    for path in pages_of(judged):
        html = text(page.get(path))
        if path != "/questions/sliding-window/":
            assert [word for word in SECRETS if word in html] == [], path
    assert "judged" in text(page.get(f"/submissions/{judged.pk}/"))
    htmx = {"HTTP_HX_REQUEST": "true"}
    verdict = page.get(f"/submissions/{judged.pk}/verdict/", **htmx)
    assert verdict.status_code == 404
    progress = page.get(f"/submissions/{judged.pk}/progress/", **htmx)
    assert (progress.status_code, progress.content) == (286, b"")
    assert page.get(f"/submissions/{judged.pk}/source.py").status_code == 200


def test_stages_of_the_judging_are_not_told_before_the_release(
    page: Client, learner: User, sitting: Sitting
) -> None:
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submission = submit_code(learner, attempt, CODE.encode())
    submission.gradings.update(state="running", stage="timing")
    html = text(page.get(f"/submissions/{submission.pk}/"))
    assert "received, being judged" in html
    assert "iming" not in html
    assert page.get(f"/submissions/{submission.pk}/progress/").status_code == 204


def test_once_released_the_review_tells_all(page: Client, judged: Submission) -> None:
    Assessment.objects.update(released_at=timezone.now())
    sitting = judged.attempt.sitting
    assert sitting is not None
    html = text(page.get(f"/sittings/{sitting.pk}/review/"))
    assert "0 of 3 points" in html
    assert "Not yet." in html
    assert "Explanation" in html
    verdict = text(page.get(f"/submissions/{judged.pk}/"))
    assert "Some queries see the wrong keys" in verdict
    assert f'href="/sittings/{sitting.pk}/place/2/"' in verdict


def test_whoever_teaches_sees_the_marks_before_the_release(
    client: Client, instructor: User, judged: Submission
) -> None:
    client.force_login(instructor)
    sitting = judged.attempt.sitting
    assert sitting is not None
    assert "0 of 3 points" in text(client.get(f"/sittings/{sitting.pk}/review/"))
    assert "Some queries see the wrong keys" in text(client.get(f"/submissions/{judged.pk}/"))


def test_what_is_not_judged_yet_makes_a_range(
    page: Client, learner: User, sitting: Sitting
) -> None:
    Assessment.objects.update(released_at=timezone.now())
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submit_code(learner, attempt, CODE.encode())
    hand_in(sitting)
    html = text(page.get(f"/sittings/{sitting.pk}/review/"))
    assert "0 to 1 of 3 points, some not decided yet" in html
