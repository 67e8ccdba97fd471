"""Which device this process grades on; one measurement at a time there, over the whole machine."""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.contract import Device

DEVICE_VARIABLE = "SPARRING_DEVICE"
# As in ``sandbox.gpu``, which the web side, that comes here for a folder, may not import.
GPU_VARIABLE = "SPARRING_GPU"
_POLL_SECONDS = 0.1


def chosen_device() -> Device:
    """Return what ``SPARRING_DEVICE`` asks for. Raises ValueError for what is no device."""
    asked = os.environ.get(DEVICE_VARIABLE) or "cpu"
    if asked == "cpu":
        return "cpu"
    if asked == "cuda":
        return "cuda"
    raise ValueError(f"{DEVICE_VARIABLE} is cpu or cuda, not {asked!r}")


def lock_name(device: Device) -> str:
    """Return what a device's lock is called: each GPU, and each slice of one, has its own.

    It goes by what ``SPARRING_GPU`` calls it: workers of one machine must call it alike.
    """
    if device == "cpu":
        return "cpu"
    named = os.environ.get(GPU_VARIABLE) or "0"
    return "cuda-" + "".join(letter if letter.isalnum() else "-" for letter in named)


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
    with (runtime_folder() / f"{lock_name(device)}.lock").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tick()
                time.sleep(_POLL_SECONDS)
        yield
