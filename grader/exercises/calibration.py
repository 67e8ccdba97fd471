"""Bounds that ``python -m grader.calibrate`` found by timing the model solutions.

Declarations ask here, so that no threshold is one which an honest solution misses. What has not
been calibrated keeps its starting value.
"""

import functools
import json
from importlib.resources import files
from typing import Any

FILE = "calibration.json"


@functools.cache
def entries() -> dict[str, Any]:
    """Return what was found, by slug; nothing where there is no such file."""
    found = files(__package__).joinpath(FILE)
    return dict(json.loads(found.read_text(encoding="utf-8"))) if found.is_file() else {}


def calibrated(slug: str, starting: float) -> float:
    """Return the speed threshold: the starting one, or less where model solutions need it."""
    highest = entries().get(slug, {}).get("highest_threshold")
    return starting if highest is None else min(starting, float(highest))


def calibrated_mib(slug: str, starting: int) -> int:
    """Return the memory limit: the starting one, or less where model solutions need less.

    Never more: a peak may hold memory that was freed, and the next reading would add to it.
    """
    limit = entries().get(slug, {}).get("limit_mib")
    return starting if limit is None else min(starting, int(limit))
