"""GIFT's texts as our Markdown and plain texts."""

import re

from grader.words import gettext as _
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.gift.items import Format, Rich, Stem
from question_bank.formats.html import from_html
from question_bank.formats.plain import from_plain

GAP = "_____"
_MARKED_UP = re.compile(r"<[A-Za-z/!]|&#?[0-9A-Za-z]+;")


def markdown_of(rich: Rich | None) -> str:
    """Return a text as Markdown, empty for none. Raises ``UnrepresentableError``."""
    if rich is None:
        return ""
    match rich.format:
        case Format.MARKDOWN:
            return rich.text
        case Format.PLAIN:
            return from_plain(rich.text)
        case Format.HTML:
            return from_html(rich.text)
    # Moodle's own format is HTML in which a line break breaks a line.
    marked_up = _MARKED_UP.search(rich.text)
    return from_html(rich.text, breaks=True) if marked_up else from_plain(rich.text)


def line_of(rich: Rich) -> str:
    """Return a text that stands in a line of its own as Markdown, which is not empty."""
    text = markdown_of(rich)
    if rich.format != Format.MARKDOWN and ("\n\n" in text or text.startswith(("- ", "1. ", "```"))):
        raise UnrepresentableError(_("an answer of it has several paragraphs, a list or a block"))
    return _something(text, _("one of its answers"))


def stem_of(stem: Stem) -> str:
    """Return the text of a question as Markdown, with a line where its gap is."""
    text = f"{stem.before}{GAP if stem.has_gap else ''}{stem.after}"
    return _something(markdown_of(Rich(text.strip(" \t\n"), stem.format)), "it") + "\n"


def words_of(rich: Rich) -> str:
    """Return words that are compared with an answer: they are no Markdown in any format."""
    if rich.format in {Format.HTML, Format.MOODLE} and _MARKED_UP.search(rich.text):
        raise UnrepresentableError(_("its answers hold HTML, which nobody types"))
    return rich.text


def _something(text: str, what: str) -> str:
    if not text.strip():
        raise UnrepresentableError(_("%(what)s shows no text") % {"what": what})
    return text
