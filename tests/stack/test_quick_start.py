"""The API's quick start does what it says, as it stands, beside a running server."""

import re
import subprocess

import pytest

from scripts.stack import ROOT
from tests.stack.conftest import Supervised

pytestmark = [pytest.mark.stack, pytest.mark.sandbox]

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_its_commands_run_in_one_shell(
    running: Supervised, stack_environment: dict[str, str]
) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "api.md").read_text())
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=ROOT, env=stack_environment | {"SPARRING_URL": running.base},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ('"username":"learner"', "\n304\n", "wrong_pairs: ", "'field': 'answer'", "passed"):
        assert told in done.stdout, done.stdout
