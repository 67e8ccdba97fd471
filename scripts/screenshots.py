"""Make the pictures of docs/screenshots anew, from the demo's data in a database of their own.

    python -m scripts.screenshots [NAME ...]

Use ``make screenshots``. A page is one line of ``SHOTS``; it is taken at twice the resolution of
an ordinary screen and packed to under 150 kB.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.scratch import scratch, served, told_by
from scripts.demo import manage
from scripts.stack import ROOT

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 150_000
_COLOURS = (256, 128, 64, 32)
_PASSWORDS = {"learner": "learner-demo", "instructor": "instructor-demo", "": ""}


@dataclass(frozen=True)
class Shot:
    """One picture: its file's name, the page, who is signed in, and how it is looked at.

    ``waits_for`` is what has to be there, ``begins_at`` what stands at the picture's top.
    """

    name: str
    path: str
    who: Literal["learner", "instructor", ""] = "learner"
    dark: bool = False
    size: tuple[int, int] = (1180, 780)
    waits_for: str = "main, #content"
    begins_at: str = ""


SHOTS = (
    Shot("sign-in", "/accounts/login/", who="", size=(1180, 560)),
    Shot("course", "/courses/sparse-attention/"),
    Shot("map", "/courses/sparse-attention/map/", size=(1180, 860)),
    Shot("progress", "/courses/sparse-attention/progress/", size=(1180, 900)),
    Shot("sitting", "/sittings/{sitting}/1/", size=(1180, 900)),
    Shot("marks", "/courses/sparse-attention/marks/"),
    Shot("gradebook", "/courses/sparse-attention/gradebook/", who="instructor"),
    Shot("search", "/search/?q=window", size=(1180, 700)),
    Shot("concept", "/concepts/local-window/"),
    Shot("concept-dark", "/concepts/local-window/", dark=True),
    Shot("question-choice", "/questions/masked-dense-flaw/"),
    Shot("question-design", "/questions/design-long-context-low-latency/", size=(1180, 1000)),
    Shot("question-code", "/questions/sliding-window/", dark=True, size=(1180, 900),
         waits_for=".cm-content", begins_at=".your-code"),
    Shot("question-narrow", "/questions/ordering-flash-tile/", size=(390, 760)),
    Shot("verdict-wrong", "/submissions/{wrong}/", size=(1180, 1000)),
    Shot("verdict-passed", "/submissions/{passed}/", size=(1180, 900)),
    Shot("admin-questions", "/admin/question_bank/question/", who="instructor"),
    Shot("admin-draft", "/admin/question_bank/draft/{draft}/change/", who="instructor",
         size=(1180, 620)),
    Shot("admin-assessment", "/admin/assessments/assessment/{exam}/change/", who="instructor",
         size=(1180, 1100)),
    Shot("admin-people", "/admin/assessments/course/{course}/people/", who="instructor"),
)  # fmt: skip

# A draft is begun, and two verdicts are recorded as the judge's messages would have it: no grading
# machine is needed for pictures.
_PREPARE = """
import django
django.setup()
from assessments.models import Assessment, Course, User
from assessments.services import attempt_for, begin, hand_in, record_response
from assessments.services.journal import Form, save_form
from question_bank.authoring import draft_of
from question_bank.models import Question
from question_bank.variants import read_content, variant_of
from tests.assessments.web import verdicts
learner = User.objects.get(username="learner")
attempt = attempt_for(learner, Question.objects.get(slug="sliding-window"))
wrong = verdicts.record(verdicts.submission(attempt), verdicts.EVERY["wrong_pairs"])
source = verdicts.SOURCE.encode() + b"# once more"
passed = verdicts.record(verdicts.submission(attempt, source), verdicts.EVERY["passed"])
author = User.objects.get(username="instructor")
draft = draft_of(Question.objects.get(slug="masked-dense-flaw"), author.pk)
course = Course.objects.get()
# Some answers, of which four in five are right, so that there is something to see.
asked = Question.objects.filter(kind__in=["choice", "numeric", "multi", "matching", "ordering"])
for place, question in enumerate(asked.order_by("pk")):
    attempt = attempt_for(learner, question)
    samples = read_content(attempt.version.content).samples()
    typed = samples.get("zero" if place % 5 == 2 else "full")
    if typed and place % 7:
        record_response(attempt, variant_of(attempt.version, attempt.seed).typed(typed))
warm_up, exam = Assessment.objects.order_by("position")[:2]
sat = begin(learner, warm_up)
for attempt in list(sat.attempts.select_related("version"))[:4]:
    full = read_content(attempt.version.content).samples()["full"]
    save_form(attempt, Form(variant_of(attempt.version, attempt.seed).typed(full)))
hand_in(sat)
sitting = begin(learner, exam)
print(f"wrong={wrong.pk} passed={passed.pk} draft={draft.pk} course={course.pk}")
print(f"sitting={sitting.pk} exam={exam.pk}")
"""


def main() -> int:
    """Take the pictures that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="scripts.screenshots", description="Take screenshots.")
    parser.add_argument("names", nargs="*", help=", ".join(shot.name for shot in SHOTS))
    names = parser.parse_args().names
    chosen = [shot for shot in SHOTS if not names or shot.name in names]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("There is no Chromium on this machine; on Debian: sudo apt-get install chromium")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _site() as (base, made), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless=new", "--disable-gpu"]
        )
        signed_in: dict[str, object] = {who: _signed_in(browser, base, who) for who in _PASSWORDS}
        for shot in chosen:
            _take(browser, base, shot, signed_in[shot.who], made)
        browser.close()
    return 0


@contextmanager
def _site() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve the demo's data from a database that is gone afterwards; say what was made in it."""
    with scratch() as environment:
        for command in ("load_course", "seed_demo"):
            manage(command, environment=environment)
        made = dict(pair.split("=") for pair in told_by(_PREPARE, environment).split())
        with served(environment) as base:
            yield base, made


def _signed_in(browser: Browser, base: str, who: str) -> object:
    context = browser.new_context(base_url=base)
    if who:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", _PASSWORDS[who])
        page.click("main button.primary")
    state = context.storage_state()
    context.close()
    return state


def _take(browser: Browser, base: str, shot: Shot, state: object, made: dict[str, str]) -> None:
    width, height = shot.size
    context: BrowserContext = browser.new_context(
        base_url=base,
        storage_state=state,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        device_scale_factor=2,
        service_workers="block",
    )
    page: Page = context.new_page()
    page.goto(shot.path.format(**made))
    page.wait_for_selector(shot.waits_for)
    page.wait_for_load_state("networkidle")
    if shot.begins_at:
        page.locator(shot.begins_at).evaluate("(place) => place.scrollIntoView()")
    path = FOLDER / f"{shot.name}.png"
    path.write_bytes(_packed(page.screenshot()))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
    context.close()


def _packed(png: bytes) -> bytes:
    """Return the picture with as many colours as fit into the size that is allowed.

    Raises ``ValueError`` where even the fewest do not.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in _COLOURS:
        few = picture.quantize(colours, dither=Image.Dither.NONE)
        out = io.BytesIO()
        few.save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            return out.getvalue()
    raise ValueError(f"not under {LARGEST} bytes with {_COLOURS[-1]} colours")


if __name__ == "__main__":
    sys.exit(main())
