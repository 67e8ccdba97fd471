"""Questions are drawn fairly, none twice, and wherever the pools allow it at all."""

from collections import Counter
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import PoolTooSmallError, draw

pools = st.lists(st.frozensets(st.integers(0, 9), max_size=6), max_size=9)


def most_places(given_pools: list[frozenset[int]]) -> int:
    """Return how many places can be given an item at once, by networkx."""
    graph = nx.Graph()
    places = [f"place {place}" for place in range(len(given_pools))]
    graph.add_nodes_from(places)
    for place, pool in zip(places, given_pools, strict=True):
        graph.add_edges_from((place, item) for item in pool)
    matching = nx.bipartite.hopcroft_karp_matching(graph, places)
    return len(matching) // 2


@given(pools, st.integers())
def test_a_drawing_is_found_exactly_where_there_is_one(
    drawn_from: list[frozenset[int]], seed: int
) -> None:
    possible = most_places(drawn_from) == len(drawn_from)
    try:
        drawn = draw(drawn_from, Random(seed))
    except PoolTooSmallError:
        assert not possible
    else:
        assert possible
        assert all(item in pool for item, pool in zip(drawn, drawn_from, strict=True))
        assert len(set(drawn)) == len(drawn)


def test_a_fixed_question_is_never_drawn_from_a_pool() -> None:
    for seed in range(50):
        assert draw([{1, 2}, {1}], Random(seed)) == [2, 1]


def test_every_item_is_about_as_likely() -> None:
    counts = Counter(draw([range(5)], Random(seed))[0] for seed in range(2_000))
    assert sorted(counts) == list(range(5))
    assert all(320 < count < 480 for count in counts.values())


def test_the_place_without_a_question_is_named() -> None:
    with pytest.raises(PoolTooSmallError) as refused:
        draw([{1, 2}, set(), {3}], Random(0))
    assert refused.value.place == 1
