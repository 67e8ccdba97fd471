"""One measurement at a time on a device, over all grading processes of a machine."""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.contract import Device

_POLL_SECONDS = 0.1


def runtime_folder() -> Path:
    """Return a folder for locks and sockets that no other user can enter, making it where needed.

    Raises ``PermissionError`` where somebody else has taken its place.
    """
    folder = Path(tempfile.gettempdir()) / f"sparring-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a private folder of this user; remove it")
    return folder


@contextmanager
def exclusive(device: Device, tick: Callable[[], None]) -> Iterator[None]:
    """Hold a device's timing lock; call ``tick`` while waiting, so that the lease stays alive."""
    with (runtime_folder() / f"{device}.lock").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tick()
                time.sleep(_POLL_SECONDS)
        yield
