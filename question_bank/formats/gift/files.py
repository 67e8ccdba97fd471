"""GIFT as a format of files to import and export (``question_bank.formats.entries``)."""

from collections.abc import Iterable, Iterator

from grader.words import gettext as _
from grader.words import gettext_noop
from question_bank.formats.decoding import text_of
from question_bank.formats.entries import (
    Entry,
    FileError,
    Other,
    Outgoing,
    Read,
    UnrepresentableError,
    Written,
    sentence,
)
from question_bank.formats.gift.checks import ItemError
from question_bank.formats.gift.folders import category_of, folder_of
from question_bank.formats.gift.incoming import LONGEST_MADE_TITLE, entry_of
from question_bank.formats.gift.items import Category, Item, Question
from question_bank.formats.gift.outgoing import item_of
from question_bank.formats.gift.reading import parse
from question_bank.formats.gift.texts_in import GAP
from question_bank.formats.gift.writing import write as write_items

_EMPTY = gettext_noop("no question is kept in it, and folders are only where questions are")


def read(data: bytes) -> Read:
    """Read a file; raises nothing."""
    try:
        parsed = parse(text_of(data))
    except ValueError as fault:
        return Read(errors=(FileError("", str(fault)),))
    errors = tuple(
        FileError(_("line %(line)s") % {"line": fault.line}, fault.message)
        for fault in parsed.faults
    )
    return _read(parsed.items, errors)


def write(questions: Iterable[Outgoing]) -> Written:
    """Write a file that ``read`` reads as these questions, sorted by folder and slug."""
    unsupported: list[tuple[str, str]] = []
    items: list[Item] = []
    folder = ""
    written = 0
    for question in sorted(questions, key=lambda one: (one.folder, one.slug)):
        try:
            placed = list(_placed(question, folder))
        except (UnrepresentableError, ItemError) as fault:
            unsupported.append((question.slug, sentence(str(fault))))
            continue
        folder = question.folder
        items += placed
        written += 1
    return Written(write_items(items).encode(), written, tuple(unsupported))


def _placed(question: Outgoing, folder: str) -> Iterator[Item]:
    item = item_of(question)
    if question.folder != folder:
        category = category_of(question.folder)
        if folder_of(category) != question.folder:
            raise UnrepresentableError(
                _("GIFT cannot name its folder “%(folder)s”") % {"folder": question.folder}
            )
        yield Category(name=category)
    yield item


def _read(items: Iterable[Item], errors: tuple[FileError, ...]) -> Read:
    entries: list[Entry] = []
    others: list[Other] = []
    categories: list[Category] = []
    folder: str | None = None
    for item in items:
        if isinstance(item, Category):
            folder = folder_of(item.name)
            categories.append(item)
            continue
        try:
            entries.append(entry_of(item, folder))
        except UnrepresentableError as fault:
            others.append(Other(_label(item), sentence(str(fault))))
    used = {entry.folder for entry in entries}
    others += (_category(category, used) for category in categories)
    return Read(tuple(entries), tuple(others), errors)


def _category(category: Category, used: set[str | None]) -> Other:
    folder = folder_of(category.name)
    below = any(one and f"{one}/".startswith(f"{folder}/") for one in used)
    label = _("line %(line)s: category %(name)s") % {"line": category.line, "name": category.name}
    return Other(label, "" if below or not folder else sentence(_(_EMPTY)))


def _label(item: Question) -> str:
    gap = GAP if item.stem.has_gap else ""
    text = " ".join((item.title or f"{item.stem.before}{gap}{item.stem.after}").split())
    if len(text) > LONGEST_MADE_TITLE:
        text = f"{text[: LONGEST_MADE_TITLE - 1]}…"
    return _("line %(line)s: %(text)s") % {"line": item.line, "text": text}
