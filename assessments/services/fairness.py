"""Whose job is sent next: one learner after the other, and regrades when nobody waits.

Pure: the queue asks it what to send, the forecast what will be sent, so that both agree. The broker
is first in, first out and holds little: of each learner one job, and more only for workers that
would have nothing to do. So a learner's first job has before it what is being judged and one job of
everybody who came earlier, however many the others have waiting.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush


@dataclass(frozen=True, order=True)
class Job:
    """A grading in line; an older one has the smaller ``pk``."""

    pk: int
    learner: int
    is_regrade: bool = False


class Desk:
    """What waits to be sent to one device's queue, and what has been sent and is not done."""

    def __init__(
        self, waiting: Iterable[Job], queued: Iterable[Job], running: Iterable[Job], workers: int
    ) -> None:
        self._workers = max(workers, 1)
        self._live: dict[int, list[Job]] = {}
        self._regrades: list[Job] = []
        self._queued, self._running = set(queued), set(running)
        self._busy = Counter(
            job.learner for job in self._queued | self._running if not job.is_regrade
        )
        for job in waiting:
            self.add(job)

    def add(self, job: Job) -> None:
        """Let a job wait, behind those of its learner's that are older."""
        heappush(self._regrades if job.is_regrade else self._live.setdefault(job.learner, []), job)

    def send(self) -> Job | None:
        """Choose the job that is sent next and count it as sent; None if all have to wait."""
        job = self._choose()
        if job is None:
            return None
        line = self._regrades if job.is_regrade else self._live[job.learner]
        heappop(line)
        if not line and not job.is_regrade:
            del self._live[job.learner]
        self._queued.add(job)
        self._busy[job.learner] += not job.is_regrade
        return job

    def start(self, job: Job) -> None:
        """A worker has taken a job that was sent."""
        self._queued.discard(job)
        self._running.add(job)

    def done(self, job: Job) -> None:
        """A job that was sent is done."""
        self._queued.discard(job)
        self._running.discard(job)
        self._busy[job.learner] -= not job.is_regrade

    def _choose(self) -> Job | None:
        heads = [line[0] for line in self._live.values()]
        turn = min(heads, key=lambda job: (self._busy[job.learner], job), default=None)
        if turn and not self._busy[turn.learner]:
            return turn
        if len(self._queued) + len(self._running) >= self._workers:
            return None
        if turn:
            return turn
        live_waits = any(not job.is_regrade for job in self._queued)
        return self._regrades[0] if self._regrades and not live_waits else None
