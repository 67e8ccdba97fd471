"""Closing a mount of a sandbox from outside, once what it was open for is done.

A CUDA driver starts only where it can write the names of its threads into ``/proc`` (it fails with
error 304 where it cannot). No learner's code may: ``/proc/self/clear_refs`` hides a peak of memory,
``/proc/1/mem`` is the first process.
"""

import subprocess

from sandbox.bubblewrap import interpreter
from sandbox.wire import SandboxUnavailable

_SECONDS = 10.0
# A process of its own does it, for only one without threads may enter a user namespace. The mounts
# belong to the user namespace that made them; root has rights in all of them.
_PROGRAM = """
import ctypes, fcntl, os, sys
NEW_MOUNTS, NEW_USER, OWNER = 0x20000, 0x10000000, 0xB701
READ_ONLY = 1 | 2 | 4 | 8 | 32 | 4096  # RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND
libc = ctypes.CDLL(None, use_errno=True)
def must(result, told):
    if result:
        sys.exit(f"{told}: {os.strerror(ctypes.get_errno())}")
path = sys.argv[2].encode()
mounts = os.open(f"/proc/{sys.argv[1]}/ns/mnt", os.O_RDONLY)
if os.geteuid():
    must(libc.setns(fcntl.ioctl(mounts, OWNER), NEW_USER), "entering the user namespace")
must(libc.setns(mounts, NEW_MOUNTS), "entering the mount namespace")
must(libc.mount(None, path, None, ctypes.c_ulong(READ_ONLY), None), "closing " + sys.argv[2])
"""


def close_mount(pid: int, path: str) -> None:
    """Make what is mounted at ``path`` read-only for a sandboxed process and all of its sandbox.

    ``path`` is one that bubblewrap mounted without programs, devices and rights of their owners.
    Raises SandboxUnavailable.
    """
    command = [str(interpreter()), "-I", "-S", "-c", _PROGRAM, str(pid), path]
    try:
        done = subprocess.run(  # noqa: S603  (our own program)
            command, env={}, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise SandboxUnavailable(f"a sandbox could not be closed: {fault}") from fault
    if done.returncode:
        raise SandboxUnavailable(f"a sandbox could not be closed: {done.stderr.strip()[-300:]}")
