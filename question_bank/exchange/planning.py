"""What an import would do, item by item."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.words import gettext
from question_bank.exchange.bank import Held
from question_bank.exchange.formats import FORMATS
from question_bank.exchange.naming import Names
from question_bank.formats.entries import OF_AN_ESSAY, Entry, Read
from question_bank.formats.sameness import said
from question_bank.kinds import Content
from question_bank.models import Question, Tag

MOST_QUESTIONS = 5_000
"""An import has no more questions."""

_KEPT = (*(key for key in Content.model_fields if key != "kind"), *OF_AN_ESSAY)
_KEPT_OF_KINDS = ("match_case", "model_answer")
_LONGEST_FOLDER = Question._meta.get_field("folder").max_length or 0
_LONGEST_TAG = Tag._meta.get_field("name").max_length or 0
_FOLDER = re.compile(r"[^/\s](?:[^/]*[^/\s])?(?:/[^/\s](?:[^/]*[^/\s])?)*")


@dataclass(frozen=True)
class Source:
    """A file: its name as reports call it, empty if it is the only one, and what it holds."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Change:
    """What becomes of a question of a file.

    ``keys`` are what differs from what the bank holds, of a question that is there already;
    ``content`` is what it is to say, ``folder`` and ``tags`` where it is to be found. ``held`` is
    what the bank held when the plan was made.
    """

    label: str
    what: Literal["new", "changed", "unchanged"]
    slug: str
    content: Content
    folder: str
    tags: tuple[str, ...]
    keys: tuple[str, ...]
    notes: tuple[str, ...]
    held: Held | None

    def as_json(self) -> dict[str, Any]:
        """Return what a report says of it."""
        return {
            "item": self.label,
            "what": self.what,
            "slug": self.slug,
            "kind": self.content.kind,
            "title": self.content.title,
            "keys": list(self.keys),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Plan:
    """What an import would do. With ``errors`` it does nothing at all."""

    items: int
    changes: tuple[Change, ...]
    beside: int
    unsupported: tuple[tuple[str, str], ...]
    errors: tuple[str, ...]

    @property
    def imported(self) -> int:
        """How many items the bank would hold: questions, and categories as their folders."""
        return 0 if self.errors else len(self.changes) + self.beside

    def that_are(self, what: Literal["new", "changed", "unchanged"]) -> list[Change]:
        """Return the questions of which this becomes."""
        return [change for change in self.changes if change.what == what]

    def as_json(self) -> dict[str, Any]:
        """Return the report, as commands and pages give it."""
        return {
            "items": self.items,
            "imported": self.imported,
            "new": len(self.that_are("new")),
            "changed": len(self.that_are("changed")),
            "unchanged": len(self.that_are("unchanged")),
            "unsupported": [{"item": item, "reason": reason} for item, reason in self.unsupported],
            "errors": list(self.errors),
            "questions": [change.as_json() for change in self.changes],
        }


def plan(sources: Sequence[Source], format: str, *, by: int | None) -> Plan:  # noqa: A002
    """Return what importing files, in their order, would do; changes nothing.

    ``format`` is a key of ``FORMATS``; ``by`` is the key of whoever imports, None for a command. A
    draft that somebody else has saved is never overwritten: that is an error.
    """
    reads = [(source.name, FORMATS[format].read(source.data)) for source in sources]
    entries = [(_within(name), entry) for name, read in reads for entry in read.entries]
    others = [
        (_within(name) + one.label, one.reason) for name, read in reads for one in read.others
    ]
    errors = list(_errors(reads, len(entries)))
    changes: list[Change] = []
    if len(entries) <= MOST_QUESTIONS:
        names = Names(entry for _, entry in entries)
        for within, entry in entries:
            try:
                changes.append(_change(within + entry.label, entry, *names.name(entry), by))
            except ValueError as fault:
                errors.append(f"{within}{entry.label}: {fault}")
    return Plan(
        items=len(entries) + len(others),
        changes=tuple(changes),
        beside=sum(not reason for _, reason in others),
        unsupported=tuple(one for one in others if one[1]),
        errors=tuple(errors),
    )


def _within(name: str) -> str:
    return f"{name}, " if name else ""


def _errors(reads: Sequence[tuple[str, Read]], count: int) -> Iterator[str]:
    for name, read in reads:
        yield from (f"{_within(name)}{error}" for error in read.errors)
    if count > MOST_QUESTIONS:
        yield gettext(
            "Split the import: it has %(count)s questions, and %(most_questions)s are the most."
        ) % {"count": count, "most_questions": MOST_QUESTIONS}


def _change(label: str, entry: Entry, slug: str, here: Held | None, by: int | None) -> Change:
    _check_place(entry)
    content = _merged(entry, here.content if here else None)
    folder = entry.folder if entry.folder is not None else here.row.folder if here else ""
    tags = entry.tags if entry.tags is not None else here.tags if here else ()
    keys = _differences(content, folder, tags, here) if here else ()
    what: Literal["new", "changed", "unchanged"] = (
        "new" if here is None else "changed" if keys else "unchanged"
    )
    if here and set(keys) - {"folder", "tags"}:
        _check_nobody_else_writes(here, by)
    return Change(label, what, slug, content, folder, tags, keys, entry.notes, here)


def _check_place(entry: Entry) -> None:
    if entry.folder:
        if len(entry.folder) > _LONGEST_FOLDER:
            raise ValueError(
                gettext("its folder has more than %(longest_folder)s characters.")
                % {"longest_folder": _LONGEST_FOLDER}
            )
        if not _FOLDER.fullmatch(entry.folder):
            raise ValueError(
                gettext("its folder “%(folder)s” is no path of names with / between.")
                % {"folder": entry.folder}
            )
    for tag in entry.tags or ():
        if len(tag) > _LONGEST_TAG:
            raise ValueError(
                gettext("its tag “%(tag)s” has more than %(longest_tag)s characters.")
                % {"tag": tag, "longest_tag": _LONGEST_TAG}
            )


def _merged(entry: Entry, here: Content | None) -> Content:
    """Return what a file says of a question, and what the bank says where the file is silent."""
    if here is None or type(here) is not type(entry.content):
        return entry.content
    kept = {
        key: getattr(here, key)
        for key in (*_KEPT, *_KEPT_OF_KINDS)
        if key not in entry.told and hasattr(here, key)
    }
    return entry.content.model_copy(update=kept)


def _differences(
    content: Content, folder: str, tags: tuple[str, ...], here: Held
) -> tuple[str, ...]:
    keys = ["folder"] if folder != here.row.folder else []
    if sorted(tags) != sorted(here.tags):
        keys.append("tags")
    if here.content is None:
        return (*keys, "content")
    new, old = said(content), said(here.content)
    return (*keys, *(key for key in new if new[key] != old.get(key)))


def _check_nobody_else_writes(here: Held, by: int | None) -> None:
    draft = here.draft
    if draft and draft.saved_by_id not in (None, by):
        raise ValueError(
            gettext(
                "%(saved_by)s is writing a draft of %(slug)s that says something else."
                " Publish or discard it first."
            )
            % {"saved_by": draft.saved_by, "slug": here.row.slug}
        )
