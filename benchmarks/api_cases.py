"""Requests drawn from the API's whole schema: no 500, and no answer outside the schema.

``API_CASES`` says how many, ``API_SEED`` which. They are drawn as in the tests, in a database of
their own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator

from scripts.stack import ROOT

_TEST = "tests/assessments/api/test_cases.py"


def measure() -> Iterator[str]:
    """Ask them, and tell how many were asked, or the first answers that broke the schema."""
    environment = {"API_CASES": "20000"} | dict(os.environ)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", _TEST],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        yield f"the schema was broken:\n{done.stdout[-4000:]}"
        return
    (told,) = (line for line in done.stdout.splitlines() if " cases of " in line)
    yield f"{told.lstrip('.')}: no 500, no answer outside the schema"
