"""What runs with exactly what an image holds, and what cannot be imported there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.stack import ROOT
from tests.images.installed import closure, copied, lay

SUBMISSIONS = ROOT / "tests" / "submissions" / "dense-causal"

WEB = """
import importlib.util, sys
import config.wsgi
import config.celery, assessments.tasks, assessments.admin, question_bank.admin
from django.core.management import call_command
from django.urls import get_resolver
get_resolver().url_patterns
call_command("check")
absent = ("torch", "numpy", "sandbox", "pyseccomp", "pytest", "mypy")
print(sorted(name for name in absent if importlib.util.find_spec(name)))
"""
GRADER = """
import importlib.util
import grader.worker
absent = ("django", "psycopg", "allauth", "environ", "config", "assessments", "question_bank")
print(sorted(name for name in absent if importlib.util.find_spec(name)))
"""


def run(paths: list[str], *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the standard library and these paths, in the first of them."""
    begin = f"import sys; sys.path[:0] = {paths!r}\n"
    if words[0] == "-m":
        begin += f"sys.argv = {list(words[1:])!r}; import runpy\n"
        program = begin + f"runpy.run_module({words[1]!r}, run_name='__main__', alter_sys=True)"
    else:
        program = begin + words[1]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables}
    return subprocess.run(
        [sys.executable, "-S", "-P", "-c", program],
        cwd=paths[0], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_grading_machine_needs_neither_django_nor_a_database() -> None:
    needed = closure(["grader"])
    assert {"torch", "numpy", "celery", "pyseccomp"} <= needed
    assert [name for name in needed if "django" in name or name.startswith("psycopg")] == []


def test_the_web_side_needs_neither_torch_nor_numpy() -> None:
    needed = closure(["web"])
    assert {"django", "gunicorn", "psycopg-binary"} <= needed
    assert needed & {"torch", "numpy", "pyseccomp", "triton"} == set()


@pytest.mark.parametrize(
    ("dockerfile", "held"),
    [
        ("web.Dockerfile", {"config", "assessments", "question_bank", "grader", "manage.py"}),
        ("grader.Dockerfile", {"grader", "sandbox", "scripts"}),
    ],
)
def test_an_image_holds_only_what_its_side_may_import(dockerfile: str, held: set[str]) -> None:
    there = set(copied(dockerfile))
    assert held <= there
    other = {"sandbox"} if dockerfile.startswith("web") else {"config", "assessments"}
    assert there & other == set()


def test_the_web_side_starts_with_what_its_image_holds(tmp_path: Path) -> None:
    paths = lay(tmp_path, ["web"], "web.Dockerfile")
    done = run(paths, "-c", WEB, SPARRING_VAR=str(tmp_path / "var"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_grading_worker_starts_with_what_its_image_holds(tmp_path: Path) -> None:
    paths = lay(tmp_path, ["grader"], "grader.Dockerfile")
    done = run(paths, "-c", GRADER, BROKER_URL="redis://nobody:1/0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.sandbox
def test_a_submission_is_judged_with_what_its_image_holds(tmp_path: Path) -> None:
    paths = lay(tmp_path, ["grader"], "grader.Dockerfile")
    words = ("-m", "grader.local", str(SUBMISSIONS / "sdpa.py"), "--exercise", "dense-causal")
    done = run(paths, *words, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert done.returncode == 0, done.stdout + done.stderr
