"""A real Chromium against a real server while both and the network fail: whether answers are lost.

``LOST_SEQUENCES`` and ``LOST_SEED`` say how many sequences are played, and from which seed on.
"""

import shutil
import time
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from benchmarks.common import number
from benchmarks.scratch import scratch
from scripts.demo import manage
from tests.journeys.conftest import FLAGS
from tests.stack.lossy import play


def measure() -> Iterator[str]:
    """Play the sequences on a scratch database; a loss ends it with the seed of its sequence."""
    chromium = shutil.which("chromium")
    if chromium is None:
        yield "not played: there is no Chromium on this machine"
        return
    first = number("LOST_SEED", 0)
    began = time.monotonic()
    with scratch() as environment, sync_playwright() as playwright:
        manage("load_course", environment=environment)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        seeds = range(first, first + number("LOST_SEQUENCES", 300))
        played = play(seeds, browser, environment)
        browser.close()
    yield (
        f"{played.sequences} sequences in Chromium, the server killed {played.kills} times: "
        f"{played.acknowledged:,} entries acknowledged, none lost "
        f"({time.monotonic() - began:.0f} s)"
    )
