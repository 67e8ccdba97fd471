"""Weights in per cent and shares of 1, among them the thirds that Moodle rounds to five places."""

from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

from grader.words import gettext as _
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.gift.syntax import plain_number

_PLACES = Decimal("1e-5")
_ENDLESS = [
    Decimal(whole) / Decimal(parts)
    for whole, parts in ((1, 3), (2, 3), (1, 6), (5, 6), (1, 7), (1, 9), (1, 11))
]
_PER_CENT = [(100 * share).quantize(_PLACES, ROUND_HALF_UP) for share in _ENDLESS]
# A little above, so that three thirds are not less than 1.
_SHARES = [share.quantize(Decimal("1e-9"), ROUND_UP) for share in _ENDLESS]
_CREDITS = [share.quantize(Decimal("1e-4"), ROUND_HALF_UP) for share in _ENDLESS]

_SHARE_OF = dict(zip(_PER_CENT, _SHARES, strict=True))
_CREDIT_OF = dict(zip(_PER_CENT, _CREDITS, strict=True))
_WEIGHT_OF_SHARE = dict(zip(_SHARES, _PER_CENT, strict=True))
_WEIGHT_OF_CREDIT = dict(zip(_CREDITS, _PER_CENT, strict=True))


def share_of(weight: Decimal) -> Decimal:
    """Return a weight in per cent as a share of 1."""
    size = _SHARE_OF.get(abs(weight), abs(weight) / 100)
    return Decimal(plain_number(size.copy_sign(weight)))


def credit_of(weight: Decimal) -> Decimal:
    """Return a weight in per cent as a credit. Raises ``UnrepresentableError``."""
    if weight < 0:
        raise UnrepresentableError(
            _("an answer of it takes away %(weight)s %%") % {"weight": plain_number(-weight)}
        )
    credit = _CREDIT_OF.get(weight, weight / 100)
    if credit != credit.quantize(Decimal("1e-4")):
        raise UnrepresentableError(
            _("credit has four places, and %(weight)s %% has more")
            % {"weight": plain_number(weight)}
        )
    return Decimal(plain_number(credit))


def weight_of(share: Decimal) -> Decimal:
    """Return in per cent what ``share_of`` takes for this share."""
    return _WEIGHT_OF_SHARE.get(abs(share), 100 * abs(share)).copy_sign(share)


def weight_of_credit(credit: Decimal) -> Decimal:
    """Return in per cent what ``credit_of`` takes for this credit."""
    return _WEIGHT_OF_CREDIT.get(credit, 100 * credit)


def rounded(share: Fraction) -> Decimal:
    """Return a share of 1 in per cent as Moodle writes it, with at most five places."""
    exact = Decimal(100 * share.numerator) / Decimal(share.denominator)
    return exact.quantize(_PLACES, ROUND_HALF_UP)
