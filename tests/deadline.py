"""A run that must end by some time leaves tests out, visibly, instead of being cut off.

``TESTS_UNTIL`` says when, in seconds since 1970; without it every test runs. ``TESTS_FROM``, any
number, turns the order of the tests that judge speed, so that runs of different commits leave
different ones out. ``.ci/run`` sets both.
"""

import os
import time

import pytest

UNTIL = float(os.environ.get("TESTS_UNTIL", "inf"))
FROM = int(os.environ.get("TESTS_FROM", "0"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what would begin after the time is up."""
    if time.time() > UNTIL:
        pytest.skip("left out: the time of this run is up (TESTS_UNTIL)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with another of the tests that judge speed."""
    timed = [item for item in items if item.get_closest_marker("timing")]
    if timed and FROM:
        first = FROM % len(timed)
        turned = iter(timed[first:] + timed[:first])
        items[:] = [next(turned) if item.get_closest_marker("timing") else item for item in items]
