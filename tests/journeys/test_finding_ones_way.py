"""The map by keyboard and mouse, a picture by its sliders, a vote, and the search."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models import User, Vote
from tests.journeys.conftest import Visitor
from tests.journeys.test_every_page import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAP = "/courses/sparse-attention/map/"


def here(page: Page) -> str | None:
    return page.evaluate("document.activeElement.dataset.slug")


def test_the_map_is_walked_by_keyboard(visitor: Visitor, learner: User) -> None:
    with visitor.at(MAP, learner) as page:
        page.get_by_role("button", name="Next best step").click()
        assert here(page) == "transformer"
        expect(page.locator(".map.tracing")).to_have_count(1)
        assert page.locator(".map-node:not(.lit)").count() == 0, "all builds on the first"
        page.keyboard.press("ArrowDown")
        below = here(page)
        assert below in {"attention-mechanism", "autoregressive-inference"}
        key = "ArrowRight" if below == "attention-mechanism" else "ArrowLeft"
        page.keyboard.press(key)
        assert here(page) in {"attention-mechanism", "autoregressive-inference"} - {below}
        page.keyboard.press("Escape")
        assert here(page) == below
        page.keyboard.press("Escape")
        assert here(page) == "transformer"
        before = page.locator("[data-map-scale]").inner_text()
        page.keyboard.press("+")
        assert page.locator("[data-map-scale]").inner_text() != before
        page.keyboard.press("-")
        assert page.locator("[data-map-scale]").inner_text() == before
        assert barriers(page) == []
        page.locator('[data-slug="transformer"]').focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Transformer", level=1)).to_be_visible()


def test_one_concept_of_the_map_is_in_the_order_of_tab(visitor: Visitor, learner: User) -> None:
    with visitor.at(MAP, learner) as page:
        assert page.locator('.map-node[tabindex="0"]').count() == 1


def test_a_drag_moves_the_map_and_opens_nothing(visitor: Visitor, learner: User) -> None:
    with visitor.at(MAP, learner, viewport={"width": 390, "height": 740}) as page:
        frame = page.locator("[data-map-frame]")
        left = frame.evaluate("(one) => one.scrollLeft")
        node = page.locator('[data-slug="transformer"]').bounding_box()
        assert node is not None
        x, y = node["x"] + node["width"] / 2, node["y"] + node["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y, steps=4)
        page.mouse.up()
        assert frame.evaluate("(one) => one.scrollLeft") == left + 60
        assert page.url.endswith(MAP)


def test_the_list_is_all_there_without_a_script(visitor: Visitor, learner: User) -> None:
    with visitor.at(MAP, learner, java_script_enabled=False) as page:
        expect(page.locator(".map-list .states > li")).to_have_count(30)
        expect(page.get_by_role("button", name="Zoom in")).to_be_hidden()
        page.locator("#concept-kv-cache a").first.click()
        expect(page.get_by_role("heading", name="KV cache", level=1)).to_be_visible()


def test_a_slider_changes_the_counts_and_keeps_the_focus(visitor: Visitor, learner: User) -> None:
    with visitor.at("/concepts/local-window/", learner) as page:
        pairs = page.get_by_role("row", name="Pairs").locator("td").first
        expect(pairs).to_have_text("90")
        mask = page.locator("#pattern svg.mask").bounding_box()
        page.get_by_role("slider", name="Window w").focus()
        page.keyboard.press("ArrowRight")
        expect(pairs).to_have_text("110")
        expect(page.locator("#pattern-words")).to_contain_text("w = 5, n = 24; Pairs: 110")
        assert page.evaluate("document.activeElement.type") == "range"
        assert page.locator("#pattern svg.mask").bounding_box() == mask, "nothing moves"
        page.locator("[data-query-range]").focus()
        page.keyboard.press("Home")
        expect(page.locator("[data-query-words]")).to_have_text("query 1 sees 1 key: 1")
        assert barriers(page) == []


def test_a_vote_is_given_and_shown(visitor: Visitor, learner: User) -> None:
    with visitor.at("/concepts/local-window/", learner) as page:
        page.get_by_label("What was clear").fill("The picture.")
        page.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_role("button", name="Yes", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        assert barriers(page) == []
    assert Vote.objects.get().comment == "The picture."


def test_the_search_is_reached_by_a_key(visitor: Visitor, learner: User) -> None:
    with visitor.at("/courses/sparse-attention/", learner) as page:
        page.keyboard.press("/")
        page.keyboard.type("rolling cache")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Glossary")).to_be_visible()
        assert barriers(page) == []
        page.get_by_role("link", name="rolling cache, rolling buffer cache").click()
        expect(page.locator("#rolling-cache")).to_be_in_viewport()
