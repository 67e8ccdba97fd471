"""Many worlds one after the other, each from its seed."""

from collections.abc import Iterable, Iterator
from itertools import count
from random import Random

from assessments.journal import State
from tests.assessments.journal.pages import DraftPage, Node, ShippedPage
from tests.assessments.journal.world import OpenPage, World


def simulated(seeds: Iterable[int]) -> Iterator[State]:
    """Play the worlds of these seeds with ``DraftPage``; yield how each answer ends.

    Raises AssertionError where something is lost.
    """
    for seed in seeds:
        names = count(1)
        yield _played(seed, lambda known, left, names=names: DraftPage(known, left, names))


def simulated_shipped(seeds: Iterable[int], node: Node) -> Iterator[State]:
    """Play the worlds of these seeds with the page that browsers get; yield how each answer ends.

    Raises AssertionError where something is lost.
    """
    ids = count(1)
    for seed in seeds:
        node.ask("forget")
        yield _played(seed, lambda known, left: ShippedPage(node, known, left, ids))


def _played(seed: int, open_page: OpenPage) -> State:
    world = World(Random(seed), open_page)
    try:
        world.run()
    except Exception as fault:
        fault.add_note(f"in the world of seed {seed}")
        raise
    return world.state
