"""What is said of an answer, and when the explanation follows. Pure: no database.

Whoever practises is asked for a second try before the explanation, unless nothing is lost so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

TRIES_BEFORE_EXPLANATION = 2


@dataclass(frozen=True)
class Said:
    """How the latest answer stands.

    ``right`` is all of the credit, ``unspoilt`` that all may still come, ``explained`` whether the
    explanation is shown.
    """

    right: bool
    unspoilt: bool
    explained: bool


def said_of(newest: Sequence[Any]) -> Said:
    """Return how the latest of the newest responses stands, credited, which come first.

    There is at least one; ``TRIES_BEFORE_EXPLANATION`` are enough.
    """
    latest = newest[0]
    unspoilt = latest.earned + latest.waiting >= 1
    tried = len(newest) >= TRIES_BEFORE_EXPLANATION
    return Said(latest.earned >= 1, unspoilt, unspoilt or tried)
