"""What this machine can and cannot do: ``python -m sandbox.doctor [--json]``.

Exit status 0 when submissions can be judged here, else 1. Every line that is not in order says what
to do about it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from sandbox import gpu, gpu_room, launch, seccomp
from sandbox.limits import MIB
from sandbox.pool import open_pool, pool_kind
from sandbox.wire import SandboxUnavailable

_LEAST_MEMORY = 4 << 30
_INSTALL = {"bwrap": "bubblewrap", "setpriv": "util-linux", "unshare": "util-linux"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``needed`` ones decide whether submissions can be judged."""

    name: str
    fine: bool
    told: str
    remedy: str = ""
    needed: bool = False


def findings() -> Iterator[Finding]:
    """Look at this machine, the cheap things first."""
    yield from (_program(name) for name in _programs())
    yield _seccomp()
    yield from (_package(name) for name in ("torch", "numpy"))
    yield _namespaces()
    yield _cores()
    yield _memory()
    yield _cgroups()
    yield _gpu()
    yield _chromium()
    yield _pool()
    yield _sandbox()


def _programs() -> tuple[str, ...]:
    return ("bwrap", "setpriv", "unshare") if os.geteuid() == 0 else ("bwrap",)


def _program(name: str) -> Finding:
    try:
        path = launch.tool(name)
    except SandboxUnavailable:
        remedy = f"apt-get install {_INSTALL[name]}   (or your system's package of that name)"
        return Finding(name, False, "missing", remedy, needed=True)
    return Finding(name, True, _said([path, "--version"]) or path, needed=True)


def _said(command: list[str]) -> str:
    """Return the first line that a program prints; empty when it fails."""
    try:
        done = subprocess.run(  # noqa: S603  (our own words)
            command, capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0]


def _seccomp() -> Finding:
    try:
        size = len(seccomp.program()) // 8
    except SandboxUnavailable as fault:
        remedy = "apt-get install libseccomp2; pip install pyseccomp"
        return Finding("seccomp", False, str(fault), remedy, needed=True)
    return Finding("seccomp", True, f"a filter of {size} instructions", needed=True)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, metadata.version(name), needed=True)
    except metadata.PackageNotFoundError:
        remedy = "pip install 'sparring[grader]'"
        return Finding(name, False, "not installed", remedy, needed=True)


# What forbids user namespaces to an ordinary user, the value that does, and what lifts it.
_SWITCHES = (
    ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0   (or give bwrap an AppArmor"
        " profile that allows userns)",
    ),
)


def _namespaces() -> Finding:
    """Try a sandbox with nothing in it, and if that fails name the switch that forbids it."""
    try:
        bwrap = launch.tool("bwrap")
    except SandboxUnavailable:
        return Finding("user namespaces", False, "not tried without bwrap", needed=True)
    command = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/"]
    if os.geteuid() == 0:
        command = launch.dropped([*command, launch.tool("true")])
    else:
        command = [*command, launch.tool("true")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return Finding("user namespaces", True, "allowed to ordinary users", needed=True)
    told = done.stderr.strip()[-200:] or f"bwrap left with status {done.returncode}"
    return Finding("user namespaces", False, told, _switch(), needed=True)


def _switch() -> str:
    for name, bad, remedy in _SWITCHES:
        path = Path("/proc/sys", name)
        if path.exists() and path.read_text().strip() == bad:
            return remedy
    return "in a container: docker/README.md says what its engine has to allow"


def _cores() -> Finding:
    count = len(os.sched_getaffinity(0))
    remedy = "a core of its own for the learner's code makes timing steadier"
    return Finding("cores", count >= 2, str(count), "" if count >= 2 else remedy)


def _memory() -> Finding:
    words = Path("/proc/meminfo").read_text().partition("MemAvailable:")[2].split()
    free = int(words[0]) * 1024
    remedy = "" if free >= _LEAST_MEMORY else f"keep {_LEAST_MEMORY // MIB} MiB free for grading"
    return Finding("free memory", free >= _LEAST_MEMORY, f"{free // MIB:,} MiB", remedy)


def _cgroups() -> Finding:
    if not Path("/sys/fs/cgroup/cgroup.controllers").exists():
        return Finding("cgroups", True, "version 2 is not here; memory is watched by looking")
    return Finding("cgroups", True, "version 2 is here; memory is watched by looking all the same")


def _gpu() -> Finding:
    """Look whether submissions could be judged on a GPU, and what that lacks."""
    if not Path("/dev/nvidiactl").exists():
        return Finding("GPU", True, "none; submissions are judged on the CPU")
    try:
        found = gpu.chosen()
        gpu_room.driver_folder()
    except SandboxUnavailable as fault:
        return Finding("GPU", False, str(fault), "docs/gpu.md says what a grading machine needs")
    if not gpu_room.compiler():
        told = f"{found.name}, but no C compiler, which Triton needs"
        return Finding("GPU", False, told, "apt-get install gcc")
    return Finding("GPU", True, f"{found.name}; grades with SPARRING_DEVICE=cuda")


def _chromium() -> Finding:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return Finding("Chromium", True, path)
    return Finding(
        "Chromium",
        False,
        "missing; only the tests in a browser need it",
        "apt-get install chromium",
    )


def _pool() -> Finding:
    kind, why = pool_kind()
    if kind == "zygote":
        return Finding("pool", True, f"zygote: forked ahead of time; {why}")
    return Finding("pool", True, f"warm: each process imports torch, which takes longer; {why}")


def _sandbox() -> Finding:
    """Make one real sandbox and let it answer."""
    try:
        with open_pool(1) as pool, pool.take() as process:
            reply = process.load(b"def f(): pass\n", "f", ())
    except SandboxUnavailable as fault:
        return Finding("sandbox", False, str(fault), "see the lines above", needed=True)
    fine = reply.outcome == "done"
    return Finding(
        "sandbox", fine, "a warm process answered" if fine else reply.detail, needed=True
    )


def _shown(finding: Finding) -> str:
    mark = "OK     " if finding.fine else ("MISSING" if finding.needed else "note   ")
    line = f"{mark}  {finding.name:<16}  {finding.told}"
    return f"{line}\n{'':<27}  -> {finding.remedy}" if finding.remedy else line


def main(arguments: list[str] | None = None, write: Callable[[str], object] | None = None) -> int:
    """Look, tell, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    as_json = parser.parse_args(arguments).json
    write = write or sys.stdout.write
    found = []
    for finding in findings():
        found.append(finding)
        if not as_json:
            write(_shown(finding) + "\n")
    able = all(finding.fine for finding in found if finding.needed)
    if as_json:
        write(json.dumps({"able": able, "findings": [asdict(f) for f in found]}) + "\n")
    else:
        write(f"\nSubmissions can {'' if able else 'NOT '}be judged on this machine.\n")
    return 0 if able else 1


if __name__ == "__main__":
    sys.exit(main())
