from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.web.maps.layers import Edge, Sizes, crossings, depths, layout, spread

SIZES = Sizes(box=100, height=40, passing=8, beside=10, between=30)
Graph = tuple[list[str], list[Edge]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw names and edges that only lead from earlier names to later ones, in any order."""
    count = draw(st.integers(1, 14))
    names = [f"c{index}" for index in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    shuffled = draw(st.permutations(names))
    return list(shuffled), [(names[a], names[b]) for a, b in chosen]


@given(graphs())
def test_every_edge_goes_down(graph: Graph) -> None:
    placed = layout(*graph, SIZES)
    for (first, last), points in placed.routes.items():
        assert placed.places[first][1] < placed.places[last][1]
        assert all(above[1] < below[1] for above, below in pairwise(points))


@given(graphs())
def test_no_two_boxes_overlap_and_all_lie_inside(graph: Graph) -> None:
    placed = layout(*graph, SIZES)
    for x, y in placed.places.values():
        assert SIZES.box / 2 - 1e-6 <= x <= placed.width - SIZES.box / 2 + 1e-6
        assert SIZES.height / 2 <= y <= placed.height - SIZES.height / 2 + 1e-6
    for layer in placed.layers:
        for one, other in pairwise(layer):
            apart = placed.places[other][0] - placed.places[one][0]
            assert apart >= SIZES.box + SIZES.beside - 1e-6
            assert placed.places[other][1] == placed.places[one][1]


@given(graphs())
def test_an_edge_that_passes_a_layer_runs_beside_its_boxes(graph: Graph) -> None:
    placed = layout(*graph, SIZES)
    for points in placed.routes.values():
        for (x, top), (also, bottom) in zip(points[1::2], points[2::2], strict=False):
            assert x == also
            inside = [
                place
                for place in placed.places.values()
                if top < place[1] < bottom and abs(place[0] - x) < SIZES.box / 2
            ]
            assert inside == []


@given(graphs())
def test_an_edge_begins_and_ends_at_its_boxes(graph: Graph) -> None:
    placed = layout(*graph, SIZES)
    for (first, last), points in placed.routes.items():
        x, y = placed.places[first]
        assert points[0] == (x, y + SIZES.height / 2)
        x, y = placed.places[last]
        assert points[-1] == (x, y - SIZES.height / 2)


@given(graphs())
def test_the_same_graph_is_the_same_drawing(graph: Graph) -> None:
    names, edges = graph
    assert layout(names, edges, SIZES) == layout(list(names), list(edges), SIZES)


@given(graphs())
def test_a_layer_is_the_longest_way_to_it(graph: Graph) -> None:
    names, edges = graph
    found = depths(names, edges)
    whole: nx.DiGraph[str] = nx.DiGraph(edges)
    for name in names:
        before = nx.ancestors(whole, name) if name in whole else set()
        longest = nx.dag_longest_path_length(whole.subgraph({*before, name}))
        assert found[name] == longest


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(0, 200)), min_size=1, max_size=20))
def test_spots_are_spread_in_their_order_and_around_the_same_middle(
    given_: list[tuple[float, float]],
) -> None:
    wanted = [want for want, _ in given_]
    distances = [distance for _, distance in given_[1:]]
    placed = spread(wanted, distances)
    for (one, other), distance in zip(pairwise(placed), distances, strict=True):
        assert other - one >= distance - 1e-6
    assert sum(placed) == pytest.approx(sum(wanted), abs=1e-3)


def test_spots_that_are_far_enough_apart_stay_where_they_want_to_be() -> None:
    assert spread([0, 50, 51, 200], [10, 1, 20]) == [0, 50, 51, 200]


def test_two_lines_that_cross_are_untangled() -> None:
    rows = [["a", "b"], ["c", "d"]]
    below = {"a": ["d"], "b": ["c"], "c": [], "d": []}
    assert crossings(rows, below) == 1
    placed = layout(["a", "b", "c", "d"], [("a", "d"), ("b", "c")], SIZES)
    order = [placed.places[name][0] for name in ("a", "b")]
    ends = [placed.places[name][0] for name in ("d", "c")]
    assert (order[0] < order[1]) == (ends[0] < ends[1])


def test_a_cycle_cannot_be_drawn() -> None:
    with pytest.raises(nx.NetworkXUnfeasible):
        layout(["a", "b"], [("a", "b"), ("b", "a")], SIZES)


def test_nothing_takes_no_room() -> None:
    placed = layout([], [], SIZES)
    assert (placed.layers, placed.width, placed.height) == ((), 0.0, 0.0)
