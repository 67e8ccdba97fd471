"""Sittings: begun once however often one asks, and rescheduled where their times change."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.drawing import PoolTooSmallError, draw
from assessments.models import Accommodation, Assessment, Attempt, Sitting, Slot, User
from assessments.ready import Ready
from assessments.services.attempts import pinned
from assessments.services.handing_in import hand_in
from assessments.services.journal import open_journals
from assessments.services.submissions import SittingOverError
from assessments.timing import (
    Refusal,
    Terms,
    due_at,
    grace_until,
    may_begin,
    still_takes,
    terms_of,
    terms_of_test,
)
from question_bank.models import Question
from question_bank.variants import DEPLOYED


class NoSittingError(Exception):
    """No sitting begins; ``refusal`` says why, and its words are for the learner."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal.words))


class TooFewQuestionsError(Exception):
    """The pools do not have a question for each place; the text is for instructors."""


def accommodation_for(learner: User, assessment: Assessment) -> Accommodation | None:
    """Return the accommodation that applies: that for the assessment before that for its course."""
    return accommodations_for(learner, [assessment])[assessment.pk]


def accommodations_for(
    learner: User, assessments: Sequence[Assessment]
) -> dict[int, Accommodation | None]:
    """Return which accommodation of a learner's applies to each assessment, by its key; a query."""
    courses = sorted({assessment.course_id for assessment in assessments})
    given = _GIVEN(learner.pk, *courses)
    return {assessment.pk: _applying(given, assessment) for assessment in assessments}


_GIVEN = Ready(
    lambda learner, *courses: Accommodation.objects.filter(learner=learner, course__in=courses)
)


def _applying(given: Iterable[Accommodation], assessment: Assessment) -> Accommodation | None:
    fits = [
        one
        for one in given
        if one.assessment_id == assessment.pk
        or (one.assessment_id is None and one.course_id == assessment.course_id)
    ]
    return min(fits, key=lambda one: one.assessment_id is None, default=None)


def terms_with(assessment: Assessment, accommodation: Accommodation | None) -> Terms:
    """Return what holds at an assessment with the accommodation that applies."""
    if accommodation is None:
        return terms_of(assessment)
    return terms_of(assessment, accommodation.factor, accommodation.extra_sittings)


def factors_at(assessment: Assessment) -> set[Decimal]:
    """Return the factors of all accommodations that may apply to an assessment."""
    own = Q(assessment=assessment) | Q(assessment=None, course=assessment.course_id)
    return set(Accommodation.objects.filter(own).values_list("factor", flat=True))


def begin(
    learner: User, assessment: Assessment, *, test: bool = False, now: datetime | None = None
) -> Sitting:
    """Begin a sitting, or return the one that goes on: two pages at once begin one.

    Questions are drawn, and pinned to their live versions with values that this learner has had
    least. A ``test`` sitting is an instructor's: no window and no number of sittings holds, and it
    counts nowhere. Raises ``NoSittingError`` and ``TooFewQuestionsError``.
    """
    now = now or timezone.now()
    with transaction.atomic():
        # Whoever comes second waits here, and finds what the first has begun. A database without
        # row locks has let only one of them write from the transaction's first statement on.
        User.objects.select_for_update().only("pk").get(pk=learner.pk)
        before = list(Sitting.objects.filter(learner=learner, assessment=assessment))
        goes_on = next((one for one in before if one.handed_in_at is None), None)
        if goes_on and still_takes(goes_on, now):
            return goes_on
        if goes_on:
            hand_in(goes_on, now=now)
        terms = _checked_terms(learner, assessment, before, test=test, now=now)
        number = max((one.number for one in before), default=0) + 1
        return _start(learner, assessment, terms, number, test=test, now=now)


def _checked_terms(
    learner: User, assessment: Assessment, before: Iterable[Sitting], *, test: bool, now: datetime
) -> Terms:
    if test:
        return terms_of_test(assessment)
    terms = terms_with(assessment, accommodation_for(learner, assessment))
    taken = sum(not one.is_test for one in before)
    refusal = may_begin(terms, taken=taken, is_open=False, now=now)
    if refusal is not None:
        raise NoSittingError(refusal)
    return terms


def _start(
    learner: User, assessment: Assessment, terms: Terms, number: int, *, test: bool, now: datetime
) -> Sitting:
    chosen = _drawn(assessment, secrets.SystemRandom())
    due = due_at(terms, now)
    sitting = Sitting.objects.create(
        learner=learner,
        assessment=assessment,
        number=number,
        started_at=now,
        due_at=due,
        grace_until=grace_until(terms, due),
        is_test=test,
    )
    attempts = Attempt.objects.bulk_create(_attempts(sitting, chosen))
    open_journals(attempts, now)
    return sitting


def _drawn(assessment: Assessment, chance: secrets.SystemRandom) -> list[tuple[Slot, Question]]:
    """Return the questions of a sitting in the order in which they are asked, each with its slot.

    Raises ``TooFewQuestionsError``.
    """
    asked = assessment.slots.select_related("question__live").defer("question__live__content")
    slots = [slot for slot in asked for _again in range(slot.draws)]
    fixed = {slot.question_id: slot.question for slot in slots if slot.question is not None}
    pools = {slot.pk: _pool(slot) for slot in asked}
    try:
        keys = draw([pools[slot.pk] for slot in slots], chance)
    except PoolTooSmallError as fault:
        raise TooFewQuestionsError(_too_few(slots[fault.place])) from fault
    if not keys:
        raise TooFewQuestionsError(_("The assessment has no questions yet."))
    found = fixed | _questions([key for key in keys if key not in fixed])
    chosen = [(slot, found[key]) for slot, key in zip(slots, keys, strict=True)]
    if assessment.shuffles:
        chance.shuffle(chosen)
    return chosen


def _pool(slot: Slot) -> list[int]:
    """Return the keys of the live questions that fit a slot; a query, none where it is fixed."""
    if slot.question is None:
        return list(pool_of(slot).values_list("pk", flat=True))
    return [slot.question.pk] if slot.question.live_id is not None else []


def _questions(keys: Sequence[int]) -> dict[int, Question]:
    if not keys:
        return {}
    return Question.objects.select_related("live").defer("live__content").in_bulk(keys)


def pool_of(slot: Slot) -> QuerySet[Question]:
    """Return the live questions that fit all that a slot says."""
    live = Question.objects.filter(live__isnull=False)
    if slot.question_id is not None:
        return live.filter(pk=slot.question_id)
    fits = live.filter(courseitem__course=slot.assessment.course_id, **_wanted(slot))
    return fits.order_by("pk").distinct()


def _wanted(slot: Slot) -> dict[str, object]:
    """Return all that a pool's slot says of its questions."""
    wanted = {
        "concepts": slot.concept_id,
        "kind": slot.kind or None,
        "tags": slot.tag_id,
        "difficulty__gte": slot.easiest,
        "difficulty__lte": slot.hardest,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _too_few(slot: Slot) -> str:
    place = slot.position + 1
    if slot.question_id is not None:
        return _("Place %(place)d: its question is withdrawn, or stands at another place too.") % {
            "place": place
        }
    return _(
        "Place %(place)d: its pool has too few live questions that are not asked elsewhere."
    ) % {"place": place}


def _attempts(sitting: Sitting, chosen: Sequence[tuple[Slot, Question]]) -> list[Attempt]:
    keys = [question.pk for _slot, question in chosen]
    had, numbers = _before(sitting.learner_id, keys)
    return [
        Attempt(
            learner_id=sitting.learner_id,
            question=question,
            purpose=Attempt.Purpose.SITTING,
            number=numbers[question.pk] + 1,
            started_at=sitting.started_at,
            sitting=sitting,
            place=place,
            points=slot.points,
            **pinned(question, _fresh_seed(had[question.pk])),
        )
        for place, (slot, question) in enumerate(chosen)
    ]


def ask_again(sitting: Sitting, place: int, *, now: datetime | None = None) -> Attempt:
    """Ask a question of a practice again, with values that its learner has had least.

    What was answered stays, as practice at that question; the sitting counts the new attempt.
    Raises ``SittingOverError``, ``WithdrawnError``, ``Attempt.DoesNotExist`` where no such place
    can be asked again, and ``TypeError`` in an exam.
    """
    now = now or timezone.now()
    with transaction.atomic():
        mine = Sitting.objects.select_for_update().get(pk=sitting.pk)
        if sitting.assessment.kind != Assessment.Kind.PRACTICE:
            raise TypeError(f"{sitting.assessment} asks each question once")
        if not still_takes(mine, now):
            raise SittingOverError(_("The time is over: what was saved before counts."))
        kept = mine.attempts.select_related("question__live").exclude(
            question__kind=Question.Kind.CODE
        )
        old = kept.get(place=place)
        had, numbers = _before(old.learner_id, [old.question_id])
        pins = pinned(old.question, _fresh_seed(had[old.question_id]))
        _leave_to_practice(old)
        again = Attempt.objects.create(
            learner_id=old.learner_id,
            question=old.question,
            purpose=Attempt.Purpose.SITTING,
            number=numbers[old.question_id] + 1,
            started_at=now,
            sitting=mine,
            place=place,
            points=old.points,
            is_flagged=old.is_flagged,
            **pins,
        )
        open_journals([again], now)
    return again


def _leave_to_practice(old: Attempt) -> None:
    """Make an attempt of a sitting one of practice, the learner's latest at its question."""
    practised = Attempt.objects.practice().filter(learner=old.learner_id, question=old.question_id)
    last = practised.aggregate(last=Max("number"))["last"] or 0
    Attempt.objects.filter(pk=old.pk).update(
        purpose=Attempt.Purpose.PRACTICE,
        number=last + 1,
        sitting=None,
        place=None,
        points=None,
        is_flagged=False,
    )


def _before(
    learner: int, questions: Sequence[int]
) -> tuple[Mapping[int, list[int]], Mapping[int, int]]:
    """Return the seeds that a learner has had at questions, and how often they sat each."""
    seeds: defaultdict[int, list[int]] = defaultdict(list)
    numbers: defaultdict[int, int] = defaultdict(int)
    rows = Attempt.objects.filter(learner=learner, question__in=questions)
    for question, purpose, number, seed in rows.values_list(
        "question", "purpose", "number", "seed"
    ).order_by():
        seeds[question].append(seed)
        if purpose == Attempt.Purpose.SITTING:
            numbers[question] = max(numbers[question], number)
    return seeds, numbers


def _fresh_seed(had: Sequence[int]) -> int:
    """Return a deployed seed, of those that came least often before."""
    fewest = min(had.count(seed) for seed in DEPLOYED)
    return secrets.choice([seed for seed in DEPLOYED if had.count(seed) == fewest])


def reschedule(changed: Assessment | Accommodation) -> int:
    """Work out anew when open sittings end; return how many end at another time now.

    To be called once the times of an assessment have changed, and once an accommodation has been
    given, changed or taken away. A sitting that has been handed in stays so.
    """
    sittings = Sitting.objects.filter(handed_in_at=None, is_test=False)
    if isinstance(changed, Assessment):
        sittings = sittings.filter(assessment=changed)
    else:
        of = {"assessment": changed.assessment_id} if changed.assessment_id else {}
        sittings = sittings.filter(
            learner=changed.learner_id, assessment__course=changed.course_id, **of
        )
    with transaction.atomic():
        locked = sittings.select_related("assessment").select_for_update(of=("self",))
        return sum([_moved(sitting) for sitting in locked.order_by("pk")])


def _moved(sitting: Sitting) -> bool:
    assessment = sitting.assessment
    terms = terms_with(assessment, accommodation_for(sitting.learner, assessment))
    due = due_at(terms, sitting.started_at)
    until = grace_until(terms, due)
    same = (sitting.due_at, sitting.grace_until) == (due, until)
    if not same:
        Sitting.objects.filter(pk=sitting.pk).update(due_at=due, grace_until=until)
    return not same
