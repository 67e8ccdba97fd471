"""Answers are exactly what they should be, or refused."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.buffers import SealedInputs, copy, poisoned_output
from sandbox.printing import printable
from sandbox.wire import ANSWERS, Array, Outcome, ProtocolFault, parse_answer

NONCE = "00ff"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def said(**changes: object) -> bytes:
    return json.dumps({"nonce": NONCE, "outcome": "done", "detail": "", **changes}).encode()


@pytest.mark.parametrize("outcome", sorted(ANSWERS))
def test_an_answer_is_read(outcome: Outcome) -> None:
    assert parse_answer(said(outcome=outcome, detail="why"), NONCE).outcome is outcome


def test_the_text_of_an_answer_is_made_safe_to_show_and_to_keep() -> None:
    answer = parse_answer(said(outcome="raised", detail="a\x00b\x1b[2J\n\tc \ud800"), NONCE)
    assert answer.detail == "ab\n\tc ?"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"[" * 50_000,
        b"null",
        b"{}",
        said(nonce="other"),
        said(nonce=0),
        said(outcome="timeout"),
        said(outcome="forbidden"),
        said(outcome="passed"),
        said(detail=["x"]),
        said(more=1),
        said(detail="x" * (1 << 16)),
    ],
    ids=lambda raw: repr(raw[:50]),
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolFault):
        parse_answer(raw, NONCE)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_make_the_parser_fail_otherwise(raw: bytes) -> None:
    with pytest.raises(ProtocolFault):
        parse_answer(raw, NONCE)


@given(st.binary(max_size=400))
def test_nothing_printable_drives_a_terminal(raw: bytes) -> None:
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in printable(raw))


def test_details_are_bounded() -> None:
    assert len(parse_answer(said(detail="x" * 20_000), NONCE).detail) == 8_000


def taken(fd: int, size: int) -> bytes:
    target = bytearray(size)
    copy(fd, memoryview(target))
    return bytes(target)


def test_an_input_is_sealed_and_an_output_is_poison() -> None:
    inputs = SealedInputs({"q": Array("float32", (2,), b"abcdefgh")})
    source = inputs.fds[0]
    assert taken(source, 8) == b"abcdefgh"
    for change in (lambda: os.pwrite(source, b"x", 0), lambda: os.ftruncate(source, 4)):
        with pytest.raises(PermissionError):
            change()
    inputs.close()
    target = poisoned_output(3 << 20)
    assert taken(target, 3 << 20) == b"\xff" * (3 << 20)
    os.close(target)
