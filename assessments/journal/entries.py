"""Entries as pages send them: read strictly, bounded, refused in words."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_ENTRIES: Final = 200
MOST_FIELDS: Final = 200
MOST_WRITERS: Final = 2_000
LONGEST_VALUE: Final = 110_000
FORM: Final = "form"
"""The writer of what forms post: all of them are numbered by the server, as they arrive."""
_GREATEST: Final = 2**53
_WRITER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_FIELD = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")


class Malformed(ValueError):  # noqa: N818 (it is said of what was sent)
    """What was sent is no journal; the text says where it goes wrong."""


@dataclass(frozen=True)
class Entry:
    """What one page changed, and what it had seen: of each writer, up to which entry.

    ``clock`` is greater than every clock that the page knew. ``age`` is how many seconds before it
    was sent it was typed, by the page's own clock; ``typed`` is when, in seconds since 1970 by the
    server's clock as the page has measured it, or None where it has not.
    """

    writer: str
    sequence: int
    clock: int
    seen: Mapping[str, int]
    changes: Mapping[str, str | None]
    age: float = 0.0
    typed: float | None = None


def entries_of(sent: Any) -> list[Entry]:
    """Read what a page sends: its name as a writer, and its entries. Raises ``Malformed``."""
    if not isinstance(sent, dict):
        raise Malformed("an object with writer and entries is expected")
    writer, entries = sent.get("writer"), sent.get("entries")
    if not isinstance(writer, str) or not _WRITER.match(writer):
        raise Malformed("writer: 1 to 64 letters, digits and hyphens")
    if writer == FORM:
        raise Malformed(f"writer: {FORM} is the name of forms")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise Malformed(f"entries: a list of at most {MOST_ENTRIES}")
    return [_entry(writer, entry, place) for place, entry in enumerate(entries)]


def known_of(sent: Any, entries: Sequence[Entry]) -> dict[str, int]:
    """Read what a page knows of the answer, with the entries that it sends. Raises ``Malformed``.

    Its own entries add to that only where it knows all those before them: a page from a cache may
    send what a later one has typed.
    """
    known = _seen(sent.get("known", {}), "known")
    if entries and known.get(entries[0].writer, 0) + 1 >= entries[0].sequence:
        known[entries[0].writer] = max(one.sequence for one in entries)
    return known


def _entry(writer: str, sent: Any, place: int) -> Entry:
    where = f"entries.{place}"
    if not isinstance(sent, dict):
        raise Malformed(f"{where}: an object is expected")
    return Entry(
        writer,
        _number(sent.get("sequence"), f"{where}.sequence", least=1),
        _number(sent.get("clock"), f"{where}.clock", least=1),
        _seen(sent.get("seen", {}), f"{where}.seen"),
        _changes(sent.get("changes"), f"{where}.changes"),
        _number(sent.get("age", 0), f"{where}.age", least=0) / 1000,
        _time(sent.get("typed"), f"{where}.typed"),
    )


def _number(sent: Any, where: str, *, least: int) -> int:
    whole = isinstance(sent, int) and not isinstance(sent, bool)
    if not whole or not least <= sent < _GREATEST:
        raise Malformed(f"{where}: a whole number from {least} is expected")
    return int(sent)


def _time(sent: Any, where: str) -> float | None:
    return None if sent is None else _number(sent, where, least=0) / 1000


def _seen(sent: Any, where: str) -> dict[str, int]:
    if not isinstance(sent, dict) or len(sent) > MOST_WRITERS:
        raise Malformed(f"{where}: an object of at most {MOST_WRITERS} writers is expected")
    for writer in sent:
        if not _WRITER.match(writer):
            raise Malformed(f"{where}: {writer[:80]!r} is no writer")
    return {writer: _number(number, where, least=0) for writer, number in sent.items()}


def _changes(sent: Any, where: str) -> dict[str, str | None]:
    if not isinstance(sent, dict) or not 0 < len(sent) <= MOST_FIELDS:
        raise Malformed(f"{where}: an object of 1 to {MOST_FIELDS} fields is expected")
    for name, value in sent.items():
        if not is_field(name):
            raise Malformed(f"{where}: {name[:80]!r} is no field")
        if value is not None and not isinstance(value, str):
            raise Malformed(f"{where}.{name}: a text or null is expected")
        if value is not None and len(value) > LONGEST_VALUE:
            raise Malformed(f"{where}.{name}: at most {LONGEST_VALUE} characters")
    return {name: None if value is None else storable(value) for name, value in sent.items()}


def seen_of(text: str) -> dict[str, int] | None:
    """Read what a form says that its page had seen; None where it says nothing that can be read."""
    try:
        return _seen(json.loads(text), "seen")
    except (ValueError, RecursionError):
        return None


def is_field(name: str) -> bool:
    """Whether a form's field may be called so."""
    return _FIELD.match(name) is not None


def storable(text: str) -> str:
    """Return a text as every database can keep it: no NUL, and no half of a surrogate pair."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
