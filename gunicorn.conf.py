"""How gunicorn runs the web process: it logs as everything else does, and its processes count
together. Gunicorn reads this file where it is started in this folder.
"""

import atexit
import logging
import os
import shutil
import tempfile
from typing import Any

from grader import logs

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

control_socket_disable = True
worker_tmp_dir = "/dev/shm"  # noqa: S108  a heartbeat that waits for a disk looks like a worker that hangs
logconfig_dict = logs.settings(
    os.environ.get(logs.LEVEL_VARIABLE, "INFO").upper(),
    logs.chosen_format(os.environ.get(logs.FORMAT_VARIABLE, "")),
)
# Gunicorn has given these handlers of their own.
logconfig_dict["loggers"]["gunicorn.error"] = {"level": "INFO", "handlers": [], "propagate": True}
logs.configure()
logging.captureWarnings(True)

if _FOLDER not in os.environ:
    # Fresh with every start, so that nothing is counted that an earlier server saw.
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="sparring-metrics.")
    _owner = os.getpid()

    @atexit.register
    def _remove() -> None:
        if os.getpid() == _owner:
            shutil.rmtree(os.environ[_FOLDER], ignore_errors=True)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what an ended worker said of itself; what it counted stays counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
