"""Starting one confined process, never as root.

Where this process is root, a sandbox starts in three steps: a mount namespace of its own, in which
whatever the unprivileged user could not reach (an interpreter under ``/root``) is bound to a folder
that they can; ``setpriv``, which gives up root for good; then bubblewrap. Otherwise only the last.
"""

import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from sandbox import bubblewrap, seccomp
from sandbox.bubblewrap import Bind
from sandbox.limits import Limits
from sandbox.wire import SandboxUnavailable

#: The user that root becomes before it starts a sandbox.
UNPRIVILEGED_UID = int(os.environ.get("SPARRING_SANDBOX_UID", "65534"))
_STAGES = ("/mnt", "/media", "/srv", "/run", "/var/tmp", "/tmp")  # noqa: S108
_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Started:
    """A sandbox that has been started: its outermost process, its socket, what it prints."""

    outer: subprocess.Popen[bytes]
    channel: socket.socket
    printed_fd: int


def tool(name: str) -> str:
    """Return the path of a system program. Raises SandboxUnavailable."""
    found = shutil.which(name, path=_SEARCH)
    if found is None:
        package = {"bwrap": "bubblewrap"}.get(name, "util-linux")
        raise SandboxUnavailable(f"{name} is missing. Install the system package {package}.")
    return found


def start(limits: Limits, threads: int) -> Started:
    """Start one sandbox; it says on its socket when torch is imported.

    Raises SandboxUnavailable. It dies with the thread that called this, so that must live on.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    printed, printing = os.pipe2(os.O_CLOEXEC)
    filter_fd = os.memfd_create("filter", os.MFD_CLOEXEC)
    try:
        os.write(filter_fd, seccomp.program())
        os.lseek(filter_fd, 0, os.SEEK_SET)
        command = _command(limits, threads, (filter_fd, theirs.fileno()))
        outer = subprocess.Popen(  # noqa: S603  (our own command line, no shell text of others)
            command,
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            env={},
            cwd="/",
            pass_fds=(filter_fd, theirs.fileno()),
        )
    except BaseException as fault:
        ours.close()
        os.close(printed)
        if isinstance(fault, OSError):
            raise SandboxUnavailable(f"no sandbox could be started: {fault}") from fault
        raise
    finally:
        theirs.close()
        os.close(printing)
        os.close(filter_fd)
    os.set_blocking(printed, False)
    ours.setblocking(False)
    return Started(outer, ours, printed)


def _command(limits: Limits, threads: int, fds: tuple[int, int]) -> list[str]:
    binds = bubblewrap.visible()
    doors: tuple[Path, ...] = ()
    if os.geteuid() == 0:
        doors = _closed_doors(binds)
        binds = tuple(_staged(bind, doors) for bind in binds)
    command = bubblewrap.arguments(tool("bwrap"), binds, limits, threads, fds)
    if os.geteuid() != 0:
        return command
    if not doors:
        return dropped(command)
    script = _staging_script(doors, [tool("env"), "-i", *dropped(command)])
    return [tool("unshare"), "--mount", "--propagation", "private", tool("sh"), "-ec", script]


def dropped(command: Sequence[str]) -> list[str]:
    """Return a command that gives up root for good before it runs."""
    uid = str(UNPRIVILEGED_UID)
    drop = [tool("setpriv"), "--reuid", uid, "--regid", uid, "--clear-groups", "--no-new-privs"]
    return [*drop, *command]


def _closed_doors(binds: Sequence[Bind]) -> tuple[Path, ...]:
    """Return the paths, as high up as may be, that open what others may not walk into."""
    doors = {door for bind in binds if (door := _closed_door(bind.source)) is not None}
    return tuple(sorted(doors))


@cache
def _closed_door(path: Path) -> Path | None:
    """Return the first path beyond the last folder on the way that others may not pass."""
    steps = [*reversed(path.parents), path]
    for above, here in reversed(list(pairwise(steps))):
        if not above.stat().st_mode & 0o001:
            return here
    return None


@cache
def _stage() -> str:
    """Return a folder to cover with a private one: none of what is shown lies in it."""
    sources = [bind.source for bind in bubblewrap.visible()]
    for name in _STAGES:
        path = Path(name)
        if path.is_dir() and not any(source.is_relative_to(path) for source in sources):
            return name
    raise SandboxUnavailable(f"none of {', '.join(_STAGES)} is free to mount on")


def _staged(bind: Bind, doors: Sequence[Path]) -> Bind:
    for number, door in enumerate(doors):
        if bind.source.is_relative_to(door):
            return Bind(Path(_stage(), str(number)) / bind.source.relative_to(door), bind.target)
    return bind


def _staging_script(doors: Sequence[Path], command: Sequence[str]) -> str:
    """Return the shell script that opens the doors, in its own mount namespace, and goes on."""
    mount = shlex.quote(tool("mount"))
    lines = [f"{mount} -t tmpfs -o mode=0755,size=1m,nosuid,nodev stage {_stage()}"]
    for number, door in enumerate(doors):
        make = f"{tool('mkdir')} -m 0755" if door.is_dir() else tool("touch")
        lines.append(f"{make} {_stage()}/{number}")
        lines.append(f"{mount} --bind {shlex.quote(str(door))} {_stage()}/{number}")
    return "\n".join([*lines, f"exec {shlex.join(command)}"])
