"""The end of a sitting: what was saved becomes what is marked, and nothing of it is lost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.models import (
    Assessment,
    Attempt,
    Response,
    RubricMark,
    Sitting,
    Submission,
    credit,
)
from assessments.ready import Ready
from assessments.services.attempts import marked
from assessments.services.journal import states_read
from assessments.services.plain import storable
from assessments.services.submissions import SourceTooLargeError, submit_draft
from assessments.timing import still_takes
from question_bank.kinds import CodePage, UnreadableAnswerError
from question_bank.models import Question
from question_bank.variants import variant_of

log = structlog.get_logger(__name__)

Fields = Mapping[str, str]
_OF_ATTEMPTS = (
    *("learner", "sitting", "place", "seed", "points", "is_flagged", "number", "grader_digest"),
    *("question__kind", "question__slug", "question__title", "question__live"),
    *("version__digest", "saved__state", "saved__revision"),
)


def hand_in(sitting: Sitting, *, now: datetime | None = None) -> Sitting:
    """End a sitting and mark what was saved; return it as it is then. Safe to repeat.

    A saved answer becomes a response, where it is not one already. One that cannot be read is kept
    and earns nothing, with the reason. Of code the last submission counts; a draft of which nothing
    was ever submitted is submitted now. Once the grace time is over, the clock has handed it in.
    """
    now = now or timezone.now()
    with transaction.atomic():
        related = Sitting.objects.select_related("assessment")
        mine = related.select_for_update(of=("self",)).get(pk=sitting.pk)
        if mine.handed_in_at is not None:
            return mine
        until = mine.grace_until
        mine.by_clock = until is not None and now > until
        mine.handed_in_at = until if mine.by_clock else now
        _settle(mine, now)
        mine.save(update_fields=["handed_in_at", "by_clock"])
    return mine


def settled(sitting: Sitting, now: datetime | None = None) -> Sitting:
    """Return a sitting as it is now: handed in where its grace time is over."""
    now = now or timezone.now()
    if sitting.handed_in_at is None and not still_takes(sitting, now):
        return hand_in(sitting, now=now)
    return sitting


def sweep(now: datetime | None = None) -> int:
    """Hand in every sitting whose grace time is over; return how many. Beat calls it."""
    now = now or timezone.now()
    over = Sitting.objects.filter(handed_in_at=None, grace_until__lt=now)
    handed_in = 0
    for sitting in over.order_by("grace_until", "pk"):
        try:
            hand_in(sitting, now=now)
        except Exception:
            # One sitting that cannot be settled must not keep the others waiting.
            log.exception("not_handed_in", sitting=sitting.pk)
        else:
            handed_in += 1
    return handed_in


def _settle(sitting: Sitting, now: datetime) -> None:
    """Turn what is saved into responses and submissions; the sitting is locked by the caller."""
    attempts = asked_in(sitting)
    saved = {pk: state.answer() for pk, state in states_read(attempts).items()}
    answers = [one for one in attempts if one.question.kind != Question.Kind.CODE]
    drafts = [one for one in attempts if one.question.kind == Question.Kind.CODE]
    # Where an exam gave feedback at once, the first answer that was checked stands.
    first_stands = sitting.assessment.kind == Assessment.Kind.EXAM
    Response.objects.bulk_create(_responses(answers, saved, now, first_stands=first_stands))
    for attempt in drafts:
        if not is_submitted(attempt):
            _submit_draft(attempt, saved.get(attempt.pk, {}), now)


def asked_in(sitting: Sitting) -> list[Attempt]:
    """Return the attempts of a sitting in order, each with what is saved of its answer; a query.

    Of question and version there is what asking and marking take: all else is read where it is
    asked for.
    """
    attempts = _ASKED(sitting.pk)
    for one in attempts:
        one.sitting = sitting
    return attempts


_ASKED = Ready(
    lambda sitting: (
        Attempt.objects.filter(sitting=sitting)
        .select_related("question", "version", "saved")
        .only(*_OF_ATTEMPTS)
        .annotate(submitted=Exists(Submission.objects.filter(attempt=OuterRef("pk"))))
        .order_by("place")
    )
)


def is_submitted(attempt: Attempt) -> bool:
    """Whether any code was submitted, of an attempt that ``asked_in`` read."""
    return bool(getattr(attempt, "submitted", False))


def is_answered(attempt: Attempt, saved: Fields, *, responded: bool) -> bool:
    """Whether anything stands for an answer to an attempt that ``asked_in`` read: of code a
    submission, else what is saved or what was answered before.
    """
    if attempt.question.kind == Question.Kind.CODE:
        return is_submitted(attempt)
    return responded or not is_blank(saved)


def is_blank(answer: Fields) -> bool:
    """Whether nothing stands in an answer's fields."""
    return not any(value.strip() for value in answer.values())


def _responses(
    attempts: Sequence[Attempt], saved: Mapping[int, Fields], now: datetime, *, first_stands: bool
) -> Iterator[Response]:
    latest = last_responses(attempts)
    for attempt in attempts:
        answer, before = saved.get(attempt.pk, {}), latest.get(attempt.pk)
        if is_blank(answer) or (before and (first_stands or says(before, answer))):
            continue
        yield _response(attempt, answer, now, number=before.number + 1 if before else 1)


def last_responses(attempts: Sequence[Attempt]) -> dict[int, Response]:
    """Return the last response of each attempt that has one, by its key; one query."""
    rows = _RESPONSES(*[attempt.pk for attempt in attempts])
    return {row.attempt_id: row for row in rows}


_RESPONSES = Ready(
    lambda *attempts: Response.objects.filter(attempt__in=attempts).order_by("number")
)


def latest_responses(attempts: Sequence[Attempt]) -> dict[int, Any]:
    """Return the last response of each attempt that has one, credited, by the attempt's key.

    One query, and another where some of a mark waits or has waited for a person.
    """
    latest: dict[int, Any] = last_responses(attempts)
    waited = [row.pk for row in latest.values() if row.waits]
    marks = RubricMark.objects.filter(response__in=waited, superseded_by=None)
    marked = dict(marks.values_list("response", "fraction").order_by()) if waited else {}
    for row in latest.values():
        row.marked = marked.get(row.pk)
        row.earned, row.waiting = credit(row.fraction, row.waits, row.marked)
    return latest


def says(response: Response, answer: Fields) -> bool:
    """Whether a response was made of this answer; what is blank says nothing."""
    told = {name: value for name, value in storable(dict(answer)).items() if value}
    return {name: value for name, value in response.answer.items() if value} == told


def _response(attempt: Attempt, answer: Fields, now: datetime, number: int) -> Response:
    try:
        return marked(attempt, answer, now, number)
    except UnreadableAnswerError as fault:
        feedback = {"given": "", "right": "", "feedback": str(fault), "unreadable": str(fault)}
        return Response(
            attempt=attempt,
            number=number,
            answer=storable(dict(answer)),
            fraction=0,
            waits=0,
            feedback=feedback,
            created_at=now,
        )


def _submit_draft(attempt: Attempt, saved: Fields, now: datetime) -> None:
    source = saved.get("source", "")
    page = variant_of(attempt.version, attempt.seed).page
    assert isinstance(page, CodePage)
    if not source.strip() or source == page.starter:
        return
    try:
        submit_draft(attempt, source.encode(errors="replace"), now)
    except SourceTooLargeError:
        log.warning("draft_too_large", attempt=attempt.pk, size=len(source))
