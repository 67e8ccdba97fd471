"""Words as they are compared, how well a text fits them, and the sentence to show."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

LONGEST = 100
MOST_WORDS = 8
_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"(?<=[^\Ws]{3})s$")
_FORMULA = re.compile(r"\$([^$\n]+)\$")
_COMMAND = re.compile(r"\\([a-z]+) ?")
_LATEX = {"cdot": "·", "sqrt": "√", "infty": "∞", "ge": "≥", "le": "≤", "times": "×"}
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n\s*\n")
_BLOCKS = re.compile(r"^```.*?^```$|^\$\$.*?\$\$$|^\|.*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"^#+ .*$|^[-*>] |[*`]|\\(?=[_*])", re.MULTILINE)
_LONGEST_SENTENCE = 240


def folded(text: str) -> str:
    """Return a text without case and accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()


def query_words(typed: str) -> tuple[str, ...]:
    """Return the words to find, each once; what is typed beyond the bounds is passed over.

    An s at the end is left out, so that several find one.
    """
    words = (_PLURAL.sub("", word) for word in _WORD.findall(folded(typed[:LONGEST])))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


@lru_cache(maxsize=32_768)
def row_of_words(text: str) -> str:
    """Return a text's words, each with a space before and after, to be looked up in."""
    return " " + "  ".join(_WORD.findall(folded(text))) + " "


def fit(words: Iterable[str], *texts: str) -> int | None:
    """Return how well words fit texts, the lower the better; None where one is in no text.

    The texts go from the most telling to the least. A word counts where it begins one of theirs;
    a whole word counts for more than a beginning, and a text before for more than one after it.
    """
    rows = [row_of_words(text) for text in texts]
    total = 0
    for word in words:
        found = next((place for place, row in enumerate(rows) if f" {word}" in row), None)
        if found is None:
            return None
        total += 2 * found + (f" {word} " not in rows[found])
    return total


@lru_cache(maxsize=2048)
def plain(markdown: str) -> str:
    """Return the prose of Markdown: no formulas of their own line, tables, code or headings."""
    text = _LINK.sub(r"\1", _BLOCKS.sub("", markdown))
    text = _FORMULA.sub(lambda found: _formula(found[1]), text)
    return _SIGNS.sub("", text).strip()


def _formula(latex: str) -> str:
    text = _COMMAND.sub(lambda found: _LATEX.get(found[1], found[1]), latex)
    return re.sub(r"[{}\\]", "", text)


def sentence(words: Iterable[str], text: str) -> str:
    """Return the sentence that holds the most of the words; the first of those alike."""
    rows = [" ".join(one.split()) for one in _SENTENCE.split(text) if one.strip()]
    if not rows:
        return ""
    words = list(words)
    best = max(rows, key=lambda row: sum(f" {word}" in row_of_words(row) for word in words))
    if len(best) <= _LONGEST_SENTENCE:
        return best
    return best[:_LONGEST_SENTENCE].rsplit(" ", 1)[0] + " …"


def marked(words: Iterable[str], text: str) -> SafeString:
    """Return a text as HTML in which each word that begins with one of the words is marked."""
    return mark_safe("".join(_marked(tuple(words), text)))  # noqa: S308 (escaped part by part)


def _marked(words: tuple[str, ...], text: str) -> Iterator[str]:
    end = 0
    for found in _WORD.finditer(text):
        if words and folded(found[0]).startswith(words):
            yield f"{escape(text[end : found.start()])}<mark>{escape(found[0])}</mark>"
            end = found.end()
    yield escape(text[end:])
