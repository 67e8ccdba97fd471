"""Our Markdown and plain texts as GIFT's."""

import re

from grader.words import gettext as _
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.gift.items import Format, Rich
from question_bank.formats.plain import from_plain

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def rich(text: str) -> Rich | None:
    """Return Markdown as a text of GIFT, None for an empty one."""
    bare = bare_of(text)
    return Rich(bare, Format.MARKDOWN) if bare.strip() else None


def bare_of(text: str) -> str:
    """Return a text without the white space around it, which GIFT does not keep."""
    lines = text.strip("\n")
    if lines[:1] in {" ", "\t"}:
        raise UnrepresentableError(
            _("a text of it begins with white space, which a plain file does not keep")
        )
    return lines.rstrip()


def plain_of(markdown: str) -> str:
    """Return the plain text that Markdown shows as it is. Raises ``UnrepresentableError``."""
    bare = bare_of(markdown)
    plain = _ESCAPED.sub(r"\1", bare.replace("\\\n", "\n"))
    if from_plain(plain) != bare:
        raise UnrepresentableError(
            _("“%(bare)s” is marked up, and a plain file has it in plain text") % {"bare": bare}
        )
    return plain
