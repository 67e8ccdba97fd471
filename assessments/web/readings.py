"""What a number that somebody types is read as, told back before it is marked."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from question_bank.numbers import UnreadableNumberError, read_measure, read_number
from question_bank.units import UNITS, Unit, neighbours

_PLAIN_EXPONENTS = range(-6, 16)
_FIGURES = 4
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def reading(text: str, unit: str) -> str:
    """Return what a text is read as where an answer in ``unit`` is asked for; "" for no unit.

    Of a number with a unit its size in another one is told too: in the unit asked for, or in the
    base unit. What cannot be read is told why. Nothing typed, nothing told.
    """
    if not text.strip():
        return ""
    asked = UNITS.get(unit)
    try:
        if asked is None:
            return _("Read as %(number)s.") % {"number": _in_digits(read_number(text))}
        number, written = read_measure(text, asked)
    except UnreadableNumberError as fault:
        return str(fault)
    told = f"{_in_digits(number)} {written.name}"
    return _("Read as %(measure)s.") % {"measure": told + _also(number, written, asked)}


def _also(number: Decimal, written: Unit, asked: Unit) -> str:
    """Return the same amount in the unit asked for, or in the base unit where that is written."""
    other = asked if written != asked else _base(written)
    if other == written:
        return ""
    amount = Fraction(number) * written.factor / other.factor
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    is_exact = Fraction(exact) == amount
    if not is_exact:
        exact = Decimal(f"{exact:.{_FIGURES}g}")
    return f" {'=' if is_exact else '≈'} {_in_digits(exact)} {other.name}"


def _base(unit: Unit) -> Unit:
    return next(one for one in (unit, *neighbours(unit)) if one.factor == 1)


def _in_digits(number: Decimal) -> str:
    """Return a number with commas between its thousands, or as a power of ten far from 1."""
    if number and number.adjusted() not in _PLAIN_EXPONENTS:
        return _as_power(number)
    digits = f"{number:,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _as_power(number: Decimal) -> str:
    """Return every digit that says something; decimal arithmetic would round to its precision."""
    sign, digits, _exponent = number.as_tuple()
    figures = "".join(map(str, digits)).rstrip("0")
    mantissa = f"{'-' * sign}{figures[0]}.{figures[1:]}".rstrip(".")
    return f"{mantissa} × 10{str(number.adjusted()).translate(_SUPERSCRIPT)}"
