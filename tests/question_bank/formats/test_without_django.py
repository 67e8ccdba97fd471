"""Formats are text and values: they are loaded and used where there is no Django."""

import subprocess
import sys

_PROGRAM = """
import sys
sys.modules["django"] = None
from question_bank.formats import table
from question_bank.formats.gift import files
print(len(files.read(b"Yes?{T}").entries), len(table.COLUMNS))
"""


def test_formats_are_loaded_where_there_is_no_django() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("1 14\n", "")
