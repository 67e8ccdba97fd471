"""Whether a process of this container does its work, as an exit status for health checks.

python -m scripts.healthy web      it answers that it is ready
python -m scripts.healthy alive    it has done something lately, or told that it is there
"""

import http.client
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

# A grading worker tells every 12 s that it is there, whatever it does; beat sends every 2 s.
_LATELY_SECONDS = 60.0
_ANSWER_SECONDS = 4.0


def web_is_ready(environment: Mapping[str, str]) -> bool:
    """Ask the web process of this machine by a host name that it answers."""
    port = int(environment.get("BIND", "127.0.0.1:8000").rpartition(":")[2])
    named = environment.get("SPARRING_HOSTS", "").split(",")[0].strip().lstrip(".")
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
    try:
        link.request("GET", "/health/ready/", headers={"Host": named.strip("*") or "localhost"})
        return link.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        link.close()


def is_alive(environment: Mapping[str, str], now: float) -> bool:
    """Look how old the sign of life is that ``SPARRING_ALIVE_FILE`` names."""
    name = environment.get("SPARRING_ALIVE_FILE")
    if not name:
        return False
    try:
        touched = Path(name).stat().st_mtime
    except OSError:
        return False
    return now - touched < _LATELY_SECONDS


def main(arguments: list[str]) -> int:
    """Return 0 where all is well, 1 where it is not."""
    if arguments == ["web"]:
        return 0 if web_is_ready(os.environ) else 1
    if arguments == ["alive"]:
        return 0 if is_alive(os.environ, time.time()) else 1
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
