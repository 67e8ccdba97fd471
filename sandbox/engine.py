"""The program that runs containers, what it is told of system calls, and what it left behind."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox import seccomp
from sandbox.printing import printable
from sandbox.wire import SandboxUnavailable

IMAGE_VARIABLE, RUNTIME_VARIABLE = "SPARRING_GRADER_IMAGE", "SPARRING_CONTAINER_RUNTIME"
ENGINES = ("docker", "podman")
LABEL = "sparring.judge"
_ENGINE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Engine:
    """The program that runs containers, and which image and runtime it is told to use."""

    program: str
    image: str
    runtime: str

    def ask(self, *words: str) -> str:
        """Return what the program prints. Raises SandboxUnavailable where it fails."""
        try:
            done = subprocess.run(  # noqa: S603  (our own words)
                [self.program, *words],
                capture_output=True,
                timeout=_ENGINE_SECONDS,
                check=True,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.CalledProcessError as fault:
            said = " ".join(printable(fault.stderr).split())[-300:]
            raise SandboxUnavailable(f"{self.program} {words[0]} failed: {said}") from fault
        except (OSError, subprocess.SubprocessError) as fault:
            raise SandboxUnavailable(f"{self.program} {words[0]} failed: {fault}") from fault
        return printable(done.stdout)


def engine() -> Engine:
    """Return this machine's engine, as the environment says. Raises SandboxUnavailable."""
    found = next(filter(None, map(shutil.which, ENGINES)), None)
    if found is None:
        raise SandboxUnavailable(f"none of {', '.join(ENGINES)} is installed")
    image = os.environ.get(IMAGE_VARIABLE, "")
    if "@sha256:" not in image:
        raise SandboxUnavailable(
            f"{IMAGE_VARIABLE} must name an image by its digest: NAME@sha256:…"
        )
    return Engine(found, image, os.environ.get(RUNTIME_VARIABLE) or "runsc")


def profile(folder: Path) -> Path:
    """Write the list of refused system calls as engines read it; return its file."""
    path = folder / "seccomp.json"
    path.write_text(json.dumps(seccomp.container_profile()))
    return path


@cache
def judge() -> str:
    """Return what tells this process from every other one that ever was on this machine."""
    return f"{_machine()}-{os.getpid()}-{_born(os.getpid())}"


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]


def _born(pid: int) -> str:
    """Return when a process began, in ticks of the kernel; empty when it is not there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def remove_stale(using: Engine) -> int:
    """Remove containers whose judge on this machine is no more; return how many there were."""
    form = '{{.ID}} {{.Label "' + LABEL + '"}}'
    lines = using.ask("ps", "--all", "--filter", f"label={LABEL}", "--format", form).splitlines()
    stale = []
    for line in lines:
        container, _, owner = line.partition(" ")
        machine, _, process = owner.partition("-")
        pid, _, born = process.partition("-")
        if machine == _machine() and pid.isdigit() and _born(int(pid)) != born:
            stale.append(container)
    if stale:
        using.ask("rm", "--force", *stale)
    return len(stale)
