"""Results in words: points, percentages, and what is not decided yet."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.scoring import Score
from assessments.services.gradebook import Standing
from assessments.services.tallies import Tally

MARKS = {
    Standing.NONE: "○",
    Standing.SITTING: "◌",
    Standing.WAITING: "◐",
    Standing.JUDGING: "◔",
    Standing.HIDDEN: "◇",
    Standing.DECIDED: "●",
}
WORDS: dict[Standing, Promise] = {
    Standing.NONE: gettext_lazy("not taken"),
    Standing.SITTING: gettext_lazy("being sat"),
    Standing.WAITING: gettext_lazy("waits for a person"),
    Standing.JUDGING: gettext_lazy("being judged"),
    Standing.HIDDEN: gettext_lazy("not released yet"),
    Standing.DECIDED: gettext_lazy("decided"),
}


@dataclass(frozen=True)
class Told:
    """Points in words; a range where something is not decided."""

    points: str
    percent: str
    waits: str


def told(tally: Tally) -> Told:
    """Return a tally in words."""
    return Told(points_of(tally.score), percent_of(tally.score), _waits(tally))


def points_of(score: Score) -> str:
    """Return "7.5 of 10", or "5 to 7.5 of 10"."""
    shown = score.rounded()
    numbers = {"points": _between(shown.least, shown.most), "of": plain(shown.of)}
    return _("%(points)s of %(of)s") % numbers


def percent_of(score: Score) -> str:
    """Return "75 %", or "50 to 75 %"; a dash where there are no points."""
    percent = score.percent
    return "–" if percent is None else f"{_between(*percent)} %"


def plain(number: Decimal) -> str:
    """Return a number without the zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _between(least: Decimal, most: Decimal) -> str:
    if least == most:
        return plain(least)
    return _("%(least)s to %(most)s") % {"least": plain(least), "most": plain(most)}


def _waits(tally: Tally) -> str:
    parts = []
    if tally.waiting:
        parts.append(_("%(number)d for a person") % {"number": tally.waiting})
    if tally.judging:
        parts.append(_("%(number)d being judged") % {"number": tally.judging})
    return ", ".join(parts)
