"""The command that grades one file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SUBMISSIONS = Path(__file__).parent.parent / "submissions"
ROOT = SUBMISSIONS.parent.parent


def grade(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "grade", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-exercise", "manage.py"),
        ("sliding-window", "no/such/file.py"),
        ("sliding-window", "tests"),
    ],
    ids=["unknown slug", "missing file", "a folder"],
)
def test_what_is_not_there_gets_one_line_and_status_2(arguments: tuple[str, str]) -> None:
    told = grade(*arguments, "--json")
    assert told.returncode == 2
    assert told.stdout == ""
    assert len(told.stderr.strip().splitlines()) == 1


@pytest.mark.sandbox
def test_a_wrong_file_is_graded_without_database_or_broker() -> None:
    told = grade("sliding-window", str(SUBMISSIONS / "sliding-window/off_by_one.py"), "--json")
    verdict = json.loads(told.stdout)
    assert (told.returncode, verdict["failure"]) == (1, "wrong_pairs")
    assert [check["name"] for check in verdict["checks"]] == ["correctness", "kv_pairs"]


@pytest.mark.sandbox
def test_a_file_over_the_limit_is_invalid(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_bytes(b"#" * 100_001)
    told = grade("sliding-window", str(long), "--json")
    assert (told.returncode, json.loads(told.stdout)["failure"]) == (1, "invalid")


@pytest.mark.sandbox
@pytest.mark.timing
def test_a_right_file_passes_with_status_0_and_every_declared_check() -> None:
    told = grade("sliding-window", str(SUBMISSIONS / "sliding-window/blocks.py"), "--json")
    verdict = json.loads(told.stdout)
    assert (told.returncode, verdict["failure"]) == (0, None)
    names = {check["name"] for check in verdict["checks"]}
    assert names == {"correctness", "kv_pairs", "speedup", "growth", "memory"}


def test_a_device_that_is_not_here_is_our_failure() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    told = grade(
        "dense-causal", str(SUBMISSIONS / "dense-causal/sdpa.py"), "--json", "--device", "cuda"
    )
    assert (told.returncode, json.loads(told.stdout)["failure"]) == (2, "unavailable")
