"""The commands of docs/operating.md that back up and restore, run as they are written."""

import os
import re
import secrets
import shutil
import sqlite3
import subprocess
from pathlib import Path

import psycopg
import pytest

from scripts.demo import manage
from scripts.servers import NotInstalledError, postgres
from scripts.stack import ROOT

pytestmark = pytest.mark.stack

COMMANDS = re.findall(
    r"^    (pg_dump .+|pg_restore .+|\S+python -c .+)$",
    (ROOT / "docs" / "operating.md").read_text(),
    re.MULTILINE,
)


def environment(folder: Path, database: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if binaries and not shutil.which("pg_dump"):
        kept["PATH"] += f":{binaries[-1]}"
    return kept | {
        "SPARRING_VAR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(32),
        **({"DATABASE_URL": database} if database else {}),
    }


def filled(environment: dict[str, str]) -> None:
    manage("migrate", "--verbosity", "0", environment=environment)
    manage("load_course", environment=environment)
    manage("seed_demo", environment=environment)


def run(command: str, folder: Path, environment: dict[str, str]) -> None:
    python = str(ROOT / ".venv/bin/python")
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python", python)],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def contents(database: str) -> dict[str, list[str]]:
    """Return every row of every table as text."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    with psycopg.connect(database) as connection:
        names = [name for (name,) in connection.execute(query)]
        assert all(re.fullmatch(r"\w+", name) for name in names)
        return {
            name: sorted(row for (row,) in connection.execute(f'SELECT t::text FROM "{name}" t'))
            for name in names
        }


def test_a_restored_postgresql_has_every_row_and_takes_further_ones(tmp_path: Path) -> None:
    dump, restore = COMMANDS[:2]
    try:
        with postgres() as first, postgres() as second:
            filled(environment(tmp_path, first))
            run(dump, tmp_path, environment(tmp_path, first))
            run(restore, tmp_path, environment(tmp_path, second))
            before, after = contents(first), contents(second)
            assert len(before["question_bank_question"]) > 50
            assert after == before
            restored = environment(tmp_path, second)
            manage("migrate", "--check", environment=restored)
            make = (
                "from assessments.models import User; print(User.objects.create(username='new').pk)"
            )
            told = manage("shell", "-c", make, environment=restored)
            assert int(told.split()[-1]) > len(before["assessments_user"])
    except NotInstalledError as missing:
        pytest.skip(str(missing))


def test_a_copied_sqlite_has_every_row(tmp_path: Path) -> None:
    var = tmp_path / "var"
    filled(environment(var))
    run(COMMANDS[2], tmp_path, environment(var))
    dumps = [
        list(sqlite3.connect(path).iterdump())
        for path in (var / "db.sqlite3", tmp_path / "sparring.sqlite3")
    ]
    assert dumps[0] == dumps[1]
