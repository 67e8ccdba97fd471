"""Putting items in order by buttons, without a script."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Response
from assessments.web.orders import moved, order_held

PAGE = "/questions/ordering-flash-tile/"


def text(response: HttpResponse) -> str:
    return response.content.decode()


def order_in(html: str) -> str:
    found = re.search(r'name="order" value="([\d,]+)"', html)
    assert found
    return found[1]


def test_an_item_moves_up_or_down_by_one_place() -> None:
    assert moved({"order": "0,1,2"}, "order:2:up") == ({"order": "0,2,1"}, "order:1:up")
    assert moved({"order": "2,0,1"}, "order:0:down") == ({"order": "0,2,1"}, "order:1:down")


def test_at_the_end_the_button_back_is_the_one_to_go_on_with() -> None:
    assert moved({"order": "0,1,2"}, "order:1:up")[1] == "order:0:down"
    assert moved({"order": "0,1,2"}, "order:1:down")[1] == "order:2:up"


@pytest.mark.parametrize(
    "move", ["", "order", "order:0:up", "order:9:up", "order:x:up", "order:1:away", "order:٣:up"]
)
def test_what_is_no_move_moves_nothing(move: str) -> None:
    assert moved({"order": "0,1,2"}, move)[0] == {"order": "0,1,2"}


@given(st.permutations(list(range(6))), st.integers(0, 5), st.sampled_from(["up", "down"]))
def test_a_move_keeps_every_item(order: list[int], position: int, direction: str) -> None:
    held = {"order": ",".join(map(str, order)), "other": "stays"}
    after, _ = moved(held, f"order:{position}:{direction}")
    assert sorted(map(int, after["order"].split(","))) == list(range(6))
    assert after["other"] == "stays"


@given(st.text(max_size=30))
def test_what_is_no_order_is_the_order_as_shown(typed: str) -> None:
    assert sorted(order_held(typed, 4)) == [0, 1, 2, 3]


def test_a_move_is_shown_with_its_button_in_focus_and_not_marked(page: Client) -> None:
    before = order_in(text(page.get(PAGE))).split(",")
    response = page.post(PAGE, {"order": ",".join(before), "move": "order:1:up"})
    html = text(response)
    assert response.status_code == 200
    assert order_in(html).split(",") == [before[1], before[0], *before[2:]]
    assert re.search(r'value="order:0:down"[^>]* autofocus', html)
    assert not Response.objects.exists()


def test_an_order_is_marked_and_kept_as_it_was_given(page: Client) -> None:
    order = order_in(text(page.get(PAGE)))
    html = text(page.post(PAGE, {"order": order}, follow=True))
    assert "Not yet." in html or "Partly right" in html
    assert order_in(html) == order
    assert Response.objects.get().answer == {"order": order}


def test_an_order_that_leaves_items_out_is_refused_in_words(page: Client) -> None:
    response = page.post(PAGE, {"order": "0,1"})
    assert response.status_code == 422
    assert "leaves out" in text(response)
