"""Under which name a question of a file is kept: the same one whenever the file is read again."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import count

from grader.words import gettext as _
from question_bank.exchange.bank import Held, held
from question_bank.formats.entries import Entry

_LONGEST = 70
_APOSTROPHE = re.compile(r"['’]")
_BETWEEN = re.compile(r"[^a-z0-9]+")


class Names:
    """Gives each question its name, one after the other in the order of the files.

    One that brings no name is called by its title. Where that name is taken, by an earlier question
    of the import or by a question of the bank with another title or of another kind, it gets the
    first number that is free.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        asked = Counter(entry.slug or slug_of(entry.content.title) for entry in entries)
        self._looked_up: set[str] = set()
        self._held: dict[str, Held] = {}
        self._taken: set[str] = set()
        self._look_up(_numbered(slug, n) for slug, times in asked.items() for n in range(times + 1))

    def name(self, entry: Entry) -> tuple[str, Held | None]:
        """Return the name of a question, and what the bank holds under it.

        Raises ``ValueError`` where the name it brings is taken, or is that of another kind.
        """
        if entry.slug is not None:
            return self._take(entry.slug), self._own(entry, entry.slug)
        base = slug_of(entry.content.title)
        for n in count():
            slug = _numbered(base, n)
            here = self._find(slug)
            if slug not in self._taken and (here is None or _is(entry, here)):
                return self._take(slug), here
        raise AssertionError

    def _own(self, entry: Entry, slug: str) -> Held | None:
        here = self._find(slug)
        if here and here.row.kind != entry.content.kind:
            raise ValueError(
                _(
                    "The question %(slug)s is of the kind %(kind)s and stays so; this one is of"
                    " the kind %(kind_2)s. Give it another name."
                )
                % {"slug": slug, "kind": here.row.kind, "kind_2": entry.content.kind}
            )
        return here

    def _take(self, slug: str) -> str:
        if slug in self._taken:
            raise ValueError(
                _("Two questions are called %(slug)s; give one of them another name.")
                % {"slug": slug}
            )
        self._taken.add(slug)
        return slug

    def _find(self, slug: str) -> Held | None:
        if slug not in self._looked_up:
            self._look_up([slug])
        return self._held.get(slug)

    def _look_up(self, slugs: Iterable[str]) -> None:
        wanted = set(slugs) - self._looked_up
        self._looked_up |= wanted
        self._held |= held(sorted(wanted))


def slug_of(title: str) -> str:
    """Return the name that a title gives a question."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", title)).encode("ascii", "ignore")
    slug = _BETWEEN.sub("-", plain.decode().lower()).strip("-")
    return slug[:_LONGEST].strip("-") or "question"


def _numbered(slug: str, n: int) -> str:
    return f"{slug}-{n + 1}" if n else slug


def _is(entry: Entry, here: Held) -> bool:
    return (here.row.kind, here.row.title) == (entry.content.kind, entry.content.title)
