"""When a waiting grading will have its turn: the queue played through, as it will really be served.

The same ``Desk`` that decides what is sent decides here what will be sent. How long each job takes
is what jobs of its question took lately; how many are served at once is how many workers there are.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from statistics import fmean
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from assessments.models import Grading
from assessments.services.fairness import Desk, Job
from assessments.services.queue import JOB, job_of
from assessments.services.workers import workers_there
from grader.contract import Failure

_RECENT = 200
_REMEMBERED_SECONDS = 10
_UNMEASURED_SECONDS = 15.0
_SHORTEST_SECONDS = 0.5


@dataclass(frozen=True)
class Place:
    """A place in the queue, counted from 1; ``seconds`` until the start, None where unknown."""

    position: int
    seconds: float | None


@dataclass
class Line:
    """A device's jobs at one moment.

    ``running`` holds the seconds that each probably has left, ``resting`` those until each waits
    for its turn.
    """

    workers: int
    running: dict[Job, float] = field(default_factory=dict)
    queued: list[Job] = field(default_factory=list)
    waiting: list[Job] = field(default_factory=list)
    resting: dict[Job, float] = field(default_factory=dict)


def play(line: Line, wanted: int, seconds_of: Callable[[Job], float]) -> Place | None:
    """Play the line until a job starts; return its place among those that start from now on."""
    return next((place for pk, place in starts(line, seconds_of) if pk == wanted), None)


def starts(line: Line, seconds_of: Callable[[Job], float]) -> Iterator[tuple[int, Place]]:
    """Play the line to its end; yield each job as it starts, with its place."""
    desk = Desk(line.waiting, line.queued, line.running, line.workers)
    queue = deque(line.queued)
    free = max(line.workers, 1) - len(line.running)
    events = [(left, job, True) for job, left in line.running.items()]
    events += [(rest, job, False) for job, rest in line.resting.items()]
    heapify(events)
    clock, position = 0.0, 0
    while True:
        queue.extend(iter(desk.send, None))
        if free > 0 and queue:
            job = queue.popleft()
            position += 1
            yield job.pk, Place(position, clock)
            free -= 1
            desk.start(job)
            heappush(events, (clock + seconds_of(job), job, True))
        elif events:
            clock, job, is_done = heappop(events)
            free += is_done
            (desk.done if is_done else desk.add)(job)
        else:
            return


def place_of(grading: Grading) -> Place | None:
    """Return a waiting grading's place and when it starts; None where it does not wait."""
    if grading.state != Grading.State.QUEUED:
        return None
    return places(grading.device).get(grading.pk)


def places(device: str) -> dict[int, Place]:
    """Return the place of each grading that waits on a device, and when it starts."""
    now = timezone.now()
    rows = list(
        Grading.objects.filter(device=device)
        .exclude(state=Grading.State.DONE)
        .order_by("dispatched_at", "pk")
        .values(
            *JOB, "state", "dispatched_at", "started_at", "lease_until",
            "submission__attempt__question",
        )
    )  # fmt: skip
    typical = typical_seconds(device)
    questions = {row["pk"]: row["submission__attempt__question"] for row in rows}

    def seconds_of(job: Job) -> float:
        return typical.get(questions[job.pk], typical.get(None, _UNMEASURED_SECONDS))

    line = _line(rows, now, seconds_of)
    line.workers = max(workers_there(device, now), len(line.running))
    known = typical and line.workers
    return {
        pk: place if known else Place(place.position, None)
        for pk, place in starts(line, seconds_of)
    }


def _line(
    rows: Iterable[Mapping[str, Any]], now: datetime, seconds_of: Callable[[Job], float]
) -> Line:
    line = Line(workers=0)
    for row in rows:
        job = job_of(row)
        if row["state"] == Grading.State.RUNNING:
            gone = (now - row["started_at"]).total_seconds()
            line.running[job] = max(seconds_of(job) - gone, _SHORTEST_SECONDS)
        elif row["dispatched_at"]:
            line.queued.append(job)
        elif row["lease_until"] <= now:
            line.waiting.append(job)
        else:
            line.resting[job] = (row["lease_until"] - now).total_seconds()
    return line


def typical_seconds(device: str) -> dict[int | None, float]:
    """Return how long a job of each question took lately, from its start to its verdict.

    Under None: a job of any question. Empty where nothing has been measured.
    """
    key = f"typical-seconds:{device}"
    known: dict[int | None, float] | None = cache.get(key)
    if known is None:
        known = _measured(device)
        cache.set(key, known, _REMEMBERED_SECONDS)
    return known


def _measured(device: str) -> dict[int | None, float]:
    # Most solutions of a trial are wrong on purpose: they say nothing about learners' jobs.
    done = Grading.objects.filter(device=device, state=Grading.State.DONE).exclude(
        Q(failure=Failure.UNAVAILABLE) | Q(kind=Grading.Kind.TRIAL)
    )
    recent = done.order_by("-finished_at").values_list(
        "submission__attempt__question", "started_at", "finished_at"
    )
    taken: dict[int | None, list[float]] = {}
    for question, started, finished in recent[:_RECENT]:
        if started and finished:
            seconds = (finished - started).total_seconds()
            taken.setdefault(question, []).append(seconds)
            taken.setdefault(None, []).append(seconds)
    return {question: _middle(seconds) for question, seconds in taken.items()}


def _middle(seconds: list[float]) -> float:
    """Return the mean without the extremes.

    A wait is a sum, which means predict; a median of quick failures and slow passes is neither.
    """
    cut = len(seconds) // 10
    return max(fmean(sorted(seconds)[cut : len(seconds) - cut]), _SHORTEST_SECONDS)
