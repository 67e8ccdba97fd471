"""What images run: the same scripts as without them."""

import http.server
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.alive import Pulse
from scripts import draw_secrets, healthy, serve
from scripts.requirements import requirements
from scripts.stack import ROOT


@pytest.mark.parametrize("role", serve.ROLES)
def test_each_role_is_told_in_the_help(role: str) -> None:
    assert serve.__doc__ is not None
    assert f"scripts.serve {role} " in serve.__doc__
    assert serve.command(role, {})[:2] == [sys.executable, "-m"]


@pytest.mark.parametrize("words", [[], ["root"], ["web", "worker"]])
def test_what_is_no_role_is_refused_with_the_help(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.serve", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "scripts.serve web" in done.stderr


def test_a_grading_worker_takes_jobs_of_its_device() -> None:
    assert "grade.cpu" in serve.command("grader", {})
    assert "grade.gpu" in serve.command("grader", {"SPARRING_DEVICE": "cuda"})


def test_images_run_roles_that_there_are() -> None:
    texts = [path.read_text() for path in (ROOT / "docker").glob("*") if path.is_file()]
    words = re.findall(r'"-m", "scripts\.serve", "(\w+)"', "".join(texts))
    assert {"web", "worker", "beat", "migrate", "grader"} == set(words)


def test_requirements_are_those_of_the_project_and_its_extras() -> None:
    assert [line for line in requirements([]) if line.startswith("celery")]
    assert [line for line in requirements(["grader"]) if line.startswith("torch")]
    assert not [line for line in requirements(["grader"]) if line.startswith("django")]
    with pytest.raises(KeyError):
        requirements(["no-such-extra"])


class Ready(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str | None]]
    status: int

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers["Host"]))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [("learn.example,other.example", "learn.example"), (".learn.example", "learn.example"),
     ("", "localhost"), ("*", "localhost")],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 503])
def test_the_web_process_is_asked_by_a_name_that_it_answers(
    hosts: str, asked: str, status: int
) -> None:
    Ready.asked, Ready.status = [], status
    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        environment = {"BIND": f"0.0.0.0:{server.server_port}", "SPARRING_HOSTS": hosts}
        assert healthy.web_is_ready(environment) == (status == 200)
    assert Ready.asked == [("/health/ready/", asked)]


def test_a_web_process_that_is_not_there_is_not_ready() -> None:
    assert not healthy.web_is_ready({"BIND": "127.0.0.1:1"})


def test_a_worker_lives_while_it_does_something(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    environment = {"SPARRING_ALIVE_FILE": str(file)}
    assert not healthy.is_alive(environment, 0.0)
    Pulse(file).beat()
    touched = file.stat().st_mtime
    assert healthy.is_alive(environment, touched + 30)
    assert not healthy.is_alive(environment, touched + 90)
    assert not healthy.is_alive({}, touched)


def test_a_sign_of_life_costs_little(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    pulse = Pulse(file)
    pulse.beat()
    file.unlink()
    pulse.beat()
    assert not file.exists()


def test_secrets_are_drawn_once_and_only_their_owner_comes_near_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    drawn = draw_secrets.draw(folder)
    kept = {name: (folder / name).read_text() for name in drawn}
    assert set(drawn) == set(draw_secrets.texts())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert draw_secrets.draw(folder) == []
    assert {name: (folder / name).read_text() for name in drawn} == kept
    assert f":{kept['database_password']}@" in kept["database_url"]
    assert f"requirepass {kept['broker_url'].split(':')[2].split('@')[0]}" in kept["broker.conf"]
    assert len(set(kept.values())) == len(kept)


def test_half_a_pair_of_secrets_is_not_completed(tmp_path: Path) -> None:
    draw_secrets.draw(tmp_path)
    (tmp_path / "database_url").unlink()
    with pytest.raises(ValueError, match="belong together"):
        draw_secrets.draw(tmp_path)


def test_addresses_and_keys_may_come_from_files(tmp_path: Path) -> None:
    for name, value in draw_secrets.texts().items():
        (tmp_path / name).write_text(value)
    names = {"DATABASE_URL": "database_url", "BROKER_URL": "broker_url", "SECRET_KEY": "secret_key",
             "SPARRING_METRICS_TOKEN": "metrics_token"}  # fmt: skip
    given = {f"{name}_FILE": str(tmp_path / file) for name, file in names.items()}
    program = (
        "from config import settings as s; from grader.worker import broker_url;"
        "print(s.DATABASES['default']['PASSWORD'], s.CELERY_BROKER_URL == broker_url(),"
        " s.SECRET_KEY, s.METRICS_TOKEN)"
    )
    environment = {"PATH": os.environ["PATH"], "SPARRING_VAR": str(tmp_path / "var"), **given}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    expected = [
        (tmp_path / name).read_text()
        for name in ("database_password", "secret_key", "metrics_token")
    ]
    assert done.stdout.split() == [expected[0], "True", *expected[1:]], done.stderr
