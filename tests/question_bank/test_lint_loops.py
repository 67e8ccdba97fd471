"""The loops of the second opinion are right where everything can be written down one by one."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grader.costs import Model
from question_bank.courses.lint.loops import (
    Layer,
    cost_by_loops,
    field_by_steps,
    layers_by_steps,
)
from question_bank.kinds.costs import DrawnCost
from question_bank.kinds.reach import DrawnCrossing, DrawnField

small = st.integers(1, 12)


@given(st.none() | small, st.integers(0, 5), st.integers(0, 30))
def test_a_layer_sees_what_its_rule_says_of_each_key(
    window: int | None, sinks: int, token: int
) -> None:
    keys = [
        key for key in range(token + 1) if window is None or key > token - window or key < sinks
    ]
    assert Layer(window, sinks).seen_by(token) == len(keys)


def flooded(distance: int, asked: DrawnCrossing) -> int | None:
    """Return the layers after which the last position depends on the first, by sets of both.

    Global tokens are positions of their own before all others.
    """
    helpers = set() if asked.causal else set(range(-asked.global_tokens, 0))
    positions = range(distance + 1)

    def sees(query: int, key: int) -> bool:
        if query in helpers or key in helpers:
            return True
        if asked.causal:
            return 0 <= query - key < asked.window
        return abs(query - key) <= asked.window // 2

    reached, layers = {0}, 0
    while distance not in reached:
        everybody = {*positions, *helpers}
        more = {query for query in everybody if any(sees(query, key) for key in reached)}
        if more | reached == reached:
            return None
        reached, layers = reached | more, layers + 1
    return layers


@given(st.integers(0, 20), st.integers(2, 9), st.booleans(), st.integers(0, 2))
def test_steps_arrive_in_the_layer_in_which_flooding_does(
    distance: int, window: int, causal: bool, helpers: int
) -> None:
    asked = DrawnCrossing(distance, window, causal, helpers)
    assert layers_by_steps(asked) == flooded(distance, asked)


@given(st.integers(0, 5), st.integers(1, 6), st.integers(1, 30))
def test_a_field_is_what_following_every_key_back_gives(
    layers: int, window: int, position: int
) -> None:
    field = {position}
    for _ in range(layers):
        field = {key for one in field for key in range(max(1, one - window + 1), one + 1)}
    assert field_by_steps(DrawnField(layers, window, position)) == len(field)


def test_a_cost_can_be_followed_by_hand() -> None:
    model = Model("tiny", 2, 4, 2, 8, parameters=50, source="none", local_layers=1, window=3)
    asked = DrawnCost("cache_bytes", model, None, 10, 3, 4, None, 8, None, None, 0, Fraction(1))
    # The window's 3 entries take a page of 4, the dense layer's 10 take three pages of 4.
    assert cost_by_loops(asked) == 3 * (4 + 12) * 2 * 2 * 8
