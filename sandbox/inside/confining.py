"""A room of its own for a child of the zygote: namespaces, mounts, no rights, a filter.

Everything here happens before any of the learner's code is there, in a process that the learner's
code will later run in, or that holds it up. The judge looks afterwards whether it was done.
"""

import ctypes
import os
import signal
from dataclasses import dataclass
from pathlib import Path

_CLONE_NEWNS, _CLONE_NEWCGROUP, _CLONE_NEWUTS, _CLONE_NEWIPC = (
    0x20000,
    0x2000000,
    0x4000000,
    1 << 27,
)
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 1 << 28, 1 << 29, 1 << 30
_EVERY_NAMESPACE = (
    _CLONE_NEWUSER
    | _CLONE_NEWPID
    | _CLONE_NEWNS
    | _CLONE_NEWNET
    | _CLONE_NEWIPC
    | _CLONE_NEWUTS
    | _CLONE_NEWCGROUP
)
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION = 0x20080522
_INSTRUCTION_BYTES = 8
_FIRST_FREE = 3
_SIGNALLED = 128

_LIBC = ctypes.CDLL(None, use_errno=True)
_HELD = ctypes.PyDLL(None, use_errno=True)  # calls that keep the interpreter's lock


@dataclass(frozen=True, slots=True)
class Room:
    """What every child of one zygote is confined to."""

    scratch_bytes: int
    shared_memory_bytes: int
    filter_program: bytes


class _Program(ctypes.Structure):
    """struct sock_fprog: a filter for the kernel."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def fork() -> int:
    """Fork without Python's own preparations, which write to a megabyte that all could share.

    They mend locks and threads, and there is one thread here.
    """
    return _must(_HELD.fork(), "fork")


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def leave_namespaces() -> None:
    """Enter a new namespace of every kind; the next child is the first process of its own."""
    user, group = os.getuid(), os.getgid()
    _must(_LIBC.unshare(_EVERY_NAMESPACE), "unshare")
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")


def furnish(room: Room) -> None:
    """Cover all that can be written, and the zygote's processes, with what is this child's own."""
    os.setsid()  # a signal to the process group must not reach the zygote
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE, "")
    quiet = _MS_NOSUID | _MS_NODEV
    _mount("proc", "/proc", "proc", quiet | _MS_NOEXEC | _MS_RDONLY, "")
    _mount("tmpfs", "/dev/pts", "tmpfs", quiet | _MS_RDONLY, "size=4096")  # no shared terminals
    _mount("tmpfs", "/dev/shm", "tmpfs", quiet, f"mode=0755,size={room.shared_memory_bytes}")  # noqa: S108
    _mount("tmpfs", "/tmp", "tmpfs", quiet, f"mode=0755,size={room.scratch_bytes}")  # noqa: S108
    os.chdir("/tmp")  # noqa: S108  (the folder that was this one lies beneath)
    nothing = os.open("/dev/null", os.O_RDWR)  # not the one that all children would share
    os.dup2(nothing, 0)
    os.close(nothing)


def give_up_rights() -> None:
    """Drop every capability for good."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    capability = 0
    while _LIBC.prctl(_PR_CAPBSET_READ, capability, 0, 0, 0) >= 0:
        _prctl(_PR_CAPBSET_DROP, capability)
        capability += 1
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _must(_LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(program: bytes) -> None:
    """Let the kernel hold this process, and all it starts, to a filter."""
    filled = _Program(len(program) // _INSTRUCTION_BYTES, program)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filled))


def confine(room: Room) -> None:
    """Confine this process, the first one of its namespace, and all that it will start."""
    furnish(room)
    give_up_rights()
    filter_calls(room.filter_program)


def hold_up(child: int) -> None:
    """Adopt and reap until the child ends, then end in the same way. Never returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a first process is spared what it does not catch
    os.closerange(0, os.sysconf("SC_OPEN_MAX"))
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else _SIGNALLED - code)


def keep_only(*fds: int) -> None:
    """Close every descriptor but the standard ones and these."""
    start = _FIRST_FREE
    for fd in sorted(fds):
        os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


def shared_mappings() -> list[str]:
    """Return this process's writable mappings that a fork would share with its children."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in lines if line.split()[1].startswith("rw") and "s" in line.split()[1]]


def _mount(source: str, target: str, kind: str, flags: int, options: str) -> None:
    words = (source.encode(), target.encode(), kind.encode(), flags, options.encode())
    _must(_LIBC.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[4]), target)


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(number) for number in (*arguments, 0, 0, 0, 0)[:4]]
    _must(_LIBC.prctl(option, *padded), f"prctl {option}")


def _must(result: int, told: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{told}: {os.strerror(number)}")
    return result
