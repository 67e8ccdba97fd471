"""What the web process holds, and how it answers strangers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.models import User
from tests.cast.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
import config.wsgi
from django.urls import get_resolver
from grader.exercises import EXERCISES
import config.celery, assessments.tasks, assessments.admin, question_bank.admin
get_resolver().url_patterns
heavy = {"torch", "numpy", "sandbox", "grader.judge", "grader.worker", "grader.references"}
print(sorted(heavy & set(sys.modules)))
status = open("/proc/self/status").read()
print(int(status.split("VmRSS:")[1].split()[0]) // 1024)
"""


def test_the_web_process_holds_no_torch_and_stays_under_150_mb(tmp_path: Path) -> None:
    environment = dict(os.environ) | {"SPARRING_VAR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules, megabytes = run.stdout.splitlines()
    assert modules == "[]"
    assert int(megabytes) < 150


def test_it_says_that_it_is_there_without_database_or_broker(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_the_policy_lets_nothing_run_but_our_own_files(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_pages_are_neither_framed_nor_guessed_at(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_somebody_logs_in_by_name(client: Client, stranger: User) -> None:
    answer = client.post("/accounts/login/", {"login": "stranger", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(stranger.pk)


@pytest.mark.django_db
def test_after_five_wrong_passwords_even_the_right_one_is_refused(
    client: Client, stranger: User
) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": "stranger", "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": "stranger", "password": PASSWORD})
    assert b"Too many failed" in answer.content
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_ten_wrong_passwords_lock_name_and_address_whatever_process_they_came_to(
    client: Client, stranger: User
) -> None:
    for _ in range(10):
        client.post("/accounts/login/", {"login": "stranger", "password": "wrong"})
        cache.clear()  # another process, which has seen none of them
    answer = client.post("/accounts/login/", {"login": "stranger", "password": PASSWORD})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_anybody_may_make_an_account(client: Client) -> None:
    told = {"username": "newcomer", "password1": "long-enough-7", "password2": "long-enough-7"}
    client.post("/accounts/signup/", told)
    assert User.objects.get(username="newcomer").check_password("long-enough-7")
