"""Each kind of question in a browser: by keyboard, by pointer, while typing, without a script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.models import Attempt, Response, Submission, User
from tests.assessments.web import verdicts
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ORDER, CODE = "/questions/ordering-flash-tile/", "/questions/sliding-window/"
HEARD = """
window.heard = [];
document.addEventListener("input", (event) => heard.push(event.target.name || event.target.id));
"""


def order_of(page: Page) -> str:
    return page.locator("[name=order]").input_value()


def swapped(order: str, one: int, other: int) -> str:
    places = order.split(",")
    places[one], places[other] = places[other], places[one]
    return ",".join(places)


def test_an_order_is_made_by_keyboard_and_told_at_each_step(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at(ORDER, learner) as page:
        page.evaluate(HEARD)
        said, before = page.locator("[data-order-said]"), order_of(page)
        handle = page.locator("[data-take]").nth(2)
        item = page.locator(".order .item").nth(2).inner_text()
        handle.focus()
        page.keyboard.press("Space")
        expect(said).to_contain_text("Taken. Arrow up and arrow down move it")
        expect(page.locator(".taken [data-take]")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("ArrowUp")
        expect(said).to_contain_text("Place 2 of 8: ")
        assert order_of(page) == swapped(before, 1, 2)
        expect(page.locator(".taken [data-take]")).to_be_focused()
        page.keyboard.press("Space")
        expect(said).to_contain_text("Put down at place 2 of 8")
        assert page.locator(".order .item").nth(1).inner_text() == item
        assert page.evaluate("heard") == ["order"]
        page.get_by_role("button", name="Check").last.click()
        expect(page.locator("#feedback")).to_be_visible()
    assert Response.objects.get().answer == {"order": swapped(before, 1, 2)}


def test_escape_takes_a_move_back_and_the_ends_are_ends(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner) as page:
        said, before = page.locator("[data-order-said]"), order_of(page)
        page.locator("[data-take]").nth(3).focus()
        for key in ("Enter", "Home", "ArrowUp"):
            page.keyboard.press(key)
        expect(said).to_contain_text("Place 1 of 8")
        page.keyboard.press("End")
        expect(said).to_contain_text("Place 8 of 8")
        page.keyboard.press("Escape")
        expect(said).to_contain_text("Taken back to place 4 of 8")
        assert order_of(page) == before


def test_leaving_a_taken_item_puts_it_down(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner) as page:
        page.locator("[data-take]").nth(1).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        expect(page.locator("[data-order-said]")).to_contain_text("Put down at place 2 of 8")
        expect(page.locator(".taken")).to_have_count(0)


def test_buttons_move_within_the_page_and_keep_the_focus(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner) as page:
        before = order_of(page)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        item = page.locator(".order li").nth(1)
        item.get_by_role("button", name="Move up").click()
        assert order_of(page) == swapped(before, 0, 1)
        expect(
            page.locator(".order li").nth(0).get_by_role("button", name="Move down")
        ).to_be_focused()
        assert [url for url in sent if not url.endswith("/journal/")] == []


def centre(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, part: Locator, onto: Locator, below: float = 0) -> None:
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.locator("[data-draggable]").wait_for()
    (x, y), (to_x, to_y) = centre(part), centre(onto)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2, y + 12, steps=4)
    # Where it is dragged over is looked at every 50 ms.
    page.wait_for_timeout(200)
    page.mouse.move(to_x, to_y + below, steps=12)
    page.wait_for_timeout(400)
    page.mouse.up()


def test_an_item_is_dragged_by_its_handle(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner, reduced_motion="reduce") as page:
        page.evaluate(HEARD)
        first, *rest = order_of(page).split(",")
        handles = page.locator("[data-take]")
        drag(page, handles.nth(0), handles.nth(3), below=12)
        expect(page.locator("[data-order-said]")).to_contain_text("Place 4 of 8")
        assert order_of(page) == ",".join([*rest[:3], first, *rest[3:]])
        assert page.evaluate("heard") == ["order"]


def test_an_order_that_others_put_into_the_field_is_shown(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner) as page:
        turned = ",".join(reversed(order_of(page).split(",")))
        last = page.locator(".order .item").last.inner_text()
        page.evaluate(
            """(order) => {
                const field = document.querySelector("[name=order]");
                field.value = order;
                field.dispatchEvent(new CustomEvent("journal:set"));
            }""",
            turned,
        )
        assert page.locator(".order .item").first.inner_text() == last
        assert order_of(page) == turned


def test_an_order_is_made_without_a_script(visitor: Visitor, learner: User) -> None:
    with visitor.at(ORDER, learner, java_script_enabled=False) as page:
        before = order_of(page)
        expect(page.locator("[data-take]").first).to_be_hidden()
        page.get_by_role("button", name="Move down").first.click()
        assert order_of(page) == swapped(before, 0, 1)


def test_an_answer_is_dragged_onto_a_line_and_told_under_it(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at("/questions/mechanisms-and-savings/", learner) as page:
        page.evaluate(HEARD)
        option = page.locator(".options li").nth(1)
        drag(page, option, page.locator(".match label").nth(2))
        expect(page.locator("select").nth(2)).to_have_value("1")
        expect(page.locator("[data-chosen]").nth(2)).to_have_text(option.inner_text())
        expect(page.locator(".options li")).to_have_count(6)
        assert page.evaluate("heard") == ["match-2"]
        page.locator("select").nth(0).select_option("0")
        first = page.locator(".options li").nth(0).inner_text()
        expect(page.locator("[data-chosen]").nth(0)).to_have_text(first)


def test_a_number_is_read_back_while_it_is_typed_and_nothing_moves(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at("/questions/keys-of-one-query/", learner) as page:
        button = page.get_by_role("button", name="Check").last
        before = centre(button)
        page.locator("#number").press_sequentially("1 234 567")
        expect(page.locator("#reading")).to_have_text("Read as 1,234,567.")
        page.locator("#number").fill("a few")
        expect(page.locator("#reading")).to_contain_text("This is not a number.")
        assert centre(button) == before


def test_the_evidence_of_a_case_stays_beside_its_questions(visitor: Visitor, learner: User) -> None:
    with visitor.at("/questions/case-two-masks/", learner) as page:
        evidence, last = page.locator(".evidence"), page.locator(".part").last
        last.scroll_into_view_if_needed()
        expect(evidence).to_be_in_viewport()
        page.set_viewport_size({"width": 390, "height": 800})
        assert centre(evidence)[1] < centre(page.locator(".part").first)[1]


def test_hints_come_one_at_a_time_and_stay_open(visitor: Visitor, learner: User) -> None:
    with visitor.at(CODE, learner) as page:
        expect(page.get_by_text("Hint 2")).to_be_hidden()
        page.get_by_text("Hint 1").click()
        page.get_by_text("Hint 2").click()
        page.reload()
        expect(page.locator("details.hint[open]")).to_have_count(2)
        expect(page.get_by_text("Hint 3")).to_be_visible()


def written(page: Page) -> str:
    return page.locator("textarea[name=source]").input_value()


def type_code(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_the_starter_comes_back_once_confirmed_and_undo_takes_that_back(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at(CODE, learner) as page:
        type_code(page, "mine = 1")
        page.get_by_role("button", name="Back to the starter").click()
        page.get_by_role("button", name="Keep what is there").click()
        expect(page.get_by_role("button", name="Back to the starter")).to_be_focused()
        assert written(page) == "mine = 1"
        page.get_by_role("button", name="Back to the starter").click()
        page.get_by_role("button", name="Replace").click()
        expect(page.locator("[data-editor-said]")).to_contain_text("The starter is in the editor.")
        expect(page.locator(".cm-content")).to_contain_text("def attention")
        page.get_by_role("button", name="Undo").click()
        assert written(page) == "mine = 1"


def test_the_field_follows_the_editor_and_the_editor_the_field(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at(CODE, learner) as page:
        page.evaluate(HEARD)
        type_code(page, "a = 1")
        assert written(page) == "a = 1"
        assert "source" in page.evaluate("heard")
        page.evaluate(
            """() => {
                const field = document.querySelector("textarea[name=source]");
                field.value = "b = 2";
                field.dispatchEvent(new CustomEvent("journal:set"));
            }"""
        )
        expect(page.locator(".cm-content")).to_have_text("b = 2")


def two_submissions(attempt: Attempt) -> tuple[Submission, Submission]:
    first = verdicts.record(verdicts.submission(attempt, b"one = 1\n"), verdicts.wrong_pairs())
    second = verdicts.submission(attempt, b"two = 2\n")
    return first, verdicts.record(second, verdicts.EVERY["passed"])


def test_an_earlier_submission_is_loaded_and_undone(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    two_submissions(attempt)
    with visitor.at(CODE, learner) as page:
        page.get_by_label("An earlier submission").select_option(index=1)
        page.get_by_role("button", name="Load into the editor").click()
        expect(page.locator("[data-editor-said]")).to_contain_text("Submission 1 is in the editor.")
        assert written(page) == "one = 1\n"
        expect(page).to_have_url(re.compile(CODE + "$"))
        page.get_by_role("button", name="Undo").click()
        assert written(page) == "two = 2\n"


def test_an_earlier_submission_is_loaded_without_a_script(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    two_submissions(attempt)
    with visitor.at(CODE, learner, java_script_enabled=False) as page:
        page.get_by_label("An earlier submission").select_option(index=1)
        page.get_by_role("button", name="Load into the editor").click()
        assert written(page) == "one = 1\n"


def test_two_submissions_are_chosen_and_compared(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    two_submissions(attempt)
    with visitor.at(CODE + "submissions/", learner) as page:
        page.get_by_label("Before: submission 2").check()
        page.get_by_label("After: submission 1").check()
        page.get_by_role("button", name="Compare the two").click()
        beside, unified = page.locator(".diff-beside"), page.locator(".diff-unified")
        expect(beside.locator(".gone")).to_contain_text("two = 2")
        expect(beside.locator(".new")).to_contain_text("one = 1")
        expect(unified).to_be_hidden()
        page.set_viewport_size({"width": 390, "height": 800})
        expect(beside).to_be_hidden()
        expect(unified.locator(".gone")).to_contain_text("two = 2")
