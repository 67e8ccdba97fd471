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
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from sandbox import bubblewrap, gpu_room, seccomp
from sandbox.bubblewrap import Bind, Entry, Handed
from sandbox.life import Alone, Life, expect_sender
from sandbox.limits import Limits
from sandbox.wire import SandboxUnavailable

#: The user that root becomes before it starts a sandbox.
UNPRIVILEGED_UID = int(os.environ.get("SPARRING_SANDBOX_UID", "65534"))
_STAGES = ("/mnt", "/media", "/srv", "/run", "/var/tmp", "/tmp")  # noqa: S108
_SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Started:
    """A sandbox that has been started: what holds it up, its socket, what it prints."""

    life: Life
    channel: socket.socket
    printed_fd: int


def tool(name: str) -> str:
    """Return the path of a system program. Raises SandboxUnavailable."""
    found = shutil.which(name, path=_SEARCH)
    if found is None:
        package = {"bwrap": "bubblewrap"}.get(name, "util-linux")
        raise SandboxUnavailable(f"{name} is missing. Install the system package {package}.")
    return found


def start(limits: Limits, threads: int, entry: Entry = Entry.CHILD) -> Started:
    """Start one sandbox; it says on its socket when torch is imported.

    Raises SandboxUnavailable. It dies with the thread that called this, so that must live on.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    printed, printing = os.pipe2(os.O_CLOEXEC)
    files: list[int] = []
    try:
        handed = _handed(limits, entry, theirs.fileno(), files)
        outer = subprocess.Popen(  # noqa: S603  (our own command line, no shell text of others)
            _command(limits, threads, handed, entry),
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            env={},
            cwd="/",
            pass_fds=(*files, theirs.fileno()),
        )
    except BaseException as fault:
        ours.close()
        os.close(printed)
        if isinstance(fault, OSError):
            raise SandboxUnavailable(f"no sandbox could be started: {fault}") from fault
        raise
    finally:
        theirs.close()
        for fd in (printing, *files):
            os.close(fd)
    return Started(Alone(outer), *judges_side(ours, printed))


def judges_side(channel: socket.socket, printed_fd: int) -> tuple[socket.socket, int]:
    """Make the judge's ends of a socket and a pipe ready to be watched."""
    os.set_blocking(printed_fd, False)
    channel.setblocking(False)
    expect_sender(channel)
    return channel, printed_fd


def _handed(limits: Limits, entry: Entry, socket_fd: int, files: list[int]) -> Handed:
    """Return what a sandbox is handed; what was opened for it is added to ``files``."""
    if entry is Entry.CHILD:
        on_gpu = limits.device == "cuda"
        files.append(_file(seccomp.gpu_program() if on_gpu else seccomp.program()))
        return Handed(files[0], socket_fd)
    files.append(_file(seccomp.outer_program()))
    files.append(_file(seccomp.program()))
    return Handed(files[0], socket_fd, files[1])


def _file(raw: bytes) -> int:
    """Return a memory file that holds a filter, to be read from its beginning."""
    fd = os.memfd_create("filter", os.MFD_CLOEXEC)
    os.write(fd, raw)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _command(limits: Limits, threads: int, handed: Handed, entry: Entry = Entry.CHILD) -> list[str]:
    binds = bubblewrap.visible()
    extra = gpu_room.furnished() if limits.device == "cuda" else bubblewrap.NOTHING
    doors: tuple[Path, ...] = ()
    if os.geteuid() == 0:
        doors = _closed_doors((*binds, *extra.binds))
        binds = tuple(_staged(bind, doors) for bind in binds)
        extra = replace(extra, binds=tuple(_staged(bind, doors) for bind in extra.binds))
    command = bubblewrap.arguments(tool("bwrap"), binds, limits, threads, handed, entry, extra)
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
