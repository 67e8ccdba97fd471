"""Settings by environment: all of them documented, and each with its effect."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r'\benv\.\w+\(\s*"(\w+)"')


def variables_read() -> set[str]:
    sources = [path.read_text() for path in (ROOT / "config").glob("*.py")]
    return {name for source in sources for name in READS.findall(source)}


def started(environment: dict[str, str], expression: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter on the settings and print an expression over them as JSON."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    program = f"from config import settings as s; import json; print(json.dumps({expression}))"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def value(environment: dict[str, str], expression: str) -> object:
    run = started(environment, expression)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_variable_read_is_documented_and_every_one_documented_is_read() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert variables_read() == set(table)
    assert len(table) > 10


def test_without_any_variable_it_is_sqlite_in_immediate_mode_and_an_embedded_broker(
    tmp_path: Path,
) -> None:
    found = value(
        {"SPARRING_VAR": str(tmp_path)},
        "[str(s.DATABASES['default']['NAME']), s.DATABASES['default']['OPTIONS'],"
        " s.CELERY_BROKER_URL, s.DEBUG]",
    )
    assert isinstance(found, list)
    assert found[0] == str(tmp_path / "db.sqlite3")
    assert found[1]["transaction_mode"] == "IMMEDIATE"
    assert found[2].startswith("redis+socket:///")
    assert found[3] is False


def test_urls_name_postgresql_and_redis(tmp_path: Path) -> None:
    environment = {
        "SPARRING_VAR": str(tmp_path),
        "DATABASE_URL": "postgres://someone:secret@db.example:5433/grades",
        "BROKER_URL": "redis://broker.example:6380/2",
    }
    database, broker = value(environment, "[s.DATABASES['default'], s.CELERY_BROKER_URL]")  # type: ignore[misc]
    assert database["ENGINE"] == "config.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "grades")
    assert broker == "redis://broker.example:6380/2"


def test_a_server_on_https_does_not_start_without_a_key(tmp_path: Path) -> None:
    run = started({"SPARRING_VAR": str(tmp_path), "SPARRING_HTTPS": "true"}, "0")
    assert run.returncode != 0
    assert "Set SECRET_KEY" in run.stderr


def test_https_makes_cookies_secure(tmp_path: Path) -> None:
    environment = {"SPARRING_VAR": str(tmp_path), "SPARRING_HTTPS": "1", "SECRET_KEY": "k" * 50}
    expression = "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0]"
    assert value(environment, expression) == [True, True, True]


def test_the_drawn_key_is_kept_for_the_next_start_and_is_this_users_alone(tmp_path: Path) -> None:
    keys = {str(value({"SPARRING_VAR": str(tmp_path)}, "s.SECRET_KEY")) for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret_key"]


def test_the_broker_gives_a_job_to_nobody_else_before_its_limit(tmp_path: Path) -> None:
    options = value({"SPARRING_VAR": str(tmp_path)}, "s.CELERY_BROKER_TRANSPORT_OPTIONS")
    assert isinstance(options, dict)
    assert options["visibility_timeout"] > 150
