"""What a first page costs on a slow line: bytes, time until it can be used, and what moves.

Each page is opened five times in a browser that has never been here, against gunicorn with the
static files as in production. The line has 1.6 Mbit/s and 300 ms from asking to an answer (a fast
"3G"); the processor is slowed down four times. A page can be used once it is painted and parsed,
what that waits for has run, and the long tasks (over 50 ms) that had begun by then have ended:
every link and field answers. It is quiet when the last long task has ended, the editor's among
them, which takes its field's place later. What moved is the browser's own sum of layout shifts.
"""

import shutil
import statistics
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.common import number
from benchmarks.scratch import scratch, served
from scripts.demo import manage

RUNS = number("FIRST_PAGE_RUNS", 5)
_LINE = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
Run = tuple[float, float, float, float, float]
_SLOWER = 4
_SETTLED_MS = 1500
_PAGES = {
    "log-in": "/accounts/login/",
    "course": "/courses/sparse-attention/",
    "question": "/questions/masked-dense-flaw/",
    "code question": "/questions/sliding-window/",
}
_WATCH = """
window.moved = 0; window.tasks = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    tasks.push([startTime, startTime + duration]);
  }
}).observe({ type: "longtask", buffered: true });
"""
_READ = """() => {
  const [nav] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const parsed = nav.domContentLoadedEventEnd;
  const ends = (tasks) => Math.max(parsed, ...tasks.map(([, end]) => end));
  const usable = Math.max(paint.startTime, ends(tasks.filter(([start]) => start < parsed)));
  return [usable, ends(tasks), paint.startTime, window.moved];
}"""


def measure() -> Iterator[str]:
    """Start a web side as in production, open each page anew and again, tell the medians."""
    with scratch() as environment, sync_playwright() as playwright:
        environment["SPARRING_STATIC_MANIFEST"] = "true"
        for command in (["collectstatic", "--noinput"], ["load_course"], ["seed_demo"]):
            manage(*command, environment=environment)
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless=new", "--disable-gpu"]
        )
        with served(environment) as base:
            state = _signed_in(browser, base)
            for name, path in _PAGES.items():
                who = None if name == "log-in" else state
                yield _told(name, [_opened(browser, base + path, who) for _ in range(RUNS)])
        browser.close()


def _signed_in(browser: Browser, base: str) -> Any:
    """Return the cookies of the demo's learner, who has opened each page once before."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "learner")
    page.fill("[name=password]", "learner-demo")
    page.click("main button.primary")
    for path in _PAGES.values():
        page.goto(path)
    state = {"cookies": context.cookies(), "origins": []}
    context.close()
    return state


def _opened(browser: Browser, address: str, state: Any) -> Run:
    """Return bytes, milliseconds until usable, quiet and seen, and what moved."""
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(_WATCH)
    received: list[float] = []
    _slow_down(page, received)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_SETTLED_MS)
    timed: list[float] = page.evaluate(_READ)
    context.close()
    usable, quiet, seen, moved = timed
    return sum(received), usable, quiet, seen, moved


def _slow_down(page: Page, received: list[float]) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", _LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    tools.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))


def _told(name: str, runs: list[Run]) -> str:
    medians = [statistics.median(column) for column in zip(*runs, strict=True)]
    size, usable, quiet, seen, moved = medians
    return (
        f"{name}: {size / 1000:.0f} kB transferred (asked: under 150), usable after "
        f"{usable:.0f} ms (asked: under 1,000), quiet after {quiet:.0f} ms, "
        f"something seen after {seen:.0f} ms, layout shift {moved:.3f} "
        f"(asked: 0); median of {len(runs)}"
    )
