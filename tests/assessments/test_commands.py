"""Commands of manage.py."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assessments.models import Course, User

ROOT = Path(__file__).resolve().parents[2]


def told(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def manage(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder that is not the project's, with neither database nor broker."""
    environment = dict(os.environ) | {
        "SPARRING_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
        "BROKER_URL": f"redis+socket://{tmp_path}/none.sock",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.django_db
def test_load_course_loads_the_built_in_course_and_says_what_changed() -> None:
    assert "question sliding-window: version 1" in told("load_course")
    assert "0 changes" in told("load_course")


@pytest.mark.django_db
def test_load_course_tells_the_faults_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was loaded\.\ncourse.yaml: this file is miss"):
        told("load_course", str(tmp_path))


@pytest.mark.django_db
def test_seed_demo_prints_log_ins_that_work_and_may_run_again(
    course: Course, client: Client
) -> None:
    assert told("seed_demo") == told("seed_demo")
    assert "learner-demo" in told("seed_demo")
    client.post("/accounts/login/", {"login": "learner", "password": "learner-demo"})
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_the_demos_instructor_teaches_but_cannot_make_themselves_more(course: Course) -> None:
    told("seed_demo")
    instructor = User.objects.get(username="instructor")
    assert instructor.has_perm("assessments.teach_course", course)
    assert not instructor.has_perm("assessments.change_user")
    assert not instructor.is_superuser


@pytest.mark.django_db
def test_seed_demo_without_a_course_says_what_to_do_first() -> None:
    with pytest.raises(CommandError, match="run load_course first"):
        told("seed_demo")


def test_grade_tells_an_unknown_slug_in_one_line_without_database_or_broker(
    tmp_path: Path,
) -> None:
    run = manage(tmp_path, "grade", "no-such-exercise", str(ROOT / "manage.py"), "--json")
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1
    assert "no-such-exercise" in run.stderr


def test_grade_tells_a_missing_file_in_one_line(tmp_path: Path) -> None:
    run = manage(tmp_path, "grade", "sliding-window", "missing.py")
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1
    assert "missing.py" in run.stderr
