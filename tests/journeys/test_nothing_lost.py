"""What is typed survives a closed page, a lost network and a second tab."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Attempt, Saved, User
from assessments.services import attempt_for
from assessments.services.journal import saved_answer
from question_bank.models import Question
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ESSAY = "/questions/flash-in-a-design-review/"
CODE = "/questions/sliding-window/"


@pytest.fixture
def essay(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.get(slug="flash-in-a-design-review"))


def word(page: Page) -> Any:
    return page.locator("[data-journal-words]")


def ready(page: Page) -> None:
    expect(page.locator("[data-journal-ready]").first).to_be_visible()


def refuse(page: Page) -> Callable[[], None]:
    """Cut the journal off from its server; return what mends that."""
    address = re.compile(r"/attempts/\d+/journal/")
    page.route(address, lambda route: route.abort())
    return lambda: page.unroute(address)


def test_what_is_typed_is_saved_without_a_click(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        ready(page)
        page.get_by_role("textbox").first.fill("Tiles stay in fast memory.")
        expect(word(page)).to_have_text("Saved")
        assert "Tiles stay in fast memory." in saved_answer(essay).values()
        page.reload()
        expect(page.get_by_role("textbox").first).to_have_value("Tiles stay in fast memory.")


def test_what_was_typed_offline_comes_back_after_the_tab_was_closed(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        ready(page)
        refuse(page)
        page.get_by_role("textbox").first.fill("Typed without a network.")
        expect(word(page)).to_contain_text("Offline")
        page.close()
        again = page.context.new_page()
        again.goto(ESSAY)
        expect(again.get_by_role("textbox").first).to_have_value("Typed without a network.")
        expect(word(again)).to_have_text("Saved")
        assert "Typed without a network." in saved_answer(essay).values()
    visitor.complaints.clear()  # the console names each request that failed


def test_two_tabs_that_write_the_same_field_lose_neither(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as one:
        ready(one)
        other = one.context.new_page()
        other.goto(ESSAY)
        ready(other)
        mend = refuse(one)
        one.get_by_role("textbox").first.fill("From the first tab.")
        expect(word(one)).to_contain_text("Offline")
        other.get_by_role("textbox").first.fill("From the second tab.")
        expect(word(other)).to_have_text("Saved")
        mend()
        one.get_by_role("textbox").first.press("End")
        one.evaluate("window.dispatchEvent(new Event('online'))")
        notice = one.get_by_role("group", name="Two answers")
        expect(notice).to_contain_text("From the first tab.")
        expect(notice).to_contain_text("From the second tab.")
        notice.get_by_role("button", name="Keep this: From the second tab.").click()
        expect(notice).to_be_hidden()
        expect(one.get_by_role("textbox").first).to_have_value("From the second tab.")
        expect(word(one)).to_have_text("Saved")
    assert "From the second tab." in saved_answer(essay).values()
    visitor.complaints.clear()


def test_a_tab_shows_what_another_one_typed(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as one:
        ready(one)
        other = one.context.new_page()
        other.goto(ESSAY)
        ready(other)
        one.get_by_role("textbox").first.fill("Seen in both.")
        expect(other.get_by_role("textbox").first).to_have_value("Seen in both.")


def test_the_editor_is_saved_and_restored(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    with visitor.at(CODE, learner) as page:
        ready(page)
        editor = page.locator(".cm-content")
        editor.click()
        page.keyboard.press("Control+End")
        page.keyboard.type("# a note")
        expect(word(page)).to_have_text("Saved")
        assert saved_answer(attempt)["source"].endswith("# a note")
        page.reload()
        expect(editor).to_contain_text("# a note")


def test_who_is_signed_out_meanwhile_goes_on_after_signing_in(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        ready(page)
        session = next(one for one in page.context.cookies() if one["name"] == "sessionid")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("textbox").first.fill("Typed after the session ended.")
        expect(word(page)).to_contain_text("You are signed out")
        page.context.add_cookies([session])  # type: ignore[list-item]
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(word(page)).to_have_text("Saved")
    assert Saved.objects.get(attempt=essay).revision > 0
    visitor.complaints.clear()


def kept_by_worker(page: Page) -> None:
    """Load the page once more when the service worker is there, so that it is kept."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    ready(page)


def test_a_page_that_is_loaded_again_offline_has_all_that_was_typed(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        kept_by_worker(page)
        box = page.get_by_role("textbox").first
        box.fill("Saved before the connection went.")
        expect(word(page)).to_have_text("Saved")
        page.context.set_offline(True)
        page.reload()
        ready(page)
        box.fill("Typed on a page from the cache.")
        page.reload()
        expect(box).to_have_value("Typed on a page from the cache.")
        page.context.set_offline(False)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(word(page)).to_have_text("Saved")
        expect(page.locator("[data-rivals]")).to_be_hidden()
    assert saved_answer(essay)["text"] == "Typed on a page from the cache."
    visitor.complaints.clear()


def test_nothing_of_an_answer_stays_in_the_browser_after_signing_out(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        kept_by_worker(page)
        page.get_by_role("textbox").first.fill("Nobody else reads this.")
        expect(word(page)).to_have_text("Saved")
        assert page.evaluate(
            "caches.keys().then((names) => names.some((one) => one.startsWith('seen-')))"
        )
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/")
        left = "caches.keys().then((names) => names.filter((one) => one.startsWith('seen-')))"
        assert page.evaluate(left) == []
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert "Nobody else" not in kept
    visitor.complaints.clear()


def test_what_is_too_long_is_said_to_be_and_holds_nothing_up(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as page:
        ready(page)
        page.get_by_role("textbox").first.fill("word " * 23_000)
        expect(word(page)).to_contain_text("Not saved")
        page.get_by_role("textbox").first.fill("A text of a length that can be kept.")
        expect(word(page)).to_have_text("Saved")
    assert saved_answer(essay)["text"] == "A text of a length that can be kept."
    visitor.complaints.clear()


def test_typing_goes_on_in_ones_own_text_while_another_one_stands_beside_it(
    visitor: Visitor, learner: User, essay: Attempt
) -> None:
    with visitor.at(ESSAY, learner) as one:
        ready(one)
        other = one.context.new_page()
        other.goto(ESSAY)
        ready(other)
        mend = refuse(one)
        box = one.get_by_role("textbox").first
        box.fill("Mine")
        for number in range(3):
            other.get_by_role("textbox").first.fill(f"Theirs {number}.")
            expect(word(other)).to_have_text("Saved")
        mend()
        one.evaluate("window.dispatchEvent(new Event('online'))")
        notice = one.get_by_role("group", name="Two answers")
        expect(notice).to_contain_text("Theirs 2.")
        expect(box).to_have_value("Mine")
        box.press("End")
        one.keyboard.type(", longer.")
        expect(box).to_have_value("Mine, longer.")
        expect(word(one)).to_have_text("Saved")
        expect(notice).to_contain_text("Theirs 2.")
    visitor.complaints.clear()
