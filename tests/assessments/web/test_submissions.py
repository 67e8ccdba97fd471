import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Enrolment, User, Worker
from tests.assessments.web import verdicts

HTMX = {"HX-Request": "true"}


def path(kept: object) -> str:
    return f"/submissions/{kept.pk}/"  # type: ignore[attr-defined]


def test_the_progress_names_the_stage_and_how_far_it_is(page: Client, attempt: Attempt) -> None:
    kept = verdicts.submission(attempt)
    kept.gradings.update(state="running", stage="timing", stage_done=12, stage_total=63)
    html = page.get(path(kept)).content.decode()
    assert 'data-state="running" data-stage="timing"' in html
    assert "Grading: timing" in html
    assert "12 of 63" in html


def test_a_waiting_submission_tells_its_place_in_the_queue(page: Client, attempt: Attempt) -> None:
    first, second = verdicts.submission(attempt), verdicts.submission(attempt)
    assert "next in line" in page.get(path(first)).content.decode()
    html = page.get(path(second)).content.decode()
    assert "2nd in the queue" in html
    assert "starts" not in html, "nothing has been measured yet"


def test_a_submission_for_a_gpu_that_nobody_serves_says_so(page: Client, attempt: Attempt) -> None:
    kept = verdicts.submission(attempt)
    kept.gradings.update(device="cuda")
    nobody = "No machine with a GPU is grading now"
    assert nobody in page.get(path(kept)).content.decode()
    Worker.objects.create(name="w", device="cuda", seen_at=timezone.now())
    assert nobody not in page.get(path(kept)).content.decode()


def test_the_page_is_told_only_what_has_changed(page: Client, attempt: Attempt) -> None:
    kept = verdicts.submission(attempt)
    kept.gradings.update(state="running", stage="pairs", stage_done=3, stage_total=9)
    asked = f"{path(kept)}progress/"
    same = page.get(asked, {"seen": "pairs/3 of 9"}, headers=HTMX)
    further = page.get(asked, {"seen": "pairs/2 of 9"}, headers=HTMX).content.decode()
    other = page.get(asked, {"seen": "correctness"}, headers=HTMX).content.decode()
    assert same.status_code == 204
    assert "hx-swap-oob" not in further, "the same stage is not spoken again"
    assert "Grading: pairs" in other


def test_asking_ends_with_the_verdict(page: Client, attempt: Attempt) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.passed())
    response = page.get(f"{path(kept)}progress/", headers=HTMX)
    assert response.status_code == 286
    assert json.loads(response["HX-Trigger"]) == {"graded": {}}
    assert "Graded: passed" in response.content.decode()
    fragment = page.get(f"{path(kept)}verdict/", headers=HTMX).content.decode()
    assert fragment.lstrip().startswith("<title>Passed: Sliding-window attention")
    assert 'data-state="done"' in fragment


@pytest.mark.parametrize("part", ["progress/", "verdict/"])
def test_a_part_asked_for_after_the_session_ended_sends_the_page_to_log_in(
    client: Client, attempt: Attempt, part: str
) -> None:
    kept = verdicts.submission(attempt)
    response = client.get(path(kept) + part, headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert response.content == b""


@pytest.mark.parametrize("name", verdicts.EVERY)
def test_every_verdict_has_a_page_with_its_message_and_a_way_on(
    page: Client, attempt: Attempt, name: str
) -> None:
    verdict = verdicts.EVERY[name]
    kept = verdicts.record(verdicts.submission(attempt), verdict)
    html = page.get(path(kept)).content.decode()
    assert f'data-failure="{verdict.failure or ""}"' in html
    assert 'data-state="done"' in html
    assert "What to try next" in html or verdict.passed
    assert html.count('<details class="check"') == len(verdict.checks)
    assert "hx-trigger" not in html, "a page with a verdict asks no more"


def test_our_failure_is_called_ours_and_offers_the_same_code_again(
    page: Client, attempt: Attempt
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.EVERY["unavailable"])
    html = page.get(path(kept)).content.decode()
    assert "It is our fault, and it costs you nothing." in html
    assert "Submit the same code again" in html
    assert "return q  # not yet" in html


def test_a_passed_exercise_leads_to_the_next_question(page: Client, attempt: Attempt) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.passed())
    items = list(attempt.question.courses.get().items.select_related("question"))
    following = items[[item.question for item in items].index(attempt.question) + 1].question
    assert f'href="/questions/{following.slug}/">Next' in page.get(path(kept)).content.decode()


def test_nothing_that_a_learner_typed_or_printed_is_markup(page: Client, attempt: Attempt) -> None:
    source = f"# {verdicts.HOSTILE}\nprint({verdicts.HOSTILE!r})\n".encode()
    kept = verdicts.record(verdicts.submission(attempt, source), verdicts.crashed())
    for address in (path(kept), f"{path(kept)}verdict/", "/questions/sliding-window/"):
        html = page.get(address).content.decode()
        assert "<script>alert" not in html
        assert "</pre></textarea>" not in html
    assert "&lt;script&gt;alert(1)" in page.get(path(kept)).content.decode()


def test_control_characters_are_made_visible(page: Client, attempt: Attempt) -> None:
    source = f"# {verdicts.HOSTILE}\n".encode()
    kept = verdicts.record(verdicts.submission(attempt, source), verdicts.crashed())
    html = page.get(path(kept)).content.decode()
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_the_file_can_be_saved_byte_for_byte_but_not_run(page: Client, attempt: Attempt) -> None:
    raw = b"<script>alert(1)</script>\xff"
    kept = verdicts.submission(attempt, raw)
    response = page.get(f"{path(kept)}source.py")
    assert response.content == raw
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("part", ["", "progress/", "verdict/", "source.py"])
def test_a_submission_exists_for_its_learner_and_the_instructor_only(
    client: Client, attempt: Attempt, enrol: Callable[..., User], part: str
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.passed())
    people = {
        attempt.learner: {200, 286},
        enrol("teacher", Enrolment.Role.INSTRUCTOR): {200, 286},
        enrol("neighbour"): {404},
        User.objects.create_user("stranger"): {404},
    }
    for person, expected in people.items():
        client.force_login(person)
        assert client.get(path(kept) + part).status_code in expected


def test_an_instructor_sees_whose_submission_it_is(
    client: Client, attempt: Attempt, enrol: Callable[..., User]
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.EVERY["unavailable"])
    client.force_login(enrol("teacher", Enrolment.Role.INSTRUCTOR))
    html = client.get(path(kept)).content.decode()
    assert '<span class="quiet">learner</span>' in html
    assert 'name="source"' not in html, "only the learner submits it again"


def test_the_history_is_newest_first_and_by_the_page(page: Client, attempt: Attempt) -> None:
    for _ in range(23):
        verdicts.record(verdicts.submission(attempt), verdicts.too_slow())
    address = "/questions/sliding-window/submissions/"
    first = page.get(address).content.decode()
    second = page.get(address, {"page": 2}).content.decode()
    assert first.index("Submission 23") < first.index("Submission 4<")
    assert "Submission 3<" in second
    assert "Page 2 of 2" in second


def test_an_empty_history_says_how_to_begin(page: Client, attempt: Attempt) -> None:
    html = page.get("/questions/sliding-window/submissions/").content.decode()
    assert "You have not submitted anything here yet" in html


@pytest.mark.parametrize("name", ["passed", "wrong_pairs"])
def test_the_page_of_a_verdict_takes_fewer_than_15_queries(
    page: Client, attempt: Attempt, name: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(12):
        kept = verdicts.record(verdicts.submission(attempt), verdicts.EVERY[name])
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        page.get(path(kept))
