"""The web process as compose.yml runs it: not root, a root that is read-only, its two folders."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from scripts.client import Client, wait_for_server
from scripts.stack import ROOT, Service, free_port

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed"),
]

FOLDERS = [
    mount.partition(":")[0]
    for mount in yaml.safe_load((ROOT / "docker/compose.yml").read_text())["services"]["web"][
        "tmpfs"
    ]
]
START = (
    "set -e; id -u > /tmp/user; "
    "if touch {root}/written 2>/dev/null; then exit 3; fi; "
    "{python} -m scripts.serve migrate > /tmp/migrated; "
    "exec {python} -m scripts.serve web"
)


def walls() -> list[str]:
    """Return bubblewrap with a read-only root and, of what can be written, compose's folders."""
    command = ["bwrap", "--unshare-user", "--unshare-pid", "--uid", "10001", "--gid", "10001"]
    command += ["--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for folder in FOLDERS:
        # A folder that this machine lacks is made in one that it has.
        there = next(path for path in (Path(folder), *Path(folder).parents) if path.is_dir())
        command += ["--tmpfs", str(there), "--dir", folder]
        if ROOT.is_relative_to(there):
            command += ["--ro-bind", str(ROOT), str(ROOT)]
    return command


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "BIND": f"127.0.0.1:{port}",
        "SPARRING_VAR": "/var/lib/sparring", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    start = START.format(root=ROOT, python=sys.executable)
    service = Service("web", [*walls(), "sh", "-c", start], environment, tmp_path / "web.log")
    service.start()
    try:
        wait_for_server(f"http://127.0.0.1:{port}", 60)
        yield f"http://127.0.0.1:{port}"
    except TimeoutError as fault:
        fault.add_note(service.log.read_text())
        raise
    finally:
        service.signal(signal.SIGTERM)
        service.stop(time.monotonic() + 8)


def test_it_serves_pages_with_nothing_to_write_to_but_two_folders(served: str) -> None:
    assert FOLDERS == ["/tmp", "/var/lib/sparring"]
    client = Client(served)
    page = client.get("/accounts/login/")
    assert (page.status, "csrfmiddlewaretoken" in page.text) == (200, True)
    checks = client.get("/health/ready/").text
    assert '"database": "ok"' in checks
    assert '"migrations": "ok"' in checks
    assert client.get("/metrics").status == 200


def test_nothing_can_be_written_beside_them() -> None:
    program = "import os; print(os.getuid()); open('/var/written', 'w')"
    done = subprocess.run(
        [*walls(), sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "10001"
    assert "Read-only file system" in done.stderr
