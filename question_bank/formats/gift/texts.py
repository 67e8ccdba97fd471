"""Texts of a GIFT entry, with formats; escaped characters come hidden (``hide_escapes``)."""

from question_bank.formats.gift.checks import SPACE
from question_bank.formats.gift.items import Format, Rich, Stem
from question_bank.formats.gift.syntax import TAG, show_escapes

_INDENT = " \t"


def read_plain(raw: str) -> str:
    """Return a text that has no format, such as a title; line breaks in the file are spaces."""
    return _shown(raw, Format.MOODLE).strip(SPACE)


def read_rich(raw: str, default: Format) -> Rich:
    """Return a text with its format, which is ``default`` unless the text names another."""
    rest, markup = _untagged(raw, default)
    return Rich(_shown(rest, markup).strip(SPACE), markup)


def read_feedback(raw: str, default: Format) -> Rich | None:
    """Return a text with its format; an empty one says nothing."""
    feedback = read_rich(raw, default)
    return feedback if feedback.text else None


def read_stem(raw: str, raw_after: str) -> Stem:
    """Return the text around the answers. A gap is where text follows them."""
    rest, markup = _untagged(raw, Format.MOODLE)
    before = _shown(rest, markup).lstrip(SPACE)
    after = _shown(raw_after, markup).rstrip(SPACE)
    return Stem(before if after else before.rstrip(SPACE), after, markup)


def _untagged(raw: str, default: Format) -> tuple[str, Format]:
    rest = raw.lstrip(SPACE)
    tag = TAG.match(rest)
    return (rest[tag.end() :], Format(tag[1])) if tag else (rest, default)


def _shown(raw: str, markup: Format) -> str:
    return show_escapes(_on_one_line(raw) if markup == Format.MOODLE else raw)


def _on_one_line(raw: str) -> str:
    if "\n" not in raw:
        return raw
    first, *between, last = raw.split("\n")
    lines = [first.rstrip(_INDENT), *(line.strip(_INDENT) for line in between)]
    return " ".join([*lines, last.lstrip(_INDENT)])
