"""Questions of the bank to a file."""

from dataclasses import dataclass

from django.db.models import QuerySet

from grader.words import gettext as _
from question_bank.exchange.bank import Held, read
from question_bank.exchange.formats import FORMATS
from question_bank.formats.entries import Outgoing
from question_bank.kinds import Content
from question_bank.models import Question
from question_bank.variants import read_content


@dataclass(frozen=True)
class Exported:
    """A file of so many questions, and by slug the reasons why the others are not in it.

    ``left_out`` are those in it of which no format holds the author tests.
    """

    data: bytes
    exported: int
    unsupported: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def export(questions: QuerySet[Question], format: str) -> Exported:  # noqa: A002
    """Return a file of questions as they are live, or as their drafts have them where none is.

    ``format`` is a key of ``FORMATS``.
    """
    outgoing: list[Outgoing] = []
    unsupported: list[tuple[str, str]] = []
    for one in read(questions):
        content = _said(one)
        if content is None:
            unsupported.append((one.row.slug, _("Its draft is not finished.")))
        else:
            outgoing.append(Outgoing(one.row.slug, content, one.row.folder, one.tags))
    written = FORMATS[format].write(outgoing)
    together = sorted([*unsupported, *written.unsupported])
    refused = {slug for slug, _reason in together}
    tested = (one.slug for one in outgoing if one.content.tests and one.slug not in refused)
    return Exported(written.data, written.written, tuple(together), tuple(sorted(tested)))


def _said(one: Held) -> Content | None:
    if one.draft and one.row.live_id and one.version:
        return read_content(one.version.content)
    return one.content
