"""Expected results from elsewhere, in a folder that ``SPARRING_ORACLES`` names."""

import os
from pathlib import Path

import pytest

UNSET = "SPARRING_ORACLES names no folder with expected results"
FOLDER = Path(os.environ["SPARRING_ORACLES"]) if os.environ.get("SPARRING_ORACLES") else None

needed = pytest.mark.skipif(FOLDER is None, reason=UNSET)
