"""One pool of each kind for each test process: a warm sandbox costs seconds of CPU to make."""

import os
from collections.abc import Iterator

import pytest

from sandbox.limits import MIB, Limits
from sandbox.pool import WarmPool
from sandbox.process import Process
from sandbox.zygote import forbidden
from sandbox.zygote_pool import ZygotePool
from tests.sandbox.learner import HONEST, Learner

#: Set to cuda by the benchmark that runs the exploits on a GPU.
ON_GPU = os.environ.get("SPARRING_TEST_DEVICE") == "cuda"
LIMITS = Limits(
    import_seconds=20,
    call_seconds=20,
    memory_bytes=512 * MIB,
    device="cuda" if ON_GPU else "cpu",
)


KINDS = {"zygote": ZygotePool, "warm": WarmPool}


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> type[WarmPool]:
    """Each kind of pool that this machine can have."""
    if request.param == "zygote" and ON_GPU:
        pytest.skip("what CUDA has begun does not survive a fork")
    if request.param == "zygote" and forbidden():
        pytest.skip(f"no zygote here: {forbidden()}")
    return KINDS[request.param]


@pytest.fixture(scope="session")
def pool(kind: type[WarmPool]) -> Iterator[WarmPool]:
    with kind(2, LIMITS) as warm:
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
