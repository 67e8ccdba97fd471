"""The files of docker/: what every image and every service keeps to."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.seccomp import worker_profile
from scripts.draw_secrets import texts
from scripts.stack import ROOT

FOLDER = ROOT / "docker"
DOCKERFILES = sorted(FOLDER.glob("*.Dockerfile"))
COMPOSES = sorted(FOLDER.glob("compose*.yml"))
PINNED = re.compile(
    r"[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*|[\w./-]+:\d+\.\d+(-\w+)?|.+@sha256:[0-9a-f]{64}"
)
SECRET = re.compile(r"password|secret|token|key", re.IGNORECASE)


def instructions(path: Path) -> list[tuple[str, str]]:
    """Return a Dockerfile's instructions with their arguments, lines joined."""
    joined = path.read_text().replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def services(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["services"]
    return found


def whole() -> dict[str, dict[str, Any]]:
    """Return every service of the installation and of a grading machine by itself."""
    return services(FOLDER / "compose.yml") | {
        f"{name} elsewhere": service
        for name, service in services(FOLDER / "compose.grading-machine.yml").items()
    }


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_runs_as_somebody_who_is_not_root(path: Path) -> None:
    stages = re.split(r"^FROM ", path.read_text(), flags=re.MULTILINE)
    users = [re.findall(r"^USER (\d+):\d+$", stage, re.MULTILINE) for stage in stages]
    assert users[-1]
    assert all(int(user) > 0 for stage in users for user in stage)
    targets = [stage for stage in stages[1:] if "AS cuda" in stage.split("\n")[0]]
    assert all("USER 1" in stage for stage in targets)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_is_made_of_what_is_named_exactly(path: Path) -> None:
    told = instructions(path)
    (base,) = {rest.partition("=")[2] for word, rest in told if rest.startswith("PYTHON_IMAGE=")}
    assert PINNED.fullmatch(base)
    stages = {rest.split(" AS ")[1] for word, rest in told if word == "FROM" and " AS " in rest}
    begun = {rest.split()[0] for word, rest in told if word == "FROM"}
    assert begun - stages == {"${PYTHON_IMAGE}"}
    assert all("--constraint constraints.txt" in rest for _, rest in told if "pip install" in rest)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_fetches_nothing_by_address_and_holds_no_secret(path: Path) -> None:
    told = instructions(path)
    assert not [rest for word, rest in told if word == "ADD"]
    assert not re.search(r"https?://|curl|wget", path.read_text())
    named = [rest for word, rest in told if word in {"ENV", "ARG"}]
    assert [rest for rest in named if SECRET.search(rest)] == []


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_says_how_it_is_watched(path: Path) -> None:
    assert [word for word, _ in instructions(path)].count("HEALTHCHECK") == 1


def test_the_web_image_gets_no_compiler() -> None:
    text = (FOLDER / "web.Dockerfile").read_text()
    assert "apt-get" not in text
    assert "--only-binary :all:" in text


@pytest.mark.parametrize("name", sorted(whole()))
def test_a_service_has_walls(name: str) -> None:
    service = whole()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert service.get("user", "") not in {"root", "0", "0:0"}


@pytest.mark.parametrize("name", sorted(whole()))
def test_a_service_is_watched_or_ends_by_itself(name: str) -> None:
    service = whole()[name]
    if service["restart"] == "no":
        assert service["command"][-1] == "migrate"
    elif not service["image"].startswith(("sparring-web", "sparring-grader")):
        assert service["healthcheck"]["test"]
    else:
        assert service.get("healthcheck", {"test": 1}).get("test")


@pytest.mark.parametrize("name", sorted(whole()))
def test_a_services_image_is_named_exactly(name: str) -> None:
    image = whole()[name]["image"]
    assert image.startswith("sparring-") or PINNED.fullmatch(image)
    assert "latest" not in image


@pytest.mark.parametrize("name", sorted(whole()))
def test_no_secret_is_in_an_environment(name: str) -> None:
    service = whole()[name]
    for variable, value in service.get("environment", {}).items():
        if SECRET.search(variable) or variable in {"DATABASE_URL", "BROKER_URL"}:
            assert variable.endswith("_FILE"), variable
        if variable.endswith("_FILE"):
            path = Path(str(value))
            assert path.parent == Path("/run/secrets")
            assert path.name in service["secrets"]


def test_every_secret_is_drawn() -> None:
    declared = yaml.safe_load((FOLDER / "compose.yml").read_text())["secrets"]
    assert set(declared) == set(texts())
    assert all(value["file"] == f"./secrets/{name}" for name, value in declared.items())


def test_only_this_machine_reaches_what_is_published() -> None:
    ports = [
        port for one in services(FOLDER / "compose.yml").values() for port in one.get("ports", ())
    ]
    assert ports
    assert all(port.startswith(("127.0.0.1:", "${WEB_ADDRESS:-127.0.0.1:")) for port in ports)


def test_a_grading_machine_has_no_way_to_the_database() -> None:
    found = services(FOLDER / "compose.yml")
    for name in ("grader", "grader-gpu"):
        assert found[name]["networks"] == ["jobs"]
        assert found[name]["secrets"] == ["broker_url"]
        assert set(found[name]["environment"]) <= {"BROKER_URL_FILE", "SPARRING_GPU"}
    assert found["database"]["networks"] == ["data"]


def test_a_graders_walls_are_those_that_bubblewrap_can_be_made_in() -> None:
    for service in (whole()["grader"], whole()["grader-gpu"], whole()["grader elsewhere"]):
        assert service["security_opt"] == [
            "no-new-privileges:true", "seccomp=grader-seccomp.json", "apparmor=unconfined",
            "systempaths=unconfined",
        ]  # fmt: skip
    assert json.loads((FOLDER / "grader-seccomp.json").read_text()) == worker_profile()


def test_prometheus_asks_by_a_name_that_is_answered() -> None:
    config = yaml.safe_load((FOLDER / "watching" / "prometheus.yml").read_text())
    (target,) = config["scrape_configs"][0]["static_configs"][0]["targets"]
    web = services(FOLDER / "compose.yml")["web"]
    assert target.partition(":")[0] == "web"
    assert web["environment"]["SPARRING_HOSTS"].split(",")[-1] == "web"
    assert set(web["networks"]) & set(services(FOLDER / "compose.yml")["prometheus"]["networks"])


def test_all_files_are_made_of_the_same_python() -> None:
    texts = [path.read_text() for path in (*DOCKERFILES, *COMPOSES, FOLDER / "example.env")]
    named = {each for text in texts for each in re.findall(r"python:\d[\w.-]+", text)}
    assert len(named) == 1


def test_nothing_is_used_before_it_is_ready() -> None:
    found = services(FOLDER / "compose.yml")
    for name in ("web", "worker", "beat"):
        assert found[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "database": {"condition": "service_healthy"},
            "broker": {"condition": "service_healthy"},
        }


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not installed")
@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_hadolint_has_nothing_to_say(path: Path) -> None:
    done = subprocess.run(["hadolint", path], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def compose() -> list[str]:
    """Return the words that run Compose here, none where it is not installed."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]) and not subprocess.call([*words, "version", "--short"]):
            return words
    return []


@pytest.mark.parametrize(
    "files",
    [["compose.yml"], ["compose.yml", "compose.broker-port.yml"], ["compose.grading-machine.yml"]],
    ids=" ".join,
)
def test_compose_takes_the_files(files: list[str]) -> None:
    words = compose()
    if not words:
        pytest.skip("Docker Compose is not installed")
    named = [word for file in files for word in ("--file", str(FOLDER / file))]
    done = subprocess.run(
        [*words, "--env-file", FOLDER / "example.env", *named, "--profile", "*", "config", "-q"],
        env={"PATH": os.environ["PATH"], "BROKER_ADDRESS": "10.0.0.1:6379", "HOME": "/nonexistent"},
        cwd=FOLDER, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
