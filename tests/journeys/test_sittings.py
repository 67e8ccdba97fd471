"""A learner's ways through practice and exams."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Course, Response, Sitting, Submission, User
from assessments.services import begin, sweep
from question_bank.variants import variant_of
from tests.cast.sittings import assessment, practice
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLUGS = ("masked-dense-flaw", "keys-of-one-query", "sliding-window")


@pytest.fixture
def warm_up(course: Course) -> Assessment:
    return practice(course, *SLUGS[:2])


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, *SLUGS, per_page=2, grace_seconds=120)


def home(made: Assessment) -> str:
    return f"/courses/{made.course.slug}/assessments/{made.slug}/"


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what bears these words has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and words in (focused.text_content() or ""):
            return
    raise AssertionError(f"no way to {words} by keyboard")


def tab_to_field(page: Page, kind: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(f":focus:is({kind})").count():
            return
    raise AssertionError(f"no way to {kind} by keyboard")


def right_number(sitting: Sitting) -> str:
    attempt = sitting.attempts.select_related("version").get(place=1)
    variant: Any = variant_of(attempt.version, attempt.seed)
    return str(variant.right)


def test_a_practice_is_taken_by_keyboard_alone(
    visitor: Visitor, learner: User, warm_up: Assessment
) -> None:
    with visitor.at(home(warm_up), learner) as page:
        tab_to(page, "Begin")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Question 1 of 2")).to_be_visible()
        tab_to_field(page, "[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator(".feedback")).to_be_visible()
        page.keyboard.press("n")
        expect(page.get_by_role("heading", name="Question 2 of 2")).to_be_visible()
        tab_to_field(page, "[inputmode=decimal]")
        page.keyboard.type(right_number(Sitting.objects.get()))
        page.keyboard.press("Enter")
        expect(page.locator(".feedback")).to_contain_text("Right.")
        tab_to(page, "Summary and hand in")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Every question is answered.")).to_be_visible()
        tab_to(page, "Hand in")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("of 2 points"))).to_be_visible()
    assert Sitting.objects.get().handed_in_at is not None


def test_what_was_typed_before_the_time_ran_out_counts(
    visitor: Visitor, learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    with visitor.at(f"/sittings/{sitting.pk}/1/", learner) as page:
        now = timezone.now()
        Sitting.objects.update(
            due_at=now + timedelta(seconds=4), grace_until=now + timedelta(seconds=60)
        )
        page.reload()
        expect(page.locator("[data-clock]")).to_contain_text("0:0")
        number = right_number(sitting)
        page.locator("input[name=q1-number]").press_sequentially(number)
        page.locator("input[type=radio]").first.check()
        expect(page.get_by_role("button", name="Question 1, answered")).to_be_visible()
        expect(page).to_have_url(re.compile("/over/$"), timeout=15_000)
        expect(page.get_by_text("What you typed before the end is handed in")).to_be_visible()
        assert sweep(now + timedelta(minutes=3)) == 1
        page.get_by_role("link", name="Load this again").click()
        expect(page.get_by_text("Handed in by the clock")).to_be_visible()
    kept = {one.attempt.place: one.answer for one in Response.objects.select_related("attempt")}
    assert kept == {0: {"choice": "0"}, 1: {"number": number}}


def test_a_draft_of_code_is_submitted_when_the_time_runs_out(
    visitor: Visitor, learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    now = timezone.now()
    with visitor.at(f"/sittings/{sitting.pk}/2/", learner) as page:
        page.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.keyboard.insert_text("def attention(q, k, v, window):\n    return v\n")
        expect(page.locator("[data-journal-words]")).to_have_text("Saved")
    assert sweep(now + timedelta(hours=2)) == 1
    source = bytes(Submission.objects.get().source)
    assert source == b"def attention(q, k, v, window):\n    return v\n"


def test_thresholds_are_said_once_and_nothing_moves(
    visitor: Visitor, learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    with visitor.at("/help/", learner) as page:
        Sitting.objects.update(due_at=timezone.now() + timedelta(seconds=303))
        page.clock.install()
        page.goto(f"/sittings/{sitting.pk}/1/")
        said = page.locator("[data-clock-said]")
        assert said.text_content() == ""
        before = page.locator("h1").bounding_box()
        page.clock.fast_forward(5_000)
        expect(said).to_have_text("5 minutes left")
        page.clock.fast_forward(120_000)
        expect(said).to_have_text("5 minutes left")
        page.clock.fast_forward(120_000)
        expect(said).to_have_text("1 minute left")
        assert page.locator("h1").bounding_box() == before


def test_an_exam_is_sat_without_a_script(visitor: Visitor, learner: User, exam: Assessment) -> None:
    with visitor.at(home(exam), learner, java_script_enabled=False) as page:
        page.get_by_role("checkbox", name="I am ready").check()
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Come back to this (question 2)").click()
        page.get_by_role("textbox").fill("17")
        page.get_by_role("button", name="Next").last.click()
        page.locator("textarea").fill("def attention(): ...")
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.get_by_text("received, being judged").last).to_be_visible()
        page.get_by_role("button", name="Summary and hand in").click()
        expect(page.get_by_text("Every question is answered.")).to_be_visible()
        expect(page.get_by_text("You wanted to come back to 1.")).to_be_visible()
        page.get_by_role("button", name="Hand in").click()
        expect(page.get_by_text("Your answers have been received.")).to_be_visible()
    assert Response.objects.count() == 2
    assert Submission.objects.count() == 1
