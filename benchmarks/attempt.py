"""A ten-question attempt: what it costs server and database from the first page to the review.

The pages are those that Moodle was measured with: view, start, two pages shown, two pages of
answers processed, summary, finish, review. ``ATTEMPTS`` says how many are made at each number of
learners at once; each is a new learner's.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser

from benchmarks.common import number
from benchmarks.load import Answer, Calibration, Learner, Server, percentile, server
from benchmarks.scratch import learners_made, scratch
from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres

_CLIENTS = (1, 4, 8)
_MOODLE_MS = 660
_WARMING = 256  # 128 a worker: most of the 64 variants of each question have been shown
_HOME = "/courses/sparse-attention/assessments/ten/"
_THEN = """
from django.utils import timezone
from assessments.models import Assessment, Slot
from question_bank.models import Question
exam, new = Assessment.objects.get_or_create(course=course, slug="ten", defaults=dict(
    title="Ten questions", kind="exam", feedback="handed_in", minutes=60, per_page=5,
    published_at=timezone.now()))
if new:
    kinds = ["choice"] * 3 + ["multi"] * 2 + ["numeric"] * 2 + ["matching", "ordering", "short"]
    taken = []
    for place, kind in enumerate(kinds):
        asked = Question.objects.filter(kind=kind, courses=course).exclude(pk__in=taken)[0]
        taken.append(asked.pk)
        Slot.objects.create(assessment=exam, position=place, question=asked)
told.append([session])
"""


def measure() -> Iterator[str]:
    """Serve with two workers on PostgreSQL and look at all processes from outside."""
    yield Calibration.now().told()
    try:
        with postgres() as url, scratch(url) as environment:
            manage("load_course", environment=environment)
            attempts = number("ATTEMPTS", 48)
            made = learners_made(len(_CLIENTS) * attempts + _WARMING, _THEN, environment)
            with server(environment, workers=2, threads=4) as serving:
                learners = [Learner(serving.port, session) for (session,) in made]
                asyncio.run(_all(learners[:_WARMING], 1, defaultdict(list)))
                del learners[:_WARMING]
                for at_once in _CLIENTS:
                    yield from _measured(serving, learners[:attempts], at_once)
                    del learners[:attempts]
    except NotInstalledError as missing:
        yield f"not measured: {missing}"


def _measured(serving: Server, learners: list[Learner], at_once: int) -> Iterator[str]:
    took: dict[str, list[float]] = defaultdict(list)
    before, of_database = serving.cpu_seconds(), serving.database_seconds()
    asyncio.run(_all(learners, at_once, took))
    each = 1e3 * (serving.cpu_seconds() - before) / len(learners)
    of_database = 1e3 * (serving.database_seconds() - of_database) / len(learners)
    every = [1e3 * seconds for values in took.values() for seconds in values]
    yield (
        f"{at_once} at once: {each:.1f} ms of CPU an attempt, {of_database:.1f} of them of "
        f"PostgreSQL (asked: at most 66; Moodle {_MOODLE_MS}); a request p50 "
        f"{percentile(every, 50):.1f} ms, p95 {percentile(every, 95):.1f} ms"
    )
    if at_once == 1:
        for name, values in took.items():
            yield f"    {name}: p50 {1e3 * percentile(values, 50):.1f} ms"


async def _all(learners: list[Learner], at_once: int, took: dict[str, list[float]]) -> None:
    lines = [learners[first::at_once] for first in range(at_once)]
    await asyncio.gather(*(_one_after_the_other(line, took) for line in lines))


async def _one_after_the_other(line: list[Learner], took: dict[str, list[float]]) -> None:
    for learner in line:
        await _sit(learner, took)


async def _sit(learner: Learner, took: dict[str, list[float]]) -> None:
    """Take the assessment once as a browser without a script does."""

    def noted(name: str, answer: Answer, status: int) -> Answer:
        assert answer.status == status, (name, answer.status, answer.body[-2000:])
        took[name].append(answer.seconds)
        return answer

    noted("view", await learner.get(_HOME), 200)
    begun = noted("start", await learner.form(f"{_HOME}begin/", {"ready": "on"}), 302)
    where = begun.headers["location"]
    sitting = where.split("/")[2]
    for page, after in ((1, "2"), (2, "summary")):
        shown = noted("page shown", await learner.get(f"/sittings/{sitting}/{page}/"), 200)
        filled = Filled(shown.body.decode()).fields | {"go": after}
        path = f"/sittings/{sitting}/{page}/"
        noted("page of answers processed", await learner.form(path, filled), 302)
    noted("summary", await learner.get(f"/sittings/{sitting}/summary/"), 200)
    noted("finish", await learner.form(f"/sittings/{sitting}/hand-in/", {}), 302)
    noted("review", await learner.get(f"/sittings/{sitting}/review/"), 200)


class Filled(HTMLParser):
    """The fields of a page's forms, each with some answer."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fill a field in: the first radio button, every box, the last option, a number."""
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.fields[self._select] = told.get("value", "")
        elif tag == "input" and name and name != "q":
            kind = told.get("type", "text")
            usual = "42" if kind in {"text", "search", "number"} else told.get("value", "on")
            self.fields.setdefault(name, usual)

    def handle_endtag(self, tag: str) -> None:
        """Leave a list of options."""
        if tag == "select":
            self._select = ""
