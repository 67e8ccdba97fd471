"""Answers typed while all goes wrong: whether one that was acknowledged is ever lost.

``LOST_WORLDS`` and ``LOST_SEED`` say how many worlds are played, and from which seed on.
"""

import shutil
import time
from collections.abc import Iterator

from assessments.journal import State
from benchmarks.common import number
from tests.assessments.journal.pages import Node
from tests.assessments.journal.simulation import simulated, simulated_shipped


def measure() -> Iterator[str]:
    """Play the worlds with both pages; a loss ends it with the seed of its world."""
    first = number("LOST_SEED", 0)
    seeds = range(first, first + number("LOST_WORLDS", 20_000))
    yield _told("the rules in Python", simulated(seeds))
    if shutil.which("node") is None:
        yield "the script that browsers get: not played, there is no node here"
        return
    with Node() as node:
        yield _told("the script that browsers get", simulated_shipped(seeds, node))


def _told(page: str, worlds: Iterator[State]) -> str:
    began = time.monotonic()
    states = list(worlds)
    several = sum(bool(state.rivals()) for state in states)
    return (
        f"{page}: {len(states):,} worlds, no acknowledged answer lost, "
        f"{several:,} end with a choice to make ({time.monotonic() - began:.0f} s)"
    )
