"""Bytes of an uploaded file as text."""

from grader.words import gettext as _

MOST_BYTES = 10 * 2**20
"""A file of questions is no larger; some thousand questions take a tenth of it."""

_WIDE = (b"\xff\xfe", b"\xfe\xff")


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8. Raises ``ValueError`` with what to do about it."""
    check_size(data)
    if data.startswith(_WIDE):
        raise ValueError(_("Save the file as UTF-8; this is UTF-16."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise ValueError(
            _("Save the file as UTF-8; line %(line)s is in something else.") % {"line": line}
        ) from fault
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(
            _("This is no text: line %(line)s holds a null character.") % {"line": line}
        )
    return text


def check_size(data: bytes) -> None:
    """Raise ``ValueError`` for a file that is too large."""
    if len(data) > MOST_BYTES:
        megabytes = MOST_BYTES // 2**20
        raise ValueError(
            _("Split the file; it is larger than %(megabytes)s MB.") % {"megabytes": megabytes}
        )
