"""What pages send is read strictly."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.journal import Malformed, entries_of

GOOD = {"sequence": 1, "clock": 1, "seen": {"b": 2}, "changes": {"choice": "1", "x": None}}


def sent(**changed: Any) -> dict[str, Any]:
    return {"writer": "a", "entries": [GOOD | changed]}


def test_what_a_page_sends_is_read() -> None:
    found = entries_of(sent(age=1500))
    assert (found[0].changes, found[0].age) == ({"choice": "1", "x": None}, 1.5)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ([], "an object"),
        ({"writer": "", "entries": []}, "writer"),
        ({"writer": "a b", "entries": []}, "writer"),
        ({"writer": "form", "entries": []}, "writer"),
        (sent(typed="noon"), "typed"),
        ({"writer": "a"}, "entries"),
        ({"writer": "a", "entries": [GOOD] * 201}, "entries"),
        ({"writer": "a", "entries": [7]}, "entries.0"),
        (sent(sequence=0), "entries.0.sequence"),
        (sent(sequence=True), "entries.0.sequence"),
        (sent(sequence=1.0), "entries.0.sequence"),
        (sent(clock=2**60), "entries.0.clock"),
        (sent(seen=[]), "entries.0.seen"),
        (sent(seen={"b": -1}), "entries.0.seen"),
        (sent(seen={"<script>": 1}), "entries.0.seen"),
        (sent(changes={}), "entries.0.changes"),
        (sent(changes={"Choice": "1"}), "entries.0.changes"),
        (sent(changes={"choice": 1}), "entries.0.changes.choice"),
        (sent(changes={"choice": "x" * 110_001}), "entries.0.changes.choice"),
        (sent(age=-1), "entries.0.age"),
        (sent(age=float("nan")), "entries.0.age"),
    ],
)
def test_what_is_no_journal_is_refused_at_its_place(wrong: Any, where: str) -> None:
    with pytest.raises(Malformed, match=where):
        entries_of(wrong)


def test_what_no_database_keeps_is_replaced() -> None:
    found = entries_of(sent(changes={"choice": "a\0b\ud83dc\U0001f600"}))
    assert found[0].changes == {"choice": "a\ufffdb\ufffdc\U0001f600"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_else_than_a_refusal_comes_of_garbage(garbage: Any) -> None:
    for value in (garbage, {"writer": "a", "entries": [garbage]}, sent(changes=garbage)):
        with contextlib.suppress(Malformed):
            entries_of(value)
