"""Building assessments: what keeps one from being sat, and when learners see what."""

from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.drawing import PoolTooSmallError, draw
from assessments.models import Assessment, Sitting, Slot
from assessments.services.sittings import pool_of


class NotReadyError(Exception):
    """The assessment cannot be published as it is; ``reasons`` are for its instructor."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class BeingSatError(Exception):
    """Learners are sitting the assessment; its text says how many."""


def problems_of(assessment: Assessment) -> list[str]:
    """Return why the assessment cannot be sat as it is, in words; nothing where it can."""
    slots = list(assessment.slots.select_related("question__live"))
    if not slots:
        return [_("It has no questions yet. Add questions or pools.")]
    gone = [slot.question.title for slot in slots if slot.question and not slot.question.live]
    if gone:
        return [_("Not published or withdrawn: %(titles)s.") % {"titles": ", ".join(gone)}]
    pools = [(slot, set(pool_of(slot).values_list("pk", flat=True))) for slot in slots]
    places = [(slot, pool) for slot, pool in pools for _again in range(slot.draws)]
    try:
        draw([pool for _slot, pool in places], Random(0))  # noqa: S311 (only whether there is one)
    except PoolTooSmallError as small:
        return [_too_small(*places[small.place])]
    return []


def _too_small(slot: Slot, pool: set[int]) -> str:
    place = {"place": slot.position + 1, "draws": slot.draws, "there": len(pool)}
    if slot.question_id is not None:
        return _("The question at place %(place)d stands twice in the assessment.") % place
    return (
        _(
            "The pool at place %(place)d is too small: %(draws)d are drawn, %(there)d fit, and no "
            "question comes twice in an assessment."
        )
        % place
    )


def publish_assessment(assessment: Assessment) -> None:
    """Let learners see and sit it. Raises ``NotReadyError``."""
    with transaction.atomic():
        locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if reasons := problems_of(locked):
            raise NotReadyError(reasons)
        _set(assessment, published_at=timezone.now())


def unpublish_assessment(assessment: Assessment) -> None:
    """Hide it from learners; what they handed in stays. Raises ``BeingSatError``."""
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        open_now = Sitting.objects.filter(
            assessment=assessment, handed_in_at__isnull=True, is_test=False
        ).count()
        if open_now:
            told = ngettext(
                "%(n)d learner is sitting it now.", "%(n)d learners are sitting it now.", open_now
            )
            raise BeingSatError(told % {"n": open_now})
        _set(assessment, published_at=None)


def release_feedback(assessment: Assessment) -> None:
    """Show learners how their answers were marked, from now on."""
    _set(assessment, released_at=timezone.now())


def hold_feedback_back(assessment: Assessment) -> None:
    """Show it no longer."""
    _set(assessment, released_at=None)


def _set(assessment: Assessment, **moment: object) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(**moment)
    for name, value in moment.items():
        setattr(assessment, name, value)
