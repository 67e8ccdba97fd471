"""What a sandbox's processes can see, as arguments for bubblewrap.

Inside there are the C library, one Python with its standard library, torch and numpy with what they
import, and ``sandbox.inside``; all read-only. Nothing else of this project, no other package.
"""

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from sandbox.limits import Limits
from sandbox.wire import SandboxUnavailable

PACKAGES = "/packages"
CODE = "/code"
_START = f"import sys; sys.path.append({CODE!r}); from sandbox.inside.%s import %s as go; go()"
_SCRATCH = "/tmp"  # noqa: S108  (inside; its own tmpfs)
_SHM_BYTES = 16 << 20
_NEVER = ("__pycache__", "setuptools", "pip")


class Entry(Enum):
    """What runs inside: a module of ``sandbox.inside`` and its function."""

    CHILD = ("child", "main")
    ZYGOTE = ("zygote", "main")
    REHEARSAL = ("zygote", "rehearse_birth")


class Handed(NamedTuple):
    """Descriptors that a sandbox is started with: its filter, its socket, its children's filter."""

    filter: int
    socket: int
    inner_filter: int = -1


@dataclass(frozen=True, slots=True)
class Bind:
    """A path of this machine, and where it appears inside."""

    source: Path
    target: str


@dataclass(frozen=True, slots=True)
class Extra:
    """What one kind of sandbox has beyond any other: device nodes, files, words of environment.

    ``late`` are shown once there is a ``/proc``, inside it.
    """

    binds: tuple[Bind, ...] = ()
    late: tuple[Bind, ...] = ()
    nodes: tuple[Path, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


NOTHING = Extra()


@cache
def interpreter() -> Path:
    """Return the real Python behind a virtual environment."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


@cache
def visible() -> tuple[Bind, ...]:
    """Return everything of this machine that a sandbox shows. Raises SandboxUnavailable."""
    binds = [Bind(path, str(path)) for path in _system_libraries()]
    base = Path(sys.base_prefix).resolve()
    if base != Path("/usr"):
        folders = [base / name for name in ("lib", "lib64")]
        binds += [Bind(f, str(f)) for f in folders if f.is_dir() and not f.is_symlink()]
    binds.append(Bind(interpreter(), str(interpreter())))
    binds += [Bind(path, f"{PACKAGES}/{path.name}") for path in sorted(_packages())]
    binds.append(Bind(Path(__file__).resolve().with_name("inside"), f"{CODE}/sandbox/inside"))
    return tuple(binds)


def _system_libraries() -> list[Path]:
    """Return the folders of the C library; on a merged system the others are links to them."""
    names = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/cuda/lib64")
    return [path for path in map(Path, names) if path.is_dir() and not path.is_symlink()]


def _links() -> Iterator[str]:
    for name in ("lib", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), str(path))  # noqa: PTH115


def _hidden() -> Iterator[str]:
    """Return folders of other packages that lie inside those that are shown."""
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    base = Path(sys.base_prefix).resolve()
    candidates = [
        stdlib / "site-packages",
        stdlib / "dist-packages",
        stdlib / "ensurepip",
        Path("/usr/lib/python3/dist-packages"),
        base / "lib/python3/dist-packages",
    ]
    shown = {str(bind.source) for bind in visible()}
    for path in dict.fromkeys(candidates):
        if path.is_dir() and any(path.is_relative_to(source) for source in shown):
            yield from ("--tmpfs", str(path), "--remount-ro", str(path))


def _packages() -> set[Path]:
    """Return the files of torch, numpy, triton where there, and of all that they require."""
    found: set[Path] = set()
    queue, seen = ["torch", "numpy", "triton"], set()
    while queue:
        name = queue.pop()
        if name in seen or name in _NEVER:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if name in ("torch", "numpy"):
                raise SandboxUnavailable(f"{name} is not installed in this environment") from None
            continue
        found |= _top_level(distribution)
        queue += _requirements(distribution)
    return found


def _requirements(distribution: metadata.Distribution) -> Iterator[str]:
    """Return the names that a distribution requires without being asked for an extra."""
    for line in distribution.requires or ():
        requirement, _, marker = line.partition(";")
        if "extra" in marker:
            continue
        name = requirement.strip()
        for end, letter in enumerate(name):
            if not (letter.isalnum() or letter in "-_."):
                name = name[:end]
                break
        yield name.lower().replace("_", "-")


def _top_level(distribution: metadata.Distribution) -> set[Path]:
    names = {file.parts[0] for file in distribution.files or ()}
    wanted = {n for n in names if n != ".." and n not in _NEVER and not n.endswith(".pth")}
    paths = {Path(str(distribution.locate_file(name))).resolve() for name in wanted}
    return {path for path in paths if path.exists()}


def _environment(threads: int) -> Iterator[tuple[str, str]]:
    """Yield what the process finds in its environment; numpy's own threads are as torch's."""
    yield from (("HOME", _SCRATCH), ("TMPDIR", _SCRATCH), ("LC_ALL", "C.UTF-8"))
    for library in ("OMP", "OPENBLAS", "MKL"):
        yield f"{library}_NUM_THREADS", str(threads)


def arguments(
    bwrap: str,
    binds: tuple[Bind, ...],
    limits: Limits,
    threads: int,
    handed: Handed,
    entry: Entry = Entry.CHILD,
    extra: Extra = NOTHING,
) -> list[str]:
    """Return the command line of one sandbox, or of one whose processes make further ones.

    The caller starts it with an empty environment, or the learner reads the rest in
    ``/proc/1/environ``; and never as root.
    """
    alone = entry is Entry.CHILD
    command = [bwrap, "--unshare-all", "--unshare-user", *(["--disable-userns"] if alone else [])]
    command += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--hostname", "sandbox", "--clearenv"]
    for name, value in (*_environment(threads), *extra.environment):
        command += ["--setenv", name, value]
    for bind in (*binds, *extra.binds):
        command += ["--ro-bind", str(bind.source), bind.target]
    command += [*_links(), *_hidden()]
    # A zygote writes the user maps of its children there, a CUDA driver the names of its threads;
    # where it cannot, it does not start (error 304).
    command += ["--proc", "/proc"]
    for bind in extra.late:
        command += ["--ro-bind", str(bind.source), bind.target]
    command += ["--remount-ro", "/proc"] if alone and limits.device == "cpu" else []
    command += ["--dev", "/dev", "--size", str(_SHM_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108
    for node in extra.nodes:
        command += ["--dev-bind", str(node), str(node)]
    command += ["--remount-ro", "/dev", "--size", str(limits.scratch_bytes), "--tmpfs", _SCRATCH]
    command += ["--remount-ro", "/", "--chdir", _SCRATCH, "--seccomp", str(handed.filter), "--"]
    python = [str(interpreter()), "-I", "-S", "-B", "-u", "-X", "utf8"]
    settings = _settings(limits, threads, handed)
    return [*command, *python, "-c", _START % entry.value, json.dumps(settings)]


def _settings(limits: Limits, threads: int, handed: Handed) -> dict[str, object]:
    """Return what the process inside is told."""
    settings: dict[str, object] = {
        "socket": handed.socket,
        "threads": threads,
        "device": limits.device,
        "limits": _resources(limits),
    }
    if handed.inner_filter >= 0:
        settings["filter"] = handed.inner_filter
        settings["scratch_bytes"] = limits.scratch_bytes
        settings["shared_memory_bytes"] = _SHM_BYTES
    return settings


def _resources(limits: Limits) -> dict[str, int]:
    """Return the limits that a process keeps by itself, under their names in ``resource``."""
    return {
        # A CUDA driver reserves more addresses than any machine has memory.
        **({"AS": limits.address_space_bytes} if limits.device == "cpu" else {}),
        "NPROC": limits.processes,
        "NOFILE": limits.open_files,
        "FSIZE": limits.file_bytes,
        "CPU": limits.cpu_seconds,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
