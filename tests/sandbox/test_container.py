"""Containers: the command line, what is left behind, and a real exchange with a stand-in engine.

The stand-in starts an ordinary process with the same folders mounted: it proves the protocol, not
the walls, which only a real engine has.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import engine
from sandbox.container import ContainerPool, command
from sandbox.engine import Engine
from sandbox.exchange import Exchange
from sandbox.limits import Limits
from sandbox.pool import open_pool
from sandbox.wire import Manner, Outcome, OutputSpec, SandboxUnavailable, Seat
from tests.sandbox.learner import HONEST, SHAPE, Learner

IMAGE = "grader@sha256:" + "0" * 64
NOBODY = 65534


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    folders = Exchange(NOBODY)
    yield folders
    folders.close()


@pytest.fixture
def words(exchange: Exchange) -> list[str]:
    using = Engine("docker", IMAGE, "runsc")
    return command(using, "one", exchange, Limits(device="cuda"), 1, "GPU-1")


@pytest.mark.parametrize(
    "flags",
    [
        "--rm --init",
        "--runtime runsc",
        "--gpus device=GPU-1",
        "--network none",
        "--read-only",
        "--user 65534:65534",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--security-opt seccomp=/",
        "--pids-limit 64",
        "--memory 8g --memory-swap 8g",
        "--cpus 2",
        "--ulimit core=0",
        "--ipc private",
        "--log-driver none",
        "--env NVIDIA_DRIVER_CAPABILITIES=compute,utility",
    ],
)
def test_every_container_is_started_with_this(words: list[str], flags: str) -> None:
    assert f" {flags}" in " ".join(words)


def test_the_image_is_named_by_its_digest_and_followed_by_the_process(words: list[str]) -> None:
    place = words.index(IMAGE)
    assert words[place + 1] == "-I"
    assert json.loads(words[-1])["device"] == "cuda"


def test_only_the_folder_of_results_can_be_written(words: list[str], exchange: Exchange) -> None:
    mounts = [words[place + 1] for place, word in enumerate(words) if word == "--mount"]
    writable = [mount for mount in mounts if not mount.endswith(",readonly")]
    assert writable == [f"type=bind,src={exchange.outputs},dst=/exchange/outputs"]


def test_the_profile_is_the_list_that_bubblewrap_gets_on_a_gpu(words: list[str]) -> None:
    (file,) = [word.partition("=")[2] for word in words if word.startswith("seccomp=")]
    told = json.loads(Path(file).read_text())
    assert told["defaultAction"] == "SCMP_ACT_ALLOW"
    assert any("ptrace" in rule["names"] for rule in told["syscalls"])


def test_an_image_without_a_digest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv(engine.IMAGE_VARIABLE, "grader:latest")
    with pytest.raises(SandboxUnavailable, match="by its digest"):
        engine.engine()


def test_a_machine_without_an_engine_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SandboxUnavailable, match="docker, podman"):
        engine.engine()


# -- the folders -----------------------------------------------------------------------------------


def _memory_file(raw: bytes) -> int:
    fd = os.memfd_create("test")
    os.write(fd, raw)
    return fd


def test_names_of_inputs_cannot_be_listed_by_others_and_go_with_the_request(
    exchange: Exchange,
) -> None:
    source = _memory_file(b"secret")
    ((name,), _) = exchange.lend([source], None).values()
    assert exchange.inputs.stat().st_mode & 0o077 == 0o011
    assert (exchange.inputs / name).read_bytes() == b"secret"
    assert (exchange.inputs / name).stat().st_mode & 0o777 == 0o444
    exchange.take_back()
    assert not (exchange.inputs / name).exists()
    os.close(source)


def test_a_result_that_was_replaced_is_not_followed(exchange: Exchange, tmp_path: Path) -> None:
    target = _memory_file(b"\xff" * 4)
    (name,) = exchange.lend([], target)["outputs"]
    (tmp_path / "other").write_bytes(b"evil")
    (exchange.outputs / name).unlink()
    (exchange.outputs / name).symlink_to(tmp_path / "other")
    assert exchange.collect()
    assert os.pread(target, 4, 0) == b"\xff" * 4
    os.close(target)


@pytest.mark.parametrize("size", [2, 9])
def test_a_result_of_another_size_is_seen(exchange: Exchange, size: int) -> None:
    target = _memory_file(b"\xff" * 4)
    (name,) = exchange.lend([], target)["outputs"]
    (exchange.outputs / name).write_bytes(b"x" * size)
    assert not exchange.collect()
    assert os.fstat(target).st_size == 4
    os.close(target)


def test_nobody_else_is_let_in_after_the_first(exchange: Exchange) -> None:
    import socket

    path = str(exchange.inputs / "socket")
    assert exchange.admit() is None
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as first:
        first.connect(path)
        channel = exchange.admit()
        assert channel is not None
        channel.close()
    assert not Path(path).exists()


def test_a_judge_that_is_the_containers_user_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match="must be another"):
        Exchange(os.geteuid())


# -- a real exchange -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stand-in under the engine's name, and the folder where it keeps what runs."""
    folder = tmp_path_factory.mktemp("engine")
    program = folder / "bin" / "docker"
    program.parent.mkdir()
    stand_in = Path(__file__).with_name("stand_in_engine.py")
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {stand_in} "$@"\n')
    program.chmod(0o755)
    (folder / "state").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        patch.setenv("STAND_IN_ENGINE", str(folder / "state"))
        patch.setenv(engine.IMAGE_VARIABLE, IMAGE)
        yield folder / "state"


@pytest.fixture(scope="module")
def containers(state: Path) -> Iterator[ContainerPool]:
    with ContainerPool(1, Limits()) as pool:
        yield pool


@pytest.fixture
def contained(containers: ContainerPool) -> Iterator[Learner]:
    with containers.take() as process:
        yield Learner(process)


def _running(state: Path) -> set[str]:
    return {path.name for path in state.iterdir()} - {"log"}


@pytest.mark.sandbox
def test_a_submission_in_a_container_is_loaded_called_and_answers_right(
    contained: Learner,
) -> None:
    contained.loads(HONEST)
    for _ in range(2):
        reply = contained.call()
        assert contained.answered_right(reply), reply.detail
        assert reply.timed_by == "wall"
        assert reply.seconds > 0


@pytest.mark.sandbox
def test_nothing_runs_in_a_container_between_two_calls(contained: Learner) -> None:
    source = """
import threading, time
beats = 0
def beat():
    global beats
    while True:
        beats += 1
        time.sleep(0.01)
threading.Thread(target=beat, daemon=True).start()
seen = []
def attention(q, k, v):
    seen.append(beats)
    print(*seen, flush=True)
    return q + k + v
"""
    contained.loads(source)
    contained.call()
    time.sleep(1.0)
    contained.call()
    first, second = map(int, contained.process.printed.split()[-2:])
    assert second - first < 60


@pytest.mark.sandbox
def test_inputs_in_a_container_cannot_be_written(contained: Learner) -> None:
    source = """
from pathlib import Path
def attention(q, k, v):
    try:
        Path("/exchange/inputs/x").write_text("x")
    except OSError as fault:
        print(fault.errno)
    return q + k + v
"""
    assert contained.answered_right(contained.runs(source))
    assert contained.process.printed.strip() == "30"


@pytest.mark.sandbox
def test_an_end_in_a_container_is_told_as_anywhere(contained: Learner) -> None:
    reply = contained.runs("import os\ndef attention(q, k, v): os._exit(3)\n")
    assert reply.outcome is Outcome.DIED
    assert "status 3" in reply.detail


@pytest.mark.sandbox
def test_a_container_that_hangs_is_removed(contained: Learner, state: Path) -> None:
    contained.loads("import time\ndef attention(q, k, v): time.sleep(60)\n")
    before = _running(state)
    assert contained.call(seconds=0.5).outcome is Outcome.TIMEOUT
    deadline = time.monotonic() + 5
    while before & _running(state) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert before - _running(state)


@pytest.mark.sandbox
def test_what_needs_channels_of_its_own_is_our_failure_in_a_container(
    containers: ContainerPool,
) -> None:
    with containers.take() as process:
        learner = Learner(process)
        learner.loads(HONEST)
        wanted = OutputSpec("float32", SHAPE)
        with pytest.raises(SandboxUnavailable, match="steps or rings"):
            process.call(learner.inputs, {}, wanted, Manner(seat=Seat(0, 1, 0)))


@pytest.mark.sandbox
def test_a_container_that_cannot_start_says_why(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(engine.IMAGE_VARIABLE, "nothing@sha256:0")
    with (
        ContainerPool(1, Limits()) as pool,
        pytest.raises(SandboxUnavailable, match="no such image"),
    ):
        pool.take()


def test_containers_of_judges_that_are_gone_are_removed_and_no_others(state: Path) -> None:
    machine = engine.judge().partition("-")[0]
    with subprocess.Popen(["sleep", "60"]) as held:
        for name, owner in {
            "stale": f"{machine}-{os.getpid()}-1",
            "foreign": f"other-{os.getpid()}-1",
            "living": engine.judge(),
        }.items():
            (state / name).write_text(f"{held.pid} {owner}")
        assert engine.remove_stale(engine.engine()) == 1
        held.wait(5)
    assert {"foreign", "living"} <= _running(state)
    assert "stale" not in _running(state)
    for name in ("foreign", "living"):
        (state / name).unlink()


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="this machine has a GPU")
def test_containers_on_a_machine_without_a_gpu_say_what_is_missing(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARRING_SANDBOX", "container")
    with open_pool(1, Limits(device="cuda")) as pool:
        assert isinstance(pool, ContainerPool)
        with pytest.raises(SandboxUnavailable, match="/dev/nvidiactl is missing"):
            pool.take()


@pytest.mark.skipif(
    shutil.which("docker") is None
    or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode != 0,
    reason="no container engine runs here",
)
def test_a_real_engine_lists_its_containers() -> None:
    found = shutil.which("docker")
    assert found
    Engine(found, IMAGE, "runc").ask("ps", "--all")
