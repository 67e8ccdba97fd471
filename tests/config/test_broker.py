"""The embedded broker: one a folder, reached by a short path, gone when it is told to go."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from config.broker import embedded_url, runtime_folder, socket_path

ROOT = Path(__file__).resolve().parents[2]


def start(var: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.broker"],
        cwd=ROOT,
        env=dict(os.environ) | {"SPARRING_VAR": str(var)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def client(var: Path) -> redis.Redis:
    connection = redis.Redis(unix_socket_path=str(socket_path(var)))
    for _ in range(200):
        try:
            connection.ping()
        except redis.exceptions.ConnectionError:
            time.sleep(0.05)
        else:
            return connection
    raise TimeoutError


def test_the_socket_of_a_folder_with_a_long_path_is_short_enough() -> None:
    path = socket_path(Path("/") / ("very-long-name" * 20) / "var")
    assert len(str(path)) < 108


def test_folders_have_brokers_of_their_own(tmp_path: Path) -> None:
    assert embedded_url(tmp_path / "one") != embedded_url(tmp_path / "two")


def test_a_path_for_temporary_files_that_is_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/" + "t" * 100)
    with pytest.raises(ValueError, match="set TMPDIR to a shorter folder"):
        socket_path(tmp_path)


def test_a_folder_that_others_can_enter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    runtime_folder().chmod(0o777)
    with pytest.raises(PermissionError, match="private folder"):
        runtime_folder()


def test_messages_outlive_the_server_and_a_signal_leaves_no_orphan(tmp_path: Path) -> None:
    first = start(tmp_path)
    client(tmp_path).lpush("kept", "message")
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    with pytest.raises(redis.exceptions.ConnectionError):
        redis.Redis(unix_socket_path=str(socket_path(tmp_path))).ping()
    second = start(tmp_path)
    try:
        assert client(tmp_path).lrange("kept", 0, -1) == [b"message"]
    finally:
        second.terminate()
        second.wait(10)


def test_a_second_broker_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    first = start(tmp_path)
    try:
        client(tmp_path)
        second = start(tmp_path)
        _, told = second.communicate(timeout=10)
        assert second.returncode == 1
        assert told.strip() == f"A broker is already running on {tmp_path / 'valkey'}"
        assert client(tmp_path).ping()
    finally:
        first.terminate()
        first.wait(10)


def test_only_this_user_reaches_the_socket(tmp_path: Path) -> None:
    process = start(tmp_path)
    try:
        client(tmp_path)
        assert socket_path(tmp_path).stat().st_mode & 0o077 == 0
        assert socket_path(tmp_path).parent.stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        process.wait(10)
