"""What the page of an assessment shows, and the list of them on the page of their course."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import teaches, visible_assessments
from assessments.models import Assessment, Attempt, Course, Sitting, User
from assessments.scoring import Score
from assessments.services.results import credits_of, feedback_shown, score_with
from assessments.services.sittings import accommodation_for, accommodations_for, terms_with
from assessments.timing import Refusal, Terms, may_begin
from assessments.web.conditions import asks_to_confirm, conditions, plain
from assessments.web.prose import render

SITTINGS_SHOWN = 10
OPEN, UPCOMING, DONE = "open", "upcoming", "done"
HEADINGS: dict[str, Promise] = {
    OPEN: gettext_lazy("Open now"),
    UPCOMING: gettext_lazy("Coming up"),
    DONE: gettext_lazy("Done or closed"),
}


@dataclass(frozen=True)
class SittingLine:
    """A learner's sitting: where it stands, and its mark where that is shown."""

    sitting: Sitting
    words: str
    mark: str

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.sitting.handed_in_at is None


@dataclass(frozen=True)
class AssessmentLine:
    """An assessment as its course lists it; ``ends_at`` is when it closes for this learner, or
    when the sitting that goes on is over.
    """

    assessment: Assessment
    state: str
    words: str
    opens_at: datetime | None
    ends_at: datetime | None


def context(assessment: Assessment, user: User) -> dict[str, Any]:
    """Return the page: introduction, conditions, own sittings, and whether one may begin."""
    now = timezone.now()
    accommodation = accommodation_for(user, assessment)
    terms = terms_with(assessment, accommodation)
    sittings = list(assessment.sittings.filter(learner=user).order_by("-number"))
    taken = sum(not sitting.is_test for sitting in sittings)
    going_on = next((one for one in sittings if one.handed_in_at is None), None)
    refusal = may_begin(terms, taken=taken, is_open=going_on is not None, now=now)
    return {
        "assessment": assessment,
        "course": assessment.course,
        "introduction": render(assessment.introduction) if assessment.introduction else "",
        "conditions": conditions(assessment, accommodation, taken),
        "opens_at": terms.opens_at,
        "closes_at": terms.closes_at,
        "later": accommodation is not None and terms.closes_at != assessment.closes_at,
        "sittings": _sitting_lines(sittings[:SITTINGS_SHOWN], assessment, now),
        "not_shown": len(sittings) - SITTINGS_SHOWN,
        "going_on": going_on,
        "refusal": "" if refusal in {None, Refusal.ONE_IS_OPEN} else refusal.words,
        "may_try": teaches(user, assessment.course),
        "asks_to_confirm": asks_to_confirm(assessment),
        "again": bool(sittings),
    }


def _sitting_lines(
    sittings: list[Sitting], assessment: Assessment, now: datetime
) -> list[SittingLine]:
    """Return a line for each sitting; five queries however many there are."""
    over = [sitting for sitting in sittings if sitting.handed_in_at is not None]
    asked = Attempt.objects.filter(sitting__in=over).select_related("question").order_by()
    attempts = list(asked) if over else []
    earned = credits_of(attempts) if over else {}
    lines = []
    for sitting in sittings:
        sitting.assessment = assessment
        if sitting.handed_in_at is None:
            lines.append(SittingLine(sitting, _("going on"), ""))
            continue
        score = score_with([one for one in attempts if one.sitting_id == sitting.pk], earned)
        words = _("handed in by the clock") if sitting.by_clock else _("handed in")
        shown = feedback_shown(sitting, now)
        lines.append(SittingLine(sitting, words, mark_words(score, shown=shown)))
    return lines


def mark_words(score: Score, *, shown: bool) -> str:
    """Return what a sitting earned in words; not shown yet, only whether it is known."""
    if not shown:
        return _("judged") if score.is_decided else _("received, being judged")
    told = score.rounded()
    numbers = {"least": plain(told.least), "most": plain(told.most), "of": plain(told.of)}
    if score.is_decided:
        return _("%(least)s of %(of)s points") % numbers
    return _("%(least)s to %(most)s of %(of)s points, some not decided yet") % numbers


def listed(course: Course, user: User) -> list[tuple[Promise, list[AssessmentLine]]]:
    """Return the assessments of a course by where they stand for a person; three queries."""
    now = timezone.now()
    found = list(visible_assessments(user).filter(course=course))
    given = accommodations_for(user, found) if found else {}
    sittings = Sitting.objects.filter(learner=user, assessment__in=found) if found else []
    mine: dict[int, list[Sitting]] = {}
    for sitting in sittings:
        mine.setdefault(sitting.assessment_id, []).append(sitting)
    lines = [_line(one, terms_with(one, given[one.pk]), mine.get(one.pk, []), now) for one in found]
    groups = [(HEADINGS[state], [one for one in lines if one.state == state]) for state in HEADINGS]
    return [(heading, group) for heading, group in groups if group]


def _line(
    assessment: Assessment, terms: Terms, sittings: list[Sitting], now: datetime
) -> AssessmentLine:
    going_on = next((one for one in sittings if one.handed_in_at is None), None)
    if going_on is not None:
        return AssessmentLine(assessment, OPEN, _("You are sitting it now."), None, going_on.due_at)
    taken = sum(not one.is_test for one in sittings)
    refusal = may_begin(terms, taken=taken, is_open=False, now=now)
    if refusal in {Refusal.NOT_OPEN_YET, Refusal.UNPUBLISHED}:
        return AssessmentLine(
            assessment, UPCOMING, _words(refusal, taken), terms.opens_at, terms.closes_at
        )
    state = OPEN if refusal is None else DONE
    return AssessmentLine(assessment, state, _words(refusal, taken), None, terms.closes_at)


def _words(refusal: Refusal | None, taken: int) -> str:
    if refusal is Refusal.UNPUBLISHED:
        return _("Not published: only those who teach see it.")
    if refusal is Refusal.NONE_LEFT:
        return _("You have handed it in.")
    if refusal is Refusal.CLOSED:
        return _("Closed; you have handed it in.") if taken else _("Closed; you did not sit it.")
    if refusal is None and taken:
        return _("You have handed it in, and may take it again.")
    return ""
