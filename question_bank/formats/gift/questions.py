"""One entry of a GIFT file to its question; escaped characters come hidden (``hide_escapes``)."""

import re
from itertools import islice
from typing import NamedTuple, TypedDict

from grader.words import gettext as _
from grader.words import gettext_noop
from question_bank.formats.gift.answers import (
    Block,
    PlacedError,
    read_numbers,
    read_pairs,
    read_weighted,
)
from question_bank.formats.gift.checks import ARROW, SPACE
from question_bank.formats.gift.items import (
    Description,
    Essay,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Numerical,
    Rich,
    Short,
    Stem,
    TrueFalse,
)
from question_bank.formats.gift.syntax import GENERAL, TITLE, TRUTHS
from question_bank.formats.gift.texts import read_feedback, read_plain, read_stem

_BRACE = re.compile(r"[{}]")
_PAIR = 2
_OTHERWISE = gettext_noop(
    "A blank line ends a question; a brace that is text is written \\{ or \\}."
)


class Labels(NamedTuple):
    """What the comments of an entry say about it."""

    id: str | None
    tags: tuple[str, ...]


class _Common(TypedDict):
    stem: Stem
    title: str | None
    id: str | None
    tags: tuple[str, ...]
    feedback: Rich | None
    line: int


def read_question(text: str, labels: Labels, line: int) -> Item:
    """Return the question that the text of an entry holds.

    Raises ``ItemError``; it is a ``PlacedError`` where the fault is known to lie in one place.
    """
    title, start = _title(text)
    opening, closing = _braces(text, start)
    block, general = _general(text[opening + 1 : closing])
    stem = read_stem(text[start:opening], text[closing + 1 :])
    common: _Common = {
        "stem": stem,
        "title": title,
        "id": labels.id,
        "tags": labels.tags,
        "feedback": read_feedback(general, stem.format),
        "line": line,
    }
    if opening == len(text):
        return Description(**common)
    return _asked(Block(block, opening + 1), common)


def read_answers(text: str, stem: Stem) -> Item:
    """Return the question that what stands between the braces makes of a stem.

    Raises ``ItemError``.
    """
    common: _Common = {
        "stem": stem,
        "title": None,
        "id": None,
        "tags": (),
        "feedback": None,
        "line": 0,
    }
    return _asked(Block(text, 0), common)


def _title(text: str) -> tuple[str | None, int]:
    start = len(text) - len(text.lstrip(SPACE))
    if not text.startswith(TITLE, start):
        return None, start
    end = text.find(TITLE, start + len(TITLE))
    if end < 0:
        sentence = _("Close the title with %(title)s, or write \\: for a colon that is text.") % {
            "title": TITLE
        }
        raise PlacedError(sentence, start)
    return read_plain(text[start + len(TITLE) : end]) or None, end + len(TITLE)


def _braces(text: str, start: int) -> tuple[int, int]:
    """Return where the braces are; both are the end of the text if there are none."""
    braces = list(islice(_BRACE.finditer(text, start), _PAIR + 1))
    signs = "".join(brace[0] for brace in braces)
    if not signs:
        return len(text), len(text)
    if signs == "{}":
        return braces[0].start(), braces[1].start()
    if signs.startswith("}"):
        at, sentence = 0, _("Open the answers with { before they are closed.")
    elif signs == "{":
        at, sentence = 0, _("Close the answers with }.")
    else:
        at = 1 if signs.startswith("{{") else _PAIR
        sentence = _(
            "Leave one pair of braces in each question, and a blank line between questions."
        )
    raise PlacedError(f"{sentence} {_(_OTHERWISE)}", braces[at].start())


def _general(inside: str) -> tuple[str, str]:
    block, mark, general = inside.rpartition(GENERAL)
    return (block, general) if mark else (general, "")


def _asked(block: Block, common: _Common) -> Item:
    text = block.text.strip(SPACE)
    markup = common["stem"].format
    if not text:
        return Essay(**common)
    if text.startswith("#"):
        rest = block.text.replace("#", " ", 1)
        return Numerical(answers=read_numbers(Block(rest, block.start), markup), **common)
    if "~" in text:
        several = MultipleChoice if "=" in text else MultiAnswer
        return several(answers=read_weighted(block, markup, signs=True), **common)
    if "=" in text and ARROW in text:
        return Matching(pairs=read_pairs(block, markup), **common)
    truth, *feedback = text.split("#", 2)
    if truth.strip(SPACE) in TRUTHS:
        return _true_false(truth.strip(SPACE), feedback, common)
    return Short(answers=read_weighted(block, markup, signs=False), **common)


def _true_false(truth: str, feedback: list[str], common: _Common) -> TrueFalse:
    wrong, right = [*feedback, "", ""][:2]
    markup = common["stem"].format
    return TrueFalse(
        truth=TRUTHS[truth],
        if_wrong=read_feedback(wrong, markup),
        if_right=read_feedback(right, markup),
        **common,
    )
