"""A drawing of an acyclic graph in layers, after Sugiyama, Tagawa and Toda (1981).

Layers come from longest paths, so that every edge goes down; an edge over several layers is given
a place in each that it passes, so that it runs beside boxes and not through them. Orders come from
barycentres, places from least squares under the distances to be kept. Nothing is drawn by chance.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import networkx as nx

Edge: TypeAlias = tuple[str, str]
Point: TypeAlias = tuple[float, float]
# A box by its name, or the place where an edge passes a layer.
Spot: TypeAlias = Hashable
Rows: TypeAlias = list[list[Spot]]
Neighbours: TypeAlias = Mapping[Spot, Sequence[Spot]]
_SWEEPS = 12
_SETTLINGS = 24


@dataclass(frozen=True)
class Sizes:
    """Width of boxes and of edges that pass, and the distances between boxes and layers."""

    box: float
    height: float
    passing: float
    beside: float
    between: float


@dataclass(frozen=True)
class Layout:
    """Layers of names from left to right, the middle of each box, and each edge's points.

    An edge leaves its box at the bottom and arrives at the top of the other; between, it passes
    each layer by two points, above each other.
    """

    layers: tuple[tuple[str, ...], ...]
    places: Mapping[str, Point]
    routes: Mapping[Edge, tuple[Point, ...]]
    width: float
    height: float


def layout(names: Sequence[str], edges: Iterable[Edge], sizes: Sizes) -> Layout:
    """Place every name; the same names and edges in the same order give the same layout.

    Raises ``networkx.NetworkXUnfeasible`` where the edges have a cycle.
    """
    listed = list(dict.fromkeys(edges))
    depth = depths(names, listed)
    chains = {edge: _chain(edge, depth) for edge in listed}
    rows = _rows(names, depth, chains)
    above, below = _neighbours(rows, chains)
    rows = _ordered(rows, above, below)
    across = _across(rows, above, below, sizes)
    left = min((x - _width(spot, sizes) / 2 for spot, x in across.items()), default=0.0)
    right = max((x + _width(spot, sizes) / 2 for spot, x in across.items()), default=0.0)
    step = sizes.height + sizes.between
    places = {name: (across[name] - left, depth[name] * step + sizes.height / 2) for name in names}
    routes = {
        edge: _route(chain, lambda spot: across[spot] - left, depth[edge[0]], sizes)
        for edge, chain in chains.items()
    }
    layers = tuple(tuple(spot for spot in row if isinstance(spot, str)) for row in rows)
    return Layout(layers, places, routes, right - left, max(0.0, len(rows) * step - sizes.between))


def depths(names: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Return each name's layer: the length of the longest way to it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(edges)
    found: dict[str, int] = {}
    for name in nx.topological_sort(graph):
        found[name] = max((found[before] + 1 for before in graph.predecessors(name)), default=0)
    return found


def crossings(rows: Sequence[Sequence[Spot]], below: Neighbours) -> int:
    """Count the pairs of edges between neighbouring rows that cross."""
    total = 0
    for row, following in pairwise(rows):
        place = {spot: index for index, spot in enumerate(following)}
        ends = [end for spot in row for end in sorted(place[next_] for next_ in below[spot])]
        total += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return total


def spread(wanted: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Return the places nearest to those wanted, by squares, in their order and far enough apart.

    ``distances`` are the least between neighbours. By pooling violators (Ayer et al., 1955).
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean = (mean * count + other * others) / (count + others)
            count += others
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _chain(edge: Edge, depth: Mapping[str, int]) -> list[Spot]:
    first, last = edge
    passed: list[Spot] = [(edge, layer) for layer in range(depth[first] + 1, depth[last])]
    return [first, *passed, last]


def _rows(
    names: Sequence[str], depth: Mapping[str, int], chains: Mapping[Edge, list[Spot]]
) -> Rows:
    rows: Rows = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in names:
        rows[depth[name]].append(name)
    for (first, _last), chain in chains.items():
        for layer, spot in enumerate(chain[1:-1], depth[first] + 1):
            rows[layer].append(spot)
    return rows


def _neighbours(
    rows: Rows, chains: Mapping[Edge, list[Spot]]
) -> tuple[dict[Spot, list[Spot]], dict[Spot, list[Spot]]]:
    above: dict[Spot, list[Spot]] = {spot: [] for row in rows for spot in row}
    below: dict[Spot, list[Spot]] = {spot: [] for row in rows for spot in row}
    for chain in chains.values():
        for spot, following in pairwise(chain):
            below[spot].append(following)
            above[following].append(spot)
    return above, below


def _ordered(rows: Rows, above: Neighbours, below: Neighbours) -> Rows:
    """Sweep down and up by barycentres, and keep the order that had the fewest crossings."""
    best, fewest = rows, crossings(rows, below)
    for sweep in range(_SWEEPS):
        rows = _swept(rows, above) if sweep % 2 == 0 else _swept(rows[::-1], below)[::-1]
        rows = _exchanged(rows, below)
        found = crossings(rows, below)
        if found < fewest:
            best, fewest = rows, found
    return best


def _swept(rows: Rows, towards: Neighbours) -> Rows:
    done: Rows = rows[:1]
    for row in rows[1:]:
        place = {spot: index for index, spot in enumerate(done[-1])}
        here = {spot: index for index, spot in enumerate(row)}
        share = len(done[-1]) / len(row)

        def middle(
            spot: Spot,
            place: Mapping[Spot, int] = place,
            here: Mapping[Spot, int] = here,
            share: float = share,
        ) -> float:
            known = [place[other] for other in towards[spot]]
            return sum(known) / len(known) if known else here[spot] * share

        done.append(sorted(row, key=middle))
    return done


def _exchanged(rows: Rows, below: Neighbours) -> Rows:
    """Exchange neighbours within a row as long as that undoes crossings."""
    rows = [list(row) for row in rows]
    for index, row in enumerate(rows):
        around = rows[max(0, index - 1) : index + 2]
        fewest = crossings(around, below)
        for place in range(len(row) - 1):
            row[place : place + 2] = row[place + 1], row[place]
            found = crossings(around, below)
            if found < fewest:
                fewest = found
            else:
                row[place : place + 2] = row[place + 1], row[place]
    return rows


def _across(rows: Rows, above: Neighbours, below: Neighbours, sizes: Sizes) -> dict[Spot, float]:
    """Return the middle of each spot: near its neighbours', row after row, until it has settled."""
    distances = {
        index: [
            (_width(one, sizes) + _width(other, sizes)) / 2 + sizes.beside
            for one, other in pairwise(row)
        ]
        for index, row in enumerate(rows)
    }
    across: dict[Spot, float] = {}
    for index, row in enumerate(rows):
        total = sum(distances[index])
        across |= zip(row, spread([-total / 2] * len(row), distances[index]), strict=True)
    for turn in range(_SETTLINGS):
        order = range(len(rows)) if turn % 2 == 0 else range(len(rows) - 1, -1, -1)
        for index in order:
            row = rows[index]
            near = [[*above[spot], *below[spot]] for spot in row]
            wanted = [
                sum(across[other] for other in others) / len(others) if others else across[spot]
                for spot, others in zip(row, near, strict=True)
            ]
            across |= zip(row, spread(wanted, distances[index]), strict=True)
    return across


def _width(spot: Spot, sizes: Sizes) -> float:
    return sizes.box if isinstance(spot, str) else sizes.passing


def _route(
    chain: Sequence[Spot], across: Callable[[Spot], float], layer: int, sizes: Sizes
) -> tuple[Point, ...]:
    step = sizes.height + sizes.between
    points = [(across(chain[0]), layer * step + sizes.height)]
    for deeper, spot in enumerate(chain[1:-1], layer + 1):
        points += [(across(spot), deeper * step), (across(spot), deeper * step + sizes.height)]
    return (*points, (across(chain[-1]), (layer + len(chain) - 1) * step))
