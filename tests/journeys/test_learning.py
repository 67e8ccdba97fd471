"""A learner's ways through the pages."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Attempt, Response, Submission, User
from assessments.services import attempt_for
from grader.contract import GradingJob
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.assessments.web import verdicts
from tests.journeys.conftest import PASSWORD, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "/questions/sliding-window/"


def type_code(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_signing_in_leads_to_the_course(visitor: Visitor, learner: User) -> None:
    with visitor.at("/") as page:
        page.get_by_label("User name or e-mail address").fill("learner")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/courses/sparse-attention/$"))
        expect(page.get_by_text("Begin here:")).to_be_visible()
        page.get_by_text("learner", exact=True).click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_choice_is_answered_by_keyboard_alone(visitor: Visitor, learner: User) -> None:
    with visitor.at("/questions/masked-dense-flaw/", learner) as page:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to the content")
        page.keyboard.press("Enter")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.locator(":focus").get_attribute("type") == "radio":
                break
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#feedback")).to_be_visible()
        expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    assert Response.objects.get().answer == {"choice": "1"}


def test_a_number_is_wrong_and_then_right(visitor: Visitor, learner: User) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug="keys-of-one-query"))
    variant: Any = variant_of(attempt.version, attempt.seed)
    with visitor.at("/questions/keys-of-one-query/", learner) as page:
        field = page.get_by_label("Your answer, one number")
        for number, word in ((variant.right + 1_000, "Not yet."), (variant.right, "Right.")):
            field.fill(f"{number:,}")
            field.press("Enter")
            expect(page.locator("#feedback")).to_contain_text(word)


def test_code_is_submitted_graded_and_told_without_a_reload(
    visitor: Visitor, learner: User, sent: list[tuple[Any, ...]]
) -> None:
    with visitor.at(CODE, learner) as page:
        type_code(page, "def attention(q, k, v, window):\n    return v\n")
        page.keyboard.press("Control+Enter")
        expect(page).to_have_url(re.compile(r"/submissions/\d+/$"))
        expect(page.locator("#stage-now")).to_have_text("Waiting to be graded")
        job = GradingJob.model_validate_json(sent[0][1][0])
        assert job.exercise.slug == "sliding-window"

        kept = Submission.objects.get()
        kept.gradings.update(state="running", stage="timing", stage_done=12, stage_total=63)
        expect(page.locator("#stages .now")).to_contain_text("12 of 63", timeout=1_500)
        page.reload()
        expect(page.locator("#stage-now")).to_have_text("Grading: timing")

        verdicts.record(kept, verdicts.wrong_pairs())
        expect(page.locator("#sentence")).to_have_text("Some queries see the wrong keys.")
        expect(page.locator("#stage-now")).to_have_text("Graded: not passed")
        expect(page).to_have_title(re.compile("^Not passed: "))
        expect(page.locator(".mask-extra")).to_be_visible()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(1_200)
        assert asked == [], "a page with its verdict asks no more"


def test_escape_then_tab_leaves_the_editor(visitor: Visitor, learner: User) -> None:
    with visitor.at(CODE, learner) as page:
        type_code(page, "x")
        page.keyboard.press("Tab")
        expect(page.locator(".cm-content")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Submit", exact=True)).to_be_focused()
        expect(page.locator(".cm-content")).to_have_text("x    ")


def test_what_was_typed_survives_a_reload(visitor: Visitor, learner: User) -> None:
    with visitor.at(CODE, learner) as page:
        type_code(page, "# half a thought")
        expect(page.locator("[data-saved]")).to_have_text("Saved")
        page.reload()
        expect(page.locator(".cm-content")).to_have_text("# half a thought")
        page.get_by_role("button", name="Back to the starter").click()
        page.get_by_role("button", name="Replace").click()
        expect(page.locator(".cm-content")).to_contain_text("def attention")


def test_everything_works_without_a_script(visitor: Visitor, learner: User) -> None:
    with visitor.at(CODE, learner, java_script_enabled=False) as page:
        page.get_by_role("spinbutton", name="Query").fill("2")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("[data-query-words]")).to_contain_text("query 2 sees 2 keys: 1, 2")
        page.locator("textarea").fill("def attention(): ...")
        page.get_by_role("button", name="Submit", exact=True).click()
        expect(page.locator(".stages .now")).to_contain_text("Queued")
    assert bytes(Submission.objects.get().source) == b"def attention(): ..."


def test_the_slider_moves_the_marked_row_and_its_words(visitor: Visitor, learner: User) -> None:
    with visitor.at("/concepts/local-window/", learner) as page:
        page.locator("[data-query-range]").focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".mask-row.chosen")).to_have_attribute("data-query", "2")
        expect(page.locator("[data-query-words]")).to_have_text("query 2 sees 2 keys: 1, 2")
        page.locator('.mask-row[data-query="20"]').hover()
        expect(page.locator("[data-query-words]")).to_contain_text("query 20 sees 4 keys")


def test_a_question_mark_opens_the_shortcuts_but_not_in_a_field(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at("/questions/keys-of-one-query/", learner) as page:
        page.get_by_label("Your answer, one number").press("?")
        expect(page.locator("#number")).to_have_value("?")
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="Shortcuts", exact=True)).to_be_visible()


def test_the_theme_is_chosen_and_remembered_and_paper_stays_white(
    visitor: Visitor, learner: User
) -> None:
    def paper(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    with visitor.at("/help/", learner, color_scheme="light") as page:
        white = paper(page)
        page.get_by_role("button", name="Theme: system").click()
        page.get_by_role("button", name="Theme: light").click()
        page.reload()
        expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
        assert paper(page) != white
        page.emulate_media(media="print")
        assert paper(page) == white


def test_our_failure_is_resubmitted_by_one_button(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    kept = verdicts.record(verdicts.submission(attempt), verdicts.EVERY["unavailable"])
    with visitor.at(f"/submissions/{kept.pk}/", learner) as page:
        page.get_by_role("button", name="Submit the same code again").click()
        expect(page.get_by_role("heading", name="Submission 2")).to_be_visible()
    first, second = Submission.objects.order_by("number")
    assert bytes(first.source) == bytes(second.source)
