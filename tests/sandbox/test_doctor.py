"""The doctor says what a machine lacks and what to do about it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import doctor
from sandbox.launch import tool

ROOT = Path(__file__).parents[2]


def told(arguments: list[str]) -> tuple[int, str]:
    pieces: list[str] = []
    status = doctor.main(arguments, pieces.append)
    return status, "".join(pieces)


@pytest.mark.sandbox
def test_a_machine_that_can_judge_is_told_so() -> None:
    status, text = told([])
    assert status == 0
    assert "Submissions can be judged on this machine." in text


@pytest.mark.sandbox
def test_a_machine_without_bubblewrap_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sandbox.launch._SEARCH", "/nowhere")
    status, text = told([])
    assert status == 1
    assert "MISSING  bwrap" in text
    assert "apt-get install bubblewrap" in text
    assert "NOT be judged" in text


@pytest.mark.sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_can_judge_too() -> None:
    user = ["--reuid", "1000", "--regid", "1000", "--clear-groups"]
    python = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    packages = next(path for path in sys.path if path.endswith("site-packages"))

    def as_user(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tool("setpriv"), *user, python, *arguments],
            env={"PYTHONPATH": f"{ROOT}:{packages}"},
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )

    if not Path(python).exists() or as_user("-c", "import sandbox, torch").returncode:
        pytest.skip("another user has no Python here that reaches torch")
    done = as_user("-m", "sandbox.doctor", "--json")
    report = json.loads(done.stdout)
    assert report["able"], [finding for finding in report["findings"] if not finding["fine"]]
    assert done.returncode == 0


@pytest.mark.sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can work in a folder closed to others")
def test_a_checkout_that_only_root_can_enter_can_judge_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    shutil.copytree(ROOT / "sandbox", tmp_path / "sandbox")
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.doctor", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["able"], done.stdout + done.stderr
