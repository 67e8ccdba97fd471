"""``sparring submit`` against a server that answers as the test says."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from client import connection
from client import main as command
from tests.client.servers import LOST, Said, scripted

VERDICT = {
    "exercise": "sliding-window", "passed": False, "failure": "wrong_pairs",
    "message": "The function attends to keys that it must not.",
    "checks": [{"name": "correctness", "passed": False, "error": 0.41, "tolerance": 4.4e-06}],
    "evidence": {"traceback": "", "printed": "hello \x1b[31mred"},
    "device": "cpu", "seconds": 4.2,
}  # fmt: skip
PASSED = VERDICT | {"passed": True, "failure": None, "message": "All checks passed."}


def submission(state: str = "done", **more: Any) -> dict[str, Any]:
    told = {
        "id": 7, "state": state, "stage": None, "stage_done": None, "stage_total": None,
        "place": None, "passed": None, "verdict": None,
    }  # fmt: skip
    return told | more


CREATED = Said(201, submission("queued", place={"position": 2, "seconds": 3.0}))
FAILED = Said(200, submission(passed=False, verdict=VERDICT))


@pytest.fixture(autouse=True)
def _in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARRING_TOKEN", "sparring_secret")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(command.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(connection, "_FIRST_REST", 0.001)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text("def attention(q, k, v, window):\n    return q\n")
    return path


def run(file: Path, server: str, *more: str) -> int:
    wanted = ["submit", str(file), "--exercise", "sliding-window", "--server", server]
    return command.main([*wanted, *more])


@pytest.mark.parametrize(
    ("passed", "verdict", "status"),
    [
        (True, PASSED, 0),
        (False, VERDICT, 1),
        (None, VERDICT | {"failure": "inconclusive"}, 1),
        (None, VERDICT | {"failure": "unavailable"}, 2),
        (None, None, 2),
    ],
)
def test_the_exit_status_says_what_became_of_it(
    file: Path, passed: bool | None, verdict: dict[str, Any] | None, status: int
) -> None:
    judged = Said(200, submission(passed=passed, verdict=verdict))
    with scripted(CREATED, judged) as server:
        assert run(file, server.base, "--wait", "--json") == status


def test_json_is_the_verdict_and_nothing_else_on_standard_output(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(CREATED, FAILED) as server:
        run(file, server.base, "--wait", "--json")
    assert json.loads(capsys.readouterr().out) == VERDICT


def test_progress_is_told_on_standard_error(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = Said(200, submission("running", stage="timing", stage_done=3, stage_total=8))
    later = Said(200, submission("running", stage="timing", stage_done=5, stage_total=8))
    with scripted(CREATED, running, later, FAILED) as server:
        run(file, server.base, "--wait")
    assert capsys.readouterr().err.splitlines() == [
        "waiting to be graded (place 2, starts in about 3 s)",
        "timing 3 of 8",
    ]


def test_a_verdict_as_text_moves_no_cursor(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scripted(CREATED, FAILED) as server:
        run(file, server.base, "--wait")
    told = capsys.readouterr().out
    assert "not passed: wrong_pairs" in told
    assert "failed  correctness: error 0.41" in told
    assert "\x1b" not in told


def test_without_wait_it_says_where_the_submission_is(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(CREATED) as server:
        assert run(file, server.base) == 0
        assert capsys.readouterr().out == f"{server.base}/api/v1/submissions/7/\n"
        assert len(server.heard) == 1


def test_a_lost_answer_is_asked_for_again_with_the_same_key(file: Path) -> None:
    with scripted(LOST, Said(503), CREATED, LOST, FAILED) as server:
        assert run(file, server.base, "--wait") == 1
    posts = [one for one in server.heard if one.method == "POST"]
    assert len(posts) == 3
    assert len({one.headers["Idempotency-Key"] for one in posts}) == 1
    assert posts[0].body == posts[2].body


def test_two_runs_have_two_keys(file: Path) -> None:
    with scripted(CREATED) as server:
        run(file, server.base)
        run(file, server.base)
    assert len({one.headers["Idempotency-Key"] for one in server.heard}) == 2


def test_what_has_not_changed_is_not_sent_again(file: Path) -> None:
    first = Said(200, submission("running"), {"ETag": '"a"'})
    with scripted(CREATED, first, Said(304, None, {"ETag": '"a"'}), FAILED) as server:
        assert run(file, server.base, "--wait") == 1
    tags = [one.headers.get("If-None-Match") for one in server.heard]
    assert tags == [None, None, '"a"', '"a"']


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    rests: list[float] = []
    wait = Said(429, {"type": "x:y", "detail": "In about 9 s."}, {"Retry-After": "9"})
    with scripted(wait, CREATED) as server:
        made = connection.Server(server.base, "t", 5, 1e12, lambda _text: None, rests.append)
        assert made.post("/", {}, "key").status == 201
    assert rests == [9.0]


def test_a_server_that_stays_away_is_told_in_one_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(LOST) as server:
        assert run(file, server.base, "--patience", "0.05") == 2
    assert "cannot be reached" in capsys.readouterr().err.splitlines()[-1]


def test_an_unknown_exercise_is_told_in_one_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = Said(404, {"type": "urn:sparring:problem:not-found", "detail": "Nothing."})
    with scripted(nothing) as server:
        assert run(file, server.base, "--wait", "--json") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "There is no exercise 'sliding-window' for you.\n"


def test_a_missing_file_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.py", "http://127.0.0.1:9") == 2
    assert capsys.readouterr().err.startswith(f"Cannot read {tmp_path / 'none.py'}: ")


def test_a_refusal_names_its_reasons(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = Said(400, {
        "type": "urn:sparring:problem:invalid", "detail": "See errors.",
        "errors": [{"field": "source", "reason": "May not be empty."}],
    })  # fmt: skip
    with scripted(refused) as server:
        assert run(file, server.base) == 2
    assert capsys.readouterr().err == "See errors. source: May not be empty.\n"


def test_the_token_goes_to_no_other_server(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scripted(CREATED) as other:
        moved = Said(302, None, {"Location": other.base})
        with scripted(moved) as server:
            assert run(file, server.base) == 2
        assert other.heard == []
    assert other.base in capsys.readouterr().err


@pytest.mark.parametrize("server", ["ftp://host", "file:///etc/passwd", "localhost:8000", ""])
def test_only_addresses_of_the_web_are_asked(file: Path, server: str) -> None:
    assert run(file, server) == 2


@pytest.mark.parametrize("token", ["", "höh", "two\nlines"])
def test_without_a_token_nothing_is_asked(
    file: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARRING_TOKEN", token)
    with scripted(CREATED) as server:
        assert run(file, server.base) == 2
        assert server.heard == []


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a = '\0'\n"])
def test_bytes_that_are_no_text_arrive_unchanged(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)
    with scripted(CREATED) as server:
        run(file, server.base)
    assert base64.b64decode(server.heard[0].body["source_base64"]) == raw


def test_a_text_arrives_as_it_is(file: Path) -> None:
    file.write_bytes(b"  x = 'h\xc3\xb6h'\r\n\n")
    with scripted(CREATED) as server:
        run(file, server.base)
    assert server.heard[0].body == {"question": "sliding-window", "source": "  x = 'höh'\r\n\n"}


def test_a_file_that_is_too_long_is_invalid_and_not_sent(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(b"#" * 100_001)
    with scripted(CREATED) as server:
        assert run(file, server.base, "--wait", "--json") == 1
        assert server.heard == []
    assert json.loads(capsys.readouterr().out)["failure"] == "invalid"
