"""A GIFT file to items and faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from grader.words import gettext as _
from question_bank.formats.gift.answers import PlacedError
from question_bank.formats.gift.checks import SPACE, ItemError, check_characters
from question_bank.formats.gift.items import (
    Category,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Numerical,
    Short,
)
from question_bank.formats.gift.questions import Labels, read_question
from question_bank.formats.gift.syntax import CATEGORY, COMMENT, hide_escapes

MOST_PARTS = 100_000
"""No more entries and answers of a file are read: one that is made to be large stays small."""

_LABEL = re.compile(r"\[(id|tag):")
_LABEL_END = re.compile(r"(?<!\\)\]")


@dataclass(frozen=True)
class Fault:
    """An entry that cannot be read: a line of it, from 1, and a sentence that says what to do."""

    line: int
    message: str


@dataclass(frozen=True)
class Parsed:
    """What a file holds, in its order: each entry is an item or a fault."""

    items: tuple[Item, ...]
    faults: tuple[Fault, ...]


@dataclass
class _Entry:
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def parse(text: str) -> Parsed:
    """Read a GIFT file as Moodle reads it, in time linear in its length.

    Raises nothing: what cannot be read is a fault, and the other entries are read all the same.
    Blank lines separate entries, and a category is an entry by itself. Lines that begin with ``//``
    are comments; those next to an entry may give its id and tags. A line break within a text of
    Moodle's own format is a space; elsewhere it is kept.
    """
    items: list[Item] = []
    faults: list[Fault] = []
    parts = 0
    for entry in _entries(text.removeprefix("\ufeff")):
        if parts >= MOST_PARTS:
            sentence = _("Split the file here. It is too long; nothing from this line on is read.")
            faults.append(Fault(entry.numbers[0], sentence))
            break
        read = _read(entry)
        parts += _parts(read)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            items.append(read)
    return Parsed(tuple(items), tuple(faults))


def _entries(text: str) -> Iterator[_Entry]:
    entry = _Entry()
    for number, line in enumerate(StringIO(text, newline=None), start=1):
        bare = line.strip(SPACE)
        if bare.startswith(COMMENT):
            entry.comments.append(bare)
        elif bare and not bare.startswith(CATEGORY):
            entry.lines.append(line.rstrip("\n"))
            entry.numbers.append(number)
        else:
            if entry.lines:
                yield entry
            if bare:
                yield _Entry([bare], [number])
            entry = _Entry()
    if entry.lines:
        yield entry


def _read(entry: _Entry) -> Item | Fault:
    text = "\n".join(entry.lines)
    hidden = hide_escapes(text)
    line = entry.numbers[0]
    try:
        if text.startswith(CATEGORY):
            return Category(name=text.removeprefix(CATEGORY).strip(SPACE), line=line)
        check_characters(text)
        return read_question(hidden, _labels(entry.comments), line)
    except PlacedError as fault:
        return Fault(entry.numbers[hidden.count("\n", 0, fault.offset)], str(fault))
    except ItemError as fault:
        return Fault(line, str(fault))


def _parts(read: Item | Fault) -> int:
    match read:
        case MultipleChoice() | MultiAnswer() | Short() | Numerical():
            return 1 + len(read.answers)
        case Matching():
            return 1 + len(read.pairs)
    return 1


def _labels(comments: list[str]) -> Labels:
    found = [label for comment in comments for label in _labels_in(comment)]
    ids = [value for name, value in found if name == "id"]
    tags = tuple(value for name, value in found if name == "tag")
    return Labels(ids[0] if ids else None, tags)


def _labels_in(comment: str) -> Iterator[tuple[str, str]]:
    label = _LABEL.search(comment)
    while label:
        end = _LABEL_END.search(comment, label.end())
        if end is None:
            return
        value = comment[label.end() : end.start()].replace("\\]", "]").strip(SPACE)
        if value:
            yield label[1], value
        label = _LABEL.search(comment, end.end())
