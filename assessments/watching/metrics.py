"""Metrics for Prometheus, for those who hold the token."""

import ipaddress
from bisect import bisect_right
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector, CollectorRegistry

from assessments import counters
from assessments.models import Grading
from assessments.services import figures
from grader.contract import Failure

BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
"""Seconds of the stages' times."""

# What only a proxy adds: then the request comes from somewhere else than it seems to.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell the metrics, or why not."""
    if refusal := _refusal(request):
        return refusal
    told = generate_latest(counters.registry()) + generate_latest(_of_database())
    return HttpResponse(told, content_type=CONTENT_TYPE_LATEST)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if settings.METRICS_TOKEN:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and constant_time_compare(given, settings.METRICS_TOKEN):
            return None
        refused = _said(401, "The metrics need the token as Authorization: Bearer.")
        refused.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refused
    if _is_from_here(request):
        return None
    return _said(403, "Set SPARRING_METRICS_TOKEN to read the metrics from another machine.")


def _is_from_here(request: HttpRequest) -> bool:
    """Whether it surely comes from this machine: before a proxy on it, everybody seems to."""
    if settings.HTTPS or settings.BEHIND_PROXY or any(map(request.headers.get, _FORWARDED)):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _said(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")


def _of_database() -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(OfDatabase())
    return registry


class OfDatabase(Collector):
    """What the database knows, as metrics; four queries whenever it is collected."""

    def describe(self) -> list[Metric]:
        """Say nothing beforehand, which would cost the queries."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        now = timezone.now()
        yield from _queues(figures.lines(now))
        yield from _totals(figures.totals(now))
        yield _stages(figures.stage_times(now))


def _queues(lines: dict[str, figures.Line]) -> Iterator[Metric]:
    jobs = GaugeMetricFamily(
        "sparring_queue_jobs",
        "Gradings that are not done: waiting for their turn, resting, sent to the broker, running.",
        labels=["device", "state"],
    )
    oldest = GaugeMetricFamily(
        "sparring_queue_oldest_seconds",
        "Age of the oldest submission that a learner waits for and no worker has taken.",
        labels=["device"],
    )
    workers = GaugeMetricFamily(
        "sparring_workers", "Grading workers heard of in the last 30 s.", labels=["device"]
    )
    for device, line in lines.items():
        for state, number in line.jobs.items():
            jobs.add_metric([device, state], number)
        oldest.add_metric([device], line.oldest)
        workers.add_metric([device], line.workers)
    yield from (jobs, oldest, workers)


def _totals(totals: dict[str, figures.Totals]) -> Iterator[Metric]:
    verdicts = CounterMetricFamily(
        "sparring_verdicts",
        "Verdicts since the day began (UTC), by failure; passed where there is none, unavailable"
        " where it was our fault.",
        labels=["device", "kind", "failure"],
    )
    noisy = CounterMetricFamily(
        "sparring_noise_refusals",
        "Workers that found their machine too noisy to time on, since the day began (UTC).",
        labels=["device"],
    )
    repeated = CounterMetricFamily(
        "sparring_redeliveries",
        "Deliveries beyond a job's first one, since the day began (UTC).",
        labels=["device"],
    )
    for device, total in totals.items():
        for kind in Grading.Kind.values:
            for failure in ("", *Failure):
                number = total.verdicts.get((kind, failure), 0)
                verdicts.add_metric([device, kind, failure or "passed"], number)
        noisy.add_metric([device], total.handed_on)
        repeated.add_metric([device], total.repeated)
    yield from (verdicts, noisy, repeated)


def _stages(times: dict[tuple[str, str], figures.Times]) -> Metric:
    stages = HistogramMetricFamily(
        "sparring_stage_seconds",
        "How long what ended since the hour began (UTC) was in each stage.",
        labels=["device", "stage"],
    )
    for device in figures.DEVICES:
        for stage in ("waiting", "recording", *Grading.SPENT):
            seconds = sorted(times.get((device, stage), figures.Times()).seconds)
            below = [(str(float(edge)), bisect_right(seconds, edge)) for edge in BUCKETS]
            stages.add_metric(
                [device, stage], [*below, ("+Inf", len(seconds))], sum_value=sum(seconds)
            )
    return stages
