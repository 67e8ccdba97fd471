"""What a file of questions holds, whatever its format: what there is to import, and what is not.

A format reads and writes (``question_bank.exchange.FileFormat``). Moodle's and others' files say
less of a question than we keep; what a file does not say stays as it is (``Entry.told``).
"""

from dataclasses import dataclass

from question_bank.kinds import Content

LABELS = ("concepts", "bloom", "difficulty")
"""What a question says of its place in a course; a file may leave it out."""

OF_AN_ESSAY = ("words", "rubric")
"""What no plain file says of an essay."""


class UnrepresentableError(ValueError):
    """A question that the other side has no way to hold; the text says why, to its author."""


@dataclass(frozen=True)
class Entry:
    """A question that a file holds.

    ``told`` are the names of those keys of the content that the file speaks for; the others have
    what is usual. ``slug``, ``folder`` and ``tags`` are None where it does not say them.
    """

    where: str
    content: Content
    told: frozenset[str]
    slug: str | None = None
    folder: str | None = None
    tags: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a report calls it."""
        return f"{self.where}: {self.content.title}"


@dataclass(frozen=True)
class Other:
    """A part of a file that is no question of ours; ``reason`` says why it is left out, if it is.

    A category is not left out: it is the folder of the questions after it.
    """

    label: str
    reason: str = ""


@dataclass(frozen=True)
class FileError:
    """A place of a file that cannot be read, and what to do about it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True)
class Read:
    """A file, read: every part of it is an entry, an ``Other`` or an error."""

    entries: tuple[Entry, ...] = ()
    others: tuple[Other, ...] = ()
    errors: tuple[FileError, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """A question as it is written to a file."""

    slug: str
    content: Content
    folder: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file of so many questions, and the slugs of those that it cannot hold, with reasons."""

    data: bytes
    written: int
    unsupported: tuple[tuple[str, str], ...] = ()


def sentence(reason: str) -> str:
    """Return a reason as a sentence in one line."""
    line = " ".join(reason.split())
    return f"{line[:1].upper()}{line[1:]}".rstrip(".") + "."
