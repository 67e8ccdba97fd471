"""One pool for each test process: a warm sandbox costs seconds of CPU to make."""

from collections.abc import Iterator

import pytest

from sandbox.limits import MIB, Limits
from sandbox.pool import WarmPool
from sandbox.process import Process
from tests.sandbox.learner import HONEST, Learner

LIMITS = Limits(import_seconds=20, call_seconds=20, memory_bytes=512 * MIB)


@pytest.fixture(scope="session")
def pool() -> Iterator[WarmPool]:
    with WarmPool(2, LIMITS) as warm:
        yield warm


@pytest.fixture
def process(pool: WarmPool) -> Iterator[Process]:
    with pool.take() as taken:
        yield taken


@pytest.fixture
def learner(process: Process) -> Learner:
    return Learner(process)


@pytest.fixture(scope="session")
def neighbour(pool: WarmPool) -> Iterator[Learner]:
    """Another submission's process, alive through all the others."""
    with pool.take() as taken:
        honest = Learner(taken)
        honest.loads(HONEST)
        yield honest
