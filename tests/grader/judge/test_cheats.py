"""Every attack of tests/exploits on the judge gets its verdict, and leaves nothing behind.

Those on the sandbox alone are run by ``tests/sandbox/test_exploits.py``.
"""

import base64
import contextlib
import os
import re
from pathlib import Path

import pytest

from grader.contract import Failure, GradingJob
from grader.exercises import EXERCISES
from grader.judge import grade
from sandbox.tree import namespace
from tests.grader.judge.conftest import CALL_SECONDS
from tests.sandbox.learner import HONEST, Learner, processes_in

FOLDER = Path(__file__).parents[2] / "exploits"
CHEATS = sorted(FOLDER.glob("cheat_*.py"))
CONTROLS = sorted(FOLDER.glob("control_cheat_*.py"))
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def header(path, name):
    lines = (line for line in path.read_text().splitlines() if line.startswith(f"# {name}: "))
    return next(lines, "").removeprefix(f"# {name}: ")


def judged(files):
    for path in files:
        timed = [pytest.mark.timing] if header(path, "timed") else []
        yield pytest.param(path, marks=[pytest.mark.sandbox, *timed], id=path.stem)


class Witness:
    """A pool that remembers in which namespaces it let code run."""

    def __init__(self, pool):
        self.pool, self.namespaces, self.held = pool, [], []

    def take(self):
        process = self.pool.take()
        # Held open, for the name of a namespace that is gone is soon another's.
        self.held.append(os.open(f"/proc/{process.pid}/ns/pid", os.O_RDONLY))
        self.namespaces.append(namespace(process.pid))
        return process

    def left_running(self):
        return [pid for inside in self.namespaces for pid in processes_in(inside)]

    def __getattr__(self, name):
        return getattr(self.pool, name)


@pytest.fixture
def witness(pool):
    there = Witness(pool)
    yield there
    for fd in there.held:
        os.close(fd)


@pytest.fixture
def judge_file(witness):
    def run(path):
        exercise = EXERCISES[header(path, "exercise")]
        if "timeout" in header(path, "verdict"):
            exercise = exercise.model_copy(update={"call_seconds": CALL_SECONDS})
        encoded = base64.b64encode(path.read_bytes()).decode()
        job = GradingJob(job="test", token="t" * 32, source_base64=encoded, exercise=exercise)
        return grade(job, witness, progress=lambda *_: None, lock=contextlib.nullcontext)

    return run


@pytest.fixture(scope="module")
def neighbour(pool):
    """Another submission's process, alive through all the others."""
    with pool.take() as process:
        honest = Learner(process)
        honest.loads(HONEST)
        yield honest


def left_behind():
    """Return the files that a cheat wrote, if any is where others could see it."""
    torch_folder = Path(pytest.importorskip("torch").__file__).parent
    folders = [Path(), Path("/tmp"), Path("/dev/shm"), torch_folder, torch_folder.parent]
    folders += Path("/tmp").glob("torchinductor_*")
    return [found for folder in folders for found in folder.glob("left_by_a_cheat*")]


def memory_files():
    """Return the memory files of calls that this process still holds."""
    links = []
    for fd in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(str(fd.readlink()))
    return [link for link in links if re.match(r"/memfd:(q|k|v|output|source)\b", link)]


@pytest.mark.parametrize("path", [*CHEATS, *CONTROLS], ids=lambda path: path.stem)
def test_every_attack_says_what_it_attacks_what_stops_it_and_what_comes_of_it(path):
    assert header(path, "surface")
    assert header(path, "defence")
    assert header(path, "exercise") in EXERCISES
    allowed = set(header(path, "verdict").split(" | "))
    assert allowed <= ({"passed"} if path in CONTROLS else set(Failure) - {"unavailable"})


@pytest.mark.parametrize("path", list(judged(CHEATS)))
def test_an_attack_on_the_judge_fails_and_leaves_nothing_behind(
    path, judge_file, witness, neighbour
):
    given = judge_file(path)
    assert not given.passed
    assert given.failure in header(path, "verdict").split(" | "), given
    assert "BREACH" not in given.evidence.printed
    told = (given.message, given.evidence.traceback, given.evidence.printed)
    assert not any(CONTROL_CHARACTERS.search(text) for text in told)
    assert witness.left_running() == []
    assert left_behind() == []
    assert memory_files() == []
    assert neighbour.answered_right(neighbour.call(seconds=20))


@pytest.mark.parametrize("path", list(judged(CONTROLS)))
def test_what_only_looks_like_an_attack_passes(path, judge_file, witness):
    given = judge_file(path)
    assert given.passed, given
    assert witness.left_running() == []
