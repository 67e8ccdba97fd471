"""What GIFT can hold, as checks that raise ``ItemError``."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from grader.words import gettext as _
from grader.words import gettext_noop

SPACE = " \t\n"
"""White space, as GIFT strips it; any other kind is text."""

ARROW = "->"
"""What joins the two sides of a pair."""

FULL = Decimal(100)

MOST_ANSWERS = 500
"""No question has more answers: a file that is made to be large stays small once read."""

MOST_DIGITS = 30
"""No number has more digits on either side of its point."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class ItemError(ValueError):
    """GIFT cannot hold this; the text says what to do about it."""


def require(holds: bool, sentence: str, told: Mapping[str, object] | None = None) -> None:
    """Raise ``ItemError`` with the translation of a sentence unless something holds.

    ``told`` is filled into it.
    """
    if not holds:
        raise ItemError(_(sentence) % told if told else _(sentence))


def check_characters(text: str) -> None:
    """Refuse control characters other than tab and line feed."""
    found = _CONTROL.search(text)
    if found:
        name = f"U+{ord(found[0]):04X}"
        raise ItemError(
            _("Remove the control character %(name)s, which no question can hold.") % {"name": name}
        )


def check_trimmed(text: str) -> None:
    """Refuse control characters, and white space at either end."""
    check_characters(text)
    require(text == text.strip(SPACE), gettext_noop("Remove the white space around the text."))


def check_line(text: str, what: str) -> None:
    """Refuse what is empty, has white space around it or more than one line."""
    check_trimmed(text)
    require(
        bool(text) and "\n" not in text,
        gettext_noop("Write the %(what)s in one line that is not empty."),
        {"what": what},
    )


def check_number(number: Decimal) -> None:
    """Refuse infinities, what is no number, and too many digits."""
    if number.is_finite():
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        if exponent >= -MOST_DIGITS and number.adjusted() < MOST_DIGITS:
            return
    raise ItemError(
        _("Write the number with at most %(most_digits)s digits either side of the point.")
        % {"most_digits": MOST_DIGITS}
    )


def check_weight(weight: Decimal) -> None:
    """Refuse what is not from -100 to 100."""
    check_number(weight)
    require(-FULL <= weight <= FULL, gettext_noop("Give a weight from -100 to 100 per cent."))


def check_gain(weights: Iterable[Decimal]) -> None:
    """Refuse answers that nobody can gain from."""
    gains = any(weight > 0 for weight in weights)
    require(gains, gettext_noop("Mark an answer as right; none of them earns anything."))


def check_count(count: int, least: int) -> None:
    """Refuse too few answers and too many."""
    require(
        least <= count <= MOST_ANSWERS,
        gettext_noop("Give at least %(least)s and at most %(most)s answers."),
        {"least": least, "most": MOST_ANSWERS},
    )
