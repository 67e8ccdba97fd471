"""What a web process counts by itself, all processes of one gunicorn together.

Labels have few values whatever strangers ask for: routes by their name, methods and statuses that
there are. What the database knows is not counted here (``services.figures``).
"""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

OWN = CollectorRegistry()
"""The metrics of this process alone."""

REQUESTS = Histogram(
    "sparring_http_request_seconds",
    "How long requests took, until their answer began.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OWN,
)
AUTOSAVES = Counter(
    "sparring_autosaves",
    "Entries of answers while they are typed: kept, known already, too late to count.",
    ("outcome",),
    registry=OWN,
)
for _outcome in ("kept", "known", "late"):
    AUTOSAVES.labels(_outcome)  # told from the beginning, or the first of them would not be seen


def registry() -> CollectorRegistry:
    """Return where to read the metrics of all processes of this server.

    They share files in the folder that ``gunicorn.conf.py`` names before anything is counted.
    """
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return OWN
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared
