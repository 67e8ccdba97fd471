"""The map by fingers, and for who wants nothing to move."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import CDPSession, Page, expect

from assessments.models import User
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAP = "/courses/sparse-attention/map/"
PHONE = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
NODE = '[data-slug="scaled-dot-product"]'

Finger = tuple[float, float]


class Hand:
    """Fingers on the glass of a phone."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def moves(self, *places: Sequence[Finger]) -> None:
        """Put fingers down at the first places, move them over the others, and lift them."""
        for number, fingers in enumerate(places):
            self._send("touchMove" if number else "touchStart", fingers)
        self._send("touchEnd", ())

    def _send(self, kind: str, fingers: Sequence[Finger]) -> None:
        points = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(fingers)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@contextmanager
def phone(visitor: Visitor, learner: User) -> Iterator[tuple[Page, Hand]]:
    with visitor.at(MAP, learner, **PHONE) as page:
        page.locator("[data-map-frame]").scroll_into_view_if_needed()
        yield page, Hand(page)


def scale(page: Page) -> int:
    return int(page.locator("[data-map-scale]").inner_text().split()[0])


def middle(page: Page, selector: str) -> Finger:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def scrolled(page: Page) -> list[float]:
    found = page.locator("[data-map-frame]").evaluate("(one) => [one.scrollLeft, one.scrollTop]")
    return [float(each) for each in found]


def test_two_fingers_zoom_the_map_about_what_is_between_them(
    visitor: Visitor, learner: User
) -> None:
    with phone(visitor, learner) as (page, hand):
        page.locator(NODE).evaluate(
            "(one) => one.scrollIntoView({block: 'center', inline: 'center'})"
        )
        x, y = middle(page, NODE)
        before = scale(page)
        near, far = (((x - apart, y), (x + apart, y)) for apart in (40, 80))
        hand.moves(near, far)
        assert scale(page) == pytest.approx(2 * before, abs=1)
        assert middle(page, NODE) == pytest.approx((x, y), abs=2)
        hand.moves(far, near)
        assert scale(page) == pytest.approx(before, abs=1)
        assert page.evaluate("visualViewport.scale") == 1
        assert page.url.endswith(MAP)


def test_fingers_zoom_no_farther_than_the_buttons(visitor: Visitor, learner: User) -> None:
    with phone(visitor, learner) as (page, hand):
        x, y = middle(page, "[data-map-frame]")
        for _ in range(4):
            hand.moves(((x - 20, y), (x + 20, y)), ((x - 120, y), (x + 120, y)))
        assert scale(page) == 250


def test_one_finger_scrolls_the_map_and_opens_nothing(visitor: Visitor, learner: User) -> None:
    with phone(visitor, learner) as (page, hand):
        page.get_by_role("button", name="Zoom in").tap()
        left, top = scrolled(page)
        x, y = middle(page, "[data-map-frame]")
        hand.moves(*[((x - 10 * step, y - 8 * step),) for step in range(9)])
        # Before it is a scroll and no tap, a finger has moved some way.
        assert scrolled(page) == pytest.approx([left + 80, top + 64], abs=20)
        assert page.url.endswith(MAP)


def test_a_tap_opens_a_concept(visitor: Visitor, learner: User) -> None:
    with phone(visitor, learner) as (page, _hand):
        page.locator('[data-slug="transformer"]').tap()
        expect(page.get_by_role("heading", name="Transformer", level=1)).to_be_visible()


@pytest.mark.parametrize(("wish", "way"), [("reduce", "instant"), ("no-preference", "smooth")])
def test_nothing_of_the_map_glides_for_who_wants_nothing_to_move(
    visitor: Visitor, learner: User, wish: str, way: str
) -> None:
    with visitor.at(MAP, learner, reduced_motion=wish) as page:
        page.evaluate(
            "() => { const by = Element.prototype.scrollBy; window.ways = new Set();"
            "Element.prototype.scrollBy = function (how) {"
            " window.ways.add(how.behavior); return by.call(this, how); }; }"
        )
        page.get_by_role("button", name="Next best step").click()
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        assert page.evaluate("[...window.ways]") == [way]
        lasts = page.locator(NODE).evaluate("(one) => getComputedStyle(one).transitionDuration")
        assert (lasts == "0s") == (wish == "reduce")
