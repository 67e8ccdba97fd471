"""Under which conditions an assessment is sat, in plain words."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Accommodation, Assessment
from assessments.services.sittings import terms_with
from assessments.timing import Terms, terms_of

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def duration_words(duration: timedelta) -> str:
    """Return a duration as people say it, no finer than a minute unless it is shorter than one."""
    if duration < _MINUTE:
        return _count_words(duration // timedelta(seconds=1), "second")
    hours, rest = divmod(duration, _HOUR)
    minutes = rest // _MINUTE
    words = [_count_words(hours, "hour")] if hours else []
    if minutes or not hours:
        words.append(_count_words(minutes, "minute"))
    return " ".join(words)


def _count_words(number: int, unit: str) -> str:
    told = {
        "second": ngettext("%(number)d second", "%(number)d seconds", number),
        "minute": ngettext("%(number)d minute", "%(number)d minutes", number),
        "hour": ngettext("%(number)d hour", "%(number)d hours", number),
    }
    return told[unit] % {"number": number}


def plain(number: Decimal) -> str:
    """Return a decimal without the zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_words(points: Decimal) -> str:
    """Return what a question is worth."""
    return ngettext("%(points)s point", "%(points)s points", 1 if points == 1 else 2) % {
        "points": plain(points)
    }


def conditions(
    assessment: Assessment, accommodation: Accommodation | None, taken: int
) -> list[str]:
    """Return a sentence for each condition that holds for a learner who has sat it so often."""
    terms = terms_with(assessment, accommodation)
    return [
        *_asked(assessment),
        *_time(assessment, terms, accommodation),
        *_sittings(terms, taken, accommodation),
        _FEEDBACK[Assessment.Feedback(assessment.feedback)](),
    ]


def _asked(assessment: Assessment) -> Iterator[str]:
    slots = list(assessment.slots.all())
    number = sum(slot.draws for slot in slots)
    points = sum((slot.points * slot.draws for slot in slots), Decimal(0))
    told = ngettext("%(number)d question", "%(number)d questions", number) % {"number": number}
    yield _("%(questions)s, %(points)s in all.") % {
        "questions": told,
        "points": points_words(points),
    }
    if any(slot.question_id is None for slot in slots):
        yield _("Some questions are drawn at random, so that others may have other ones.")


def _time(
    assessment: Assessment, terms: Terms, accommodation: Accommodation | None
) -> Iterator[str]:
    usual = terms_of(assessment)
    if terms.time is not None and usual.time is not None:
        yield _("You have %(time)s, counted from when you begin.") % {
            "time": duration_words(terms.time)
        }
        if terms.time != usual.time and accommodation is not None:
            yield _(
                "That is %(factor)s times the usual %(time)s: your accommodation, which scales all "
                "time limits here."
            ) % {"factor": plain(accommodation.factor), "time": duration_words(usual.time)}
        if terms.closes_at is not None:
            yield _("When the assessment closes, your time is over too, however late you began.")
    elif terms.closes_at is None:
        yield _("There is no time limit.")
        return
    yield _("What you typed before the end and reaches us within %(grace)s after it counts.") % {
        "grace": duration_words(terms.grace)
    }
    yield _("Of code, your last submission before the end counts, whenever it is judged.")


def _sittings(terms: Terms, taken: int, accommodation: Accommodation | None) -> Iterator[str]:
    if terms.sittings is None:
        yield _("You may take it as often as you like.")
        return
    left = max(terms.sittings - taken, 0)
    often = ngettext("once", "%(number)d times", terms.sittings) % {"number": terms.sittings}
    if accommodation is not None and accommodation.extra_sittings:
        yield _("You may take it %(often)s, your accommodation included; %(left)d left.") % {
            "often": often,
            "left": left,
        }
    else:
        yield _("You may take it %(often)s; %(left)d left.") % {"often": often, "left": left}


_FEEDBACK: dict[str, Callable[[], str]] = {
    Assessment.Feedback.AT_ONCE: lambda: _("You see at once how each answer is marked, and why."),
    Assessment.Feedback.HANDED_IN: lambda: _(
        "You see how your answers are marked once you have handed in."
    ),
    Assessment.Feedback.CLOSED: lambda: _(
        "You see how your answers are marked once it has closed for everybody."
    ),
    Assessment.Feedback.RELEASED: lambda: _(
        "You see how your answers are marked once an instructor releases it."
    ),
}


def asks_to_confirm(assessment: Assessment) -> bool:
    """Whether beginning starts a clock, so that nobody should begin by mistake."""
    return assessment.minutes is not None
