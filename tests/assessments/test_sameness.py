"""When two submissions are the same code, however hostile they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.services.sameness import code_digest
from tests.cast.work import that_ends

CODE = b"def attention(q, k, v):\n    x = q + 1  # why\n    return x\n"

SAME = {
    "comments": b"# mine\ndef attention(q, k, v):\n    x = q + 1\n    # more\n    return x  # so\n",
    "blank lines": b"\n\ndef attention(q, k, v):\n\n    x = q + 1\n\n\n    return x\n\n",
    "no last newline": CODE.rstrip(b"\n"),
    "other indentation": CODE.replace(b"    ", b"\t"),
    "windows lines": CODE.replace(b"\n", b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + CODE,
    "spaces": CODE.replace(b"q + 1", b"q  +  1"),
    "broken inside brackets": CODE.replace(b"(q, k, v)", b"(q,\n   k,\n   v)"),
}
OTHER = {
    "another number": CODE.replace(b"1", b"2"),
    "another name": CODE.replace(b"x", b"y"),
    "another block": b"def attention(q, k, v):\n    x = q + 1\nreturn x\n",
    "a string instead of a comment": CODE.replace(b"# why", b"; '# why'"),
    "an encoding": b"# coding: latin-1\n" + CODE,
    "one more statement": CODE + b"pass\n",
}
HOSTILE = {
    "deep parentheses": b"(" * 100_000,
    "deep lists": b"[" * 50_000 + b"]" * 50_000,
    "deep minus": b"-" * 100_000 + b"1",
    "deep blocks": b"".join(b" " * depth + b"if x:\n" for depth in range(440)),
    "deep f-strings": b"f'{" * 33_000,
    "a string without end": b"'''" + b"a\n" * 49_000,
    "continued for ever": b"x = 1 \\\n" * 12_000,
    "not UTF-8": b"\xff\xfe" * 40_000,
    "null bytes": b"\0" * 100_000,
    "no Python": b"$?" * 50_000,
    "unindented": b"        x\n    y\n  z\n",
    "empty": b"",
}


@pytest.mark.parametrize("name", SAME)
def test_what_does_not_change_the_code_does_not_count(name: str) -> None:
    assert code_digest(SAME[name]) == code_digest(CODE)


@pytest.mark.parametrize("name", OTHER)
def test_what_changes_the_code_counts(name: str) -> None:
    assert code_digest(OTHER[name]) != code_digest(CODE)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_have_a_digest_of_their_own_and_are_soon_done(name: str) -> None:
    with that_ends():
        digest = code_digest(HOSTILE[name])
    assert digest == code_digest(HOSTILE[name])
    assert digest not in {code_digest(raw) for key, raw in HOSTILE.items() if key != name}


@given(st.binary(max_size=200))
def test_any_bytes_have_a_digest(raw: bytes) -> None:
    assert len(code_digest(raw)) == 64


def test_what_cannot_be_read_is_the_same_byte_for_byte_only() -> None:
    assert code_digest(b"(\n# a\n") != code_digest(b"(\n# b\n")
    assert code_digest(b"(\n# a\n") == code_digest(b"(\n# a\n")
