"""THREATS.md names every attack, and every name there is an attack."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_document_names_exactly_the_attacks_that_are_there() -> None:
    text = (ROOT / "sandbox" / "THREATS.md").read_text().partition("## Threats")[2]
    named = set(re.findall(r"`([a-z0-9_]+)`", text))
    there = {path.stem for path in (ROOT / "tests" / "exploits").glob("*.py")}
    assert there <= named
    assert {name for name in named - there if "_" in name} == set()


def test_the_document_opens_with_the_theory_of_operation() -> None:
    lines = (ROOT / "sandbox" / "THREATS.md").read_text().splitlines()
    assert next(line for line in lines if line.startswith("## ")) == "## Theory of operation"
