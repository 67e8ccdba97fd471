"""A file that says when a worker last did something, for whoever watches its container."""

import os
import time
from pathlib import Path
from typing import Any

from celery import signals

FILE_VARIABLE = "SPARRING_ALIVE_FILE"
_OFTEN_ENOUGH_SECONDS = 1.0


class Pulse:
    """Touches its file at most once a second."""

    def __init__(self, file: Path) -> None:
        self._file, self._beaten_at = file, float("-inf")

    def beat(self, **_: Any) -> None:
        """Say that something was done just now."""
        now = time.monotonic()
        if now - self._beaten_at >= _OFTEN_ENOUGH_SECONDS:
            self._file.touch()
            self._beaten_at = now


def show() -> None:
    """Beat for every task that this process ends and every message that it sends, if it is asked
    to by ``SPARRING_ALIVE_FILE``.
    """
    asked = os.environ.get(FILE_VARIABLE)
    if asked:
        pulse = Pulse(Path(asked))
        signals.task_postrun.connect(pulse.beat, weak=False)
        signals.after_task_publish.connect(pulse.beat, weak=False)
