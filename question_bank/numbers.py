"""Numbers as people type them."""

import re
import unicodedata
from decimal import Decimal

from grader.words import gettext as _
from question_bank.units import Unit, neighbours, unit_called

_LONGEST = 60
_LARGEST_EXPONENT = 30

# Signs that people set between groups of three digits, beside spaces of any width.
_SEPARATORS = ",_'’"
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?")
_GROUPED = re.compile(
    rf"[+-]?\d{{1,3}}(?P<by>[ {_SEPARATORS}])\d{{3}}((?P=by)\d{{3}})*(?![\d{_SEPARATORS} ])"
)
_POWER = re.compile(r"(?:([+-]?[\d.]+)\s*[x×·*]\s*)?10\s*(?:\^|\*\*)\s*([+-]?\d{1,4})")
_LETTERS_LAST = re.compile(r"[^\W\d_]+$")
_WHOLE_THEN_WORDS = re.compile(r"([+-]?[\d.,_ '’]*\d)\s*[^\W\d]+.*", re.DOTALL)


class UnreadableNumberError(ValueError):
    """This is not one number; the text of the error says so to whoever typed it."""


def read_number(text: str) -> Decimal:
    """Return the number that a text denotes, exactly.

    Reads thousands separators (``1,024``, ``1 024``, ``1_024``), a decimal point, and scientific
    notation (``1e5``, ``1.2 × 10^5``). Raises ``UnreadableNumberError``.
    """
    if len(text) > _LONGEST:
        raise UnreadableNumberError(
            _("Give one number, in at most %(longest)s characters.") % {"longest": _LONGEST}
        )
    # Compatibility forms are other shapes of the same digits, signs and spaces.
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
    if not plain:
        raise UnreadableNumberError(_("Give a number, then check it."))
    return _read_power(plain) or _read_plain(_without_groups(plain).casefold())


def read_measure(text: str, asked: Unit) -> tuple[Decimal, Unit]:
    """Return the number that a text denotes and its unit: the one asked for where it has none.

    Raises ``UnreadableNumberError``, for a unit of something else too.
    """
    number, written = _split(text)
    if not written:
        return read_number(number), asked
    unit = unit_called(written)
    if unit is None or unit.dimension != asked.dimension:
        units = ", ".join(one.name for one in (asked, *neighbours(asked)))
        raise UnreadableNumberError(
            _("Give the number alone, or with one of these units: %(units)s.") % {"units": units}
        )
    return read_number(number), unit


def _split(text: str) -> tuple[str, str]:
    """Return what stands before the letters at the end, and these."""
    whole = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST + 1]).split())
    letters = _LETTERS_LAST.search(whole)
    return (whole[: letters.start()], letters[0]) if letters else (text, "")


def _read_power(text: str) -> Decimal | None:
    match = _POWER.fullmatch(text)
    if match is None:
        return None
    return _read_plain(f"{match[1] or '1'}e{match[2]}")


def _without_groups(text: str) -> str:
    match = _GROUPED.match(text)
    if match is None:
        return text
    return match[0].replace(match["by"], "") + text[match.end() :]


def _read_plain(text: str) -> Decimal:
    match = _PLAIN.fullmatch(text)
    if match is None or not text.isascii():
        raise UnreadableNumberError(_why_not(text))
    if match[3] and abs(int(match[3][1:])) > _LARGEST_EXPONENT:
        raise UnreadableNumberError(_("That number is beyond any in this course."))
    return Decimal(text)


def _why_not(text: str) -> str:
    if "," in text:
        return _(
            "Write thousands as 1,024 or 1024, and a decimal fraction with a point, as in 1.5."
        )
    if _WHOLE_THEN_WORDS.fullmatch(text):
        return _("Give the number alone, without a unit or other words.")
    return _("This is not a number. Write it in digits, as in 1024 or 1.2e5.")
