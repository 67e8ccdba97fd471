"""A mount that was open while a sandbox got ready is closed to the learner's code."""

import os

import pytest

from sandbox.closing import close_mount
from sandbox.pool import WarmPool
from sandbox.wire import SandboxUnavailable
from tests.sandbox.conftest import LIMITS
from tests.sandbox.learner import Learner

WRITING = """
from pathlib import Path

def attention(q, k, v):
    for name in ("one", "two"):
        try:
            Path("/tmp/" + name).write_text("x")
        except OSError as fault:
            print("refused:", fault.strerror)
    return q + k + v
"""

pytestmark = pytest.mark.sandbox


def test_what_is_closed_from_outside_can_no_longer_be_written_inside() -> None:
    with WarmPool(1, LIMITS) as pool, pool.take() as process:
        learner = Learner(process)
        assert learner.answered_right(learner.runs(WRITING))
        assert process.printed == ""
        close_mount(process.pid, "/tmp")
        assert learner.answered_right(learner.call())
        assert process.printed.count("refused: Read-only file system") == 2


def test_only_the_sandbox_itself_is_closed(tmp_path) -> None:
    with WarmPool(1, LIMITS) as pool, pool.take() as process:
        close_mount(process.pid, "/tmp")
        (tmp_path / "still").touch()
        assert os.access("/tmp", os.W_OK)


def test_what_cannot_be_closed_is_our_failure() -> None:
    with (
        WarmPool(1, LIMITS) as pool,
        pool.take() as process,
        pytest.raises(SandboxUnavailable, match="closing /nowhere"),
    ):
        close_mount(process.pid, "/nowhere")
