"""Points by a rubric, as a share of the mark that waited for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.words import gettext as _


@dataclass(frozen=True)
class MarkedText:
    """A text with ``points`` of ``of`` by its rubric, worth ``share`` of the question's mark."""

    points: int
    of: int
    share: Fraction


def earned(texts: Sequence[MarkedText]) -> Fraction:
    """Return which part of what waited is earned, from 0 to 1: Σ share · points / of, over Σ share.

    Raises ``ValueError`` without a text, for a share that is not positive, and for points that are
    not between 0 and what there are.
    """
    if not texts:
        raise ValueError(_("there is no text to mark"))
    for text in texts:
        if text.share <= 0 or not 0 <= text.points <= text.of or not text.of:
            raise ValueError(
                _("%(points)s of %(of)s points for %(share)s of the mark")
                % {"points": text.points, "of": text.of, "share": text.share}
            )
    whole = sum((text.share for text in texts), Fraction(0))
    return sum((text.share * Fraction(text.points, text.of) for text in texts), Fraction(0)) / whole
