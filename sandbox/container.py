"""Single-use processes in containers, by ``docker run`` or podman, for machines with GPUs.

The walls are those of the runtime: gVisor (``runsc``), or ``runc`` with the same list of refused
system calls that ``seccomp.gpu_program`` has. Rings, and decoding step by step, need channels of
their own and are not to be had here. Tested with a program that stands in for the engine; not yet
run with a real one.
"""

import json
import os
import secrets
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from sandbox import bubblewrap, engine, gpu
from sandbox.contained import Contained, ContainedProcess
from sandbox.engine import Engine
from sandbox.exchange import Exchange
from sandbox.launch import Started
from sandbox.limits import Limits
from sandbox.pool import WarmPool
from sandbox.process import Process
from sandbox.wire import SandboxUnavailable

#: Who the process is in its container; never the user of the judge.
USER = 65534
_PAUSING_SECONDS = 20.0
_MEMORY = "8g"
_CORES = "2"
_SHM = "16m"
_START = "import sys; sys.path.append('/code'); from sandbox.inside.container import main; main()"


def command(
    using: Engine, name: str, exchange: Exchange, limits: Limits, threads: int, device: str
) -> list[str]:
    """Return the command line of one container; ``device`` identifies a GPU, or is empty."""
    run = [
        using.program,
        "run",
        "--rm",
        "--init",
        "--name",
        name,
        "--label",
        f"{engine.LABEL}={engine.judge()}",
    ]
    run += ["--runtime", using.runtime, *(["--gpus", f"device={device}"] if device else [])]
    run += ["--network", "none", "--read-only", "--ipc", "private", "--log-driver", "none"]
    run += ["--tmpfs", f"/tmp:rw,exec,nosuid,nodev,size={limits.scratch_bytes}"]  # noqa: S108
    run += ["--shm-size", _SHM, "--user", f"{USER}:{USER}", "--cap-drop", "ALL"]
    run += [
        "--security-opt",
        "no-new-privileges",
        "--security-opt",
        f"seccomp={engine.profile(exchange.folder)}",
    ]
    run += ["--pids-limit", str(limits.processes), "--memory", _MEMORY, "--memory-swap", _MEMORY]
    run += ["--cpus", _CORES, "--ulimit", "core=0", "--ulimit", f"nofile={limits.open_files}"]
    run += ["--ulimit", f"fsize={limits.file_bytes}"]
    for source, target, end in _mounts(exchange):
        run += ["--mount", f"type=bind,src={source},dst={target}{end}"]
    for variable in ("HOME=/tmp", "TRITON_CACHE_DIR=/tmp/triton", "CUDA_CACHE_PATH=/tmp/cuda"):
        run += ["--env", variable]
    run += ["--env", "NVIDIA_DRIVER_CAPABILITIES=compute,utility", "--entrypoint", "python3"]
    return [*run, using.image, "-I", "-B", "-u", "-X", "utf8", "-c", _START, _told(limits, threads)]


def _mounts(exchange: Exchange) -> list[tuple[Path, str, str]]:
    code = Path(bubblewrap.__file__).resolve().with_name("inside")
    return [
        (exchange.inputs, "/exchange/inputs", ",readonly"),
        (exchange.outputs, "/exchange/outputs", ""),
        (code, f"{bubblewrap.CODE}/sandbox/inside", ",readonly"),
    ]


def _told(limits: Limits, threads: int) -> str:
    cpu = {"CPU": limits.cpu_seconds}  # the other limits are the engine's
    return json.dumps({"threads": threads, "device": limits.device, "limits": cpu})


class ContainerPool(WarmPool):
    """Keeps ``size`` containers warm, each for one submission."""

    def __init__(self, size: int, limits: Limits | None = None, threads: int = 1) -> None:
        self._engine: Engine | None = None
        super().__init__(size, limits, threads)

    def _begin(self) -> Started:
        """Start one container; before the first, remove what dead judges left."""
        if self._engine is None:
            using = engine.engine()
            engine.remove_stale(using)
            self._engine = using
        device = gpu.chosen().identifier if self.device == "cuda" else ""
        exchange = Exchange(USER)
        try:
            return self._run(self._engine, exchange, device)
        except BaseException:
            exchange.close()
            raise

    def _run(self, using: Engine, exchange: Exchange, device: str) -> Started:
        name = f"sparring-{os.getpid()}-{secrets.token_hex(6)}"
        words = command(using, name, exchange, self._limits, self._threads, device)
        printed, printing = os.pipe2(os.O_CLOEXEC)
        try:
            outer = subprocess.Popen(  # noqa: S603  (our own command line)
                words, stdin=subprocess.DEVNULL, stdout=printing, stderr=printing
            )
        except OSError as fault:
            os.close(printed)
            raise SandboxUnavailable(f"no container could be started: {fault}") from fault
        finally:
            os.close(printing)
        os.set_blocking(printed, False)
        life = Contained(outer, using, name, exchange)
        return Started(life, exchange.listener, printed)

    def _process(self, started: Started) -> ContainedProcess:
        return ContainedProcess(started, self._limits, self._ledger())

    def _finish(self, process: Process) -> None:
        """Leave it as it is: the engine decides what a container may write."""

    def _pause(self, step: int) -> None:
        """Pause; what is starting cannot be stopped, so it gets ready first."""
        super()._pause(step)
        deadline = time.monotonic() + _PAUSING_SECONDS
        with self._change:
            while self._births and self._resting() and time.monotonic() < deadline:
                self._change.wait(_PAUSING_SECONDS)

    def _progress(self) -> bool:
        if not self._resting():
            return super()._progress()
        for birth in list(self._births):
            with suppress(SandboxUnavailable, OSError):  # told when the pool goes on
                self._look_at(birth)
        return bool(self._births)

    def _starting(self) -> list[int]:
        return []
