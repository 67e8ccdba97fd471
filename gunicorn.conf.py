"""How gunicorn runs the web process: it logs as everything else does, and its processes count
together. Gunicorn reads this file where it is started in this folder.
"""

import atexit
import gc
import logging
import logging.config
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from grader import logs
from grader.devices import runtime_folder

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

control_socket_disable = True
# A heartbeat that waits for a disk looks like a worker that hangs.
worker_tmp_dir = "/dev/shm"  # noqa: S108
logging.config.dictConfig(
    logs.settings(
        os.environ.get(logs.LEVEL_VARIABLE, "INFO").upper(),
        logs.chosen_format(os.environ.get(logs.FORMAT_VARIABLE, "")),
    )
)
logs.configure()
logging.captureWarnings(True)


def _fresh() -> str:
    """Return a new folder, and remove those of servers that were killed."""
    for left in runtime_folder().glob("metrics.*"):
        if not Path("/proc", left.name.split(".")[1]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"metrics.{os.getpid()}.", dir=runtime_folder())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


class logger_class(Logger):  # noqa: N801 (gunicorn's name)
    """Hands gunicorn's own events to the handlers of all others.

    A ``logconfig_dict`` would do so too, and have every request's address written down besides.
    """

    def setup(self, cfg: Any) -> None:
        """Take away the handlers that gunicorn has given its logger."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


if _FOLDER not in os.environ:
    # With every start, so that nothing is counted that an earlier server saw.
    os.environ[_FOLDER] = _fresh()
    atexit.register(_remove, os.environ[_FOLDER], os.getpid())


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what an ended worker said of itself; what it counted stays counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def post_worker_init(_worker: Any) -> None:
    """Leave what was loaded before to itself: looking through it all again, each time that rubbish
    is collected, made one request in twenty wait for a tenth of a second.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
