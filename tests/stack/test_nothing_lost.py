"""A hundred sequences of typing in a real Chromium while network, tabs and server fail.

It takes four to eight minutes. ``python -m benchmarks lost_in_chromium`` plays more of them.
"""

import os

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import browser  # noqa: F401
from tests.stack.lossy import play

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SEQUENCES = int(os.environ.get("LOST_SEQUENCES", "100"))


def test_no_sequence_loses_an_acknowledged_answer(
    stack_environment: dict[str, str],
    browser: Browser,  # noqa: F811
) -> None:
    played = play(range(SEQUENCES), browser, stack_environment)
    assert played.sequences == SEQUENCES
    assert played.acknowledged > SEQUENCES
    assert played.kills >= SEQUENCES // 12
