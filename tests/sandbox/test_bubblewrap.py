"""What a sandbox is told to show, and who starts it."""

import os
from pathlib import Path

import pytest

from sandbox import bubblewrap, launch, seccomp
from sandbox.bubblewrap import Handed
from sandbox.limits import Limits


@pytest.fixture
def command() -> list[str]:
    return launch._command(Limits(), 1, Handed(3, 4))


def test_only_torch_numpy_and_what_they_require_are_shown() -> None:
    shown = {bind.target for bind in bubblewrap.visible() if bind.target.startswith("/packages/")}
    assert {"/packages/torch", "/packages/numpy", "/packages/typing_extensions.py"} <= shown
    for name in ("django", "celery", "pytest", "pip", "setuptools", "pydantic"):
        assert f"/packages/{name}" not in shown


def test_of_this_project_only_the_childs_own_room_is_shown() -> None:
    project = Path(bubblewrap.__file__).parents[1]
    ours = [
        bind.target
        for bind in bubblewrap.visible()
        if bind.source.is_relative_to(project) and "site-packages" not in bind.source.parts
    ]
    assert ours == [f"{bubblewrap.CODE}/sandbox/inside"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has root to give up")
def test_root_is_given_up_before_bubblewrap(command: list[str]) -> None:
    whole = " ".join(command)
    assert whole.index("--reuid") < whole.index("/bwrap ")
    assert "--clear-groups" in whole
    assert "--no-new-privs" in whole
    assert "env -i" in whole or "unshare" not in whole


@pytest.mark.parametrize(
    "option",
    ["--unshare-all", "--disable-userns", "--die-with-parent", "--new-session", "--clearenv"],
)
def test_every_sandbox_is_started_with_this(command: list[str], option: str) -> None:
    assert option in " ".join(command)


def test_the_last_mounts_make_everything_read_only(command: list[str]) -> None:
    whole = " ".join(command)
    assert whole.index("--tmpfs /tmp") < whole.index("--remount-ro / ") < whole.index("--seccomp")


def test_a_path_that_others_may_walk_needs_no_door(tmp_path: Path) -> None:
    assert launch._closed_door(Path("/usr/lib")) is None


def test_the_door_is_the_first_path_beyond_the_last_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner" / "deep").mkdir(parents=True)
    closed.chmod(0o700)
    assert launch._closed_door(closed / "inner" / "deep") == closed / "inner"


def test_the_filter_is_a_whole_number_of_instructions() -> None:
    program = seccomp.program()
    assert len(program) > 800
    assert len(program) % 8 == 0
