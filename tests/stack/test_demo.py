"""The demo, as a newcomer runs it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from scripts.stack import ROOT, free_port
from tests.stack.conftest import until

pytestmark = [pytest.mark.stack, pytest.mark.sandbox]


def start_demo(var: Path, *arguments: str) -> tuple["subprocess.Popen[str]", Path]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BROKER_URL")}
    environment |= {"SPARRING_VAR": str(var), "PORT": str(free_port())}
    told = var / "told.txt"
    with told.open("w") as output:
        demo = subprocess.Popen(
            [sys.executable, "-m", "scripts.demo", *arguments],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    return demo, told


def belonging_to(var: Path) -> list[psutil.Process]:
    """Return the processes that this demo's environment or command line names."""
    found = []
    for process in psutil.process_iter():
        try:
            named = process.environ().get("SPARRING_VAR") == str(var)
            if named or str(var) in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


def test_once_ends_with_status_0_after_both_verdicts(tmp_path: Path) -> None:
    demo, told = start_demo(tmp_path, "--once")
    status = demo.wait(240)
    text = told.read_text()
    assert status == 0, text
    assert "blocks.py): passed" in text
    assert "off_by_one.py): wrong_pairs" in text
    assert belonging_to(tmp_path) == []


def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    demo, told = start_demo(tmp_path)
    until(lambda: "grader-1" in told.read_text() or demo.poll() is not None, 60)
    until(lambda: len(belonging_to(tmp_path)) >= 5, 30)
    tree = psutil.Process(demo.pid).children(recursive=True)
    time.sleep(4)
    tree += psutil.Process(demo.pid).children(recursive=True)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    until(lambda: not any(process.is_running() for process in tree), 5)
    assert belonging_to(tmp_path) == []
