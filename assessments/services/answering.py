"""Answers within a sitting that are marked at once, and flags."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Attempt, Response, Sitting
from assessments.services.attempts import marked
from assessments.services.handing_in import Fields, is_blank, last_responses, says
from assessments.services.submissions import SittingOverError
from assessments.timing import instant_feedback, still_takes
from question_bank.kinds import UnreadableAnswerError


def check(
    sitting: Sitting, typed: Mapping[Attempt, Fields], *, now: datetime | None = None
) -> dict[int, str]:
    """Mark answers of a sitting that gives feedback at once, and keep them with it.

    Returns, by the attempt's key, why an answer was not marked; its text is for the learner. The
    same answer again is marked no second time, in an exam the first answer stands, and of several
    questions those left out are passed over. Raises
    ``SittingOverError``, and ``ValueError`` where feedback is not given at once.
    """
    now = now or timezone.now()
    with transaction.atomic():
        mine = Sitting.objects.select_for_update().get(pk=sitting.pk)
        if not instant_feedback(sitting.assessment):
            raise ValueError(f"{sitting.assessment} gives no feedback at once")
        if not still_takes(mine, now):
            raise SittingOverError(_("The time is over: what was saved before counts."))
        return _check_each(sitting.assessment, typed, now)


def _check_each(
    assessment: Assessment, typed: Mapping[Attempt, Fields], now: datetime
) -> dict[int, str]:
    before, faults, responses = last_responses(list(typed)), {}, []
    for attempt, answer in typed.items():
        last = before.get(attempt.pk)
        left_out = is_blank(answer) and len(typed) > 1
        if left_out or (last is not None and says(last, answer)):
            continue
        if last is not None and assessment.kind == Assessment.Kind.EXAM:
            faults[attempt.pk] = _("In an exam the first answer that you check stands.")
            continue
        try:
            number = last.number + 1 if last else 1
            responses.append(marked(attempt, answer, now, number))
        except UnreadableAnswerError as fault:
            faults[attempt.pk] = str(fault)
    Response.objects.bulk_create(responses)
    return faults


def flag(sitting: Sitting, place: int, *, flagged: bool) -> None:
    """Mark a question of a sitting to come back to, or take the mark away."""
    sitting.attempts.filter(place=place).update(is_flagged=flagged)
