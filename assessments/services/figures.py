"""What operators watch, asked of the database: the same from whatever process it is asked.

Each figure costs one query over an index, of what is unfinished or of what has lately ended; none
grows with what was graded in earlier days. Totals begin again with each day and times with each
hour, both in UTC, which is how counters behave whose process starts anew.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from assessments.models import Grading, Worker
from assessments.services.workers import LATELY

DEVICES = ("cpu", "cuda")
STATES = ("waiting", "resting", "sent", "running")
"""Waiting for its turn, for the end of a rest, at the broker for a worker, and being judged."""


@dataclass(frozen=True)
class Line:
    """A device's queue: jobs by state, age in seconds of the oldest that a learner waits for, and
    the workers of which something was heard lately.
    """

    jobs: dict[str, int]
    oldest: float
    workers: int


@dataclass
class Times:
    """How long something took: each time in seconds, in no order."""

    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Totals:
    """What has come of gradings since the day began, of one device.

    ``verdicts`` counts by kind and failure, an empty one for passed. ``handed_on`` counts workers
    that found their machine too noisy, ``repeated`` deliveries beyond the first, both of what is
    done.
    """

    verdicts: dict[tuple[str, str], int]
    handed_on: int
    repeated: int


def lines(now: datetime) -> dict[str, Line]:
    """Return how the queues stand, by device; two queries."""
    unfinished = Grading.objects.filter(state__in=[Grading.State.QUEUED, Grading.State.RUNNING])
    queued = Q(state=Grading.State.QUEUED)
    here, rests = Q(dispatched_at=None), Q(lease_until__gt=now)
    live = Q(kind=Grading.Kind.LIVE)
    rows = unfinished.order_by().values("device").annotate(
        waiting=Count("pk", filter=queued & here & ~rests),
        resting=Count("pk", filter=queued & here & rests),
        sent=Count("pk", filter=queued & ~here),
        running=Count("pk", filter=~queued),
        since=Min("created_at", filter=live & queued & ~(here & rests)),
    )  # fmt: skip
    found = {row["device"]: row for row in rows}
    there = Worker.objects.filter(seen_at__gt=now - LATELY).order_by().values_list("device")
    workers = dict(there.annotate(Count("pk")))
    return {device: _line(found.get(device, {}), workers.get(device, 0), now) for device in DEVICES}


def _line(row: Mapping[str, Any], workers: int, now: datetime) -> Line:
    since = row.get("since")
    oldest = (now - since).total_seconds() if since else 0.0
    jobs = {state: row.get(state, 0) for state in STATES}
    return Line(jobs, max(0.0, oldest), workers)


def totals(now: datetime) -> dict[str, Totals]:
    """Return what has come of gradings since the day began, by device; a query."""
    rows = _done(now.replace(hour=0, minute=0, second=0, microsecond=0))
    counted = rows.values("device", "kind", "failure").annotate(
        number=Count("pk"), noisy=Sum("handed_on"), sent=Sum("deliveries")
    )
    verdicts: dict[str, Counter[tuple[str, str]]] = {device: Counter() for device in DEVICES}
    noisy, repeated = Counter[str](), Counter[str]()
    for row in counted:
        device = row["device"]
        verdicts[device][row["kind"], row["failure"]] += row["number"]
        noisy[device] += row["noisy"]
        repeated[device] += max(0, row["sent"] - row["number"])
    return {
        device: Totals(dict(verdicts[device]), noisy[device], repeated[device])
        for device in DEVICES
    }


def stage_times(now: datetime) -> dict[tuple[str, str], Times]:
    """Return how long what has ended since the hour began was in each stage, by device and stage.

    ``waiting`` lasts from its submission until a worker takes it (no regrades, no measuring again),
    ``recording`` is what its way between the machines took, the others are ``Grading.SPENT``. One
    query.
    """
    rows = _done(now.replace(minute=0, second=0, microsecond=0)).exclude(started_at=None)
    needed = ("device", "kind", "retry", "spent", "created_at", "started_at", "finished_at")
    found: dict[tuple[str, str], Times] = {}
    for row in rows.values(*needed).iterator():
        for stage, seconds in _stages(row):
            found.setdefault((row["device"], stage), Times()).seconds.append(max(0.0, seconds))
    return found


def _stages(row: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if row["kind"] == Grading.Kind.LIVE and not row["retry"]:
        yield "waiting", (row["started_at"] - row["created_at"]).total_seconds()
    spent: dict[str, float] = row["spent"]
    if "judging" in spent:
        took = (row["finished_at"] - row["started_at"]).total_seconds()
        yield "recording", took - spent["judging"]
    yield from spent.items()


def _done(since: datetime) -> QuerySet[Grading]:
    done = Grading.objects.filter(device__in=DEVICES, state=Grading.State.DONE)
    return done.filter(finished_at__gte=since).order_by()
