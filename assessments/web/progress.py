"""Where a grading stands, as a list of stages that has all its lines from the start."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Grading
from assessments.services import queue_position
from grader.contract import Exercise

NAMES: dict[str, Promise] = {
    "queued": gettext_lazy("Queued"),
    "preparing": gettext_lazy("Preparing"),
    "correctness": gettext_lazy("Correctness"),
    "pairs": gettext_lazy("Pairs"),
    "memory": gettext_lazy("Memory"),
    "timing": gettext_lazy("Timing"),
    "growth": gettext_lazy("Growth"),
}


@dataclass(frozen=True)
class StageLine:
    """One stage: ``place`` is done, now or todo; ``count`` says how far it is."""

    name: str | Promise
    place: str
    count: str

    @property
    def mark(self) -> str:
        """The place as a shape."""
        return {"done": "✓", "now": "●", "todo": "○"}[self.place]


@dataclass(frozen=True)
class Progress:
    """All stages, and the present one in words for those who hear the page."""

    stage: str
    words: str
    lines: list[StageLine]

    @property
    def mark(self) -> str:
        """What a page that has seen this state says to be told only of another."""
        return self.stage + "".join(f"/{line.count}" for line in self.lines if line.count)


def progress_of(grading: Grading, exercise: Exercise) -> Progress:
    """Return where a grading that is not done stands; one query while it waits in the queue."""
    stage = grading.stage or ("queued" if grading.state == Grading.State.QUEUED else "preparing")
    stages = _stages(exercise)
    now = stages.index(stage) if stage in stages else 0
    count = _count(grading, stage)
    lines = [
        StageLine(
            name=NAMES[name],
            place="done" if place < now else "now" if place == now else "todo",
            count=count if place == now else "",
        )
        for place, name in enumerate(stages)
    ]
    words = _("Grading: %(stage)s") % {"stage": str(NAMES[stages[now]]).lower()}
    return Progress(stage, words if stage != "queued" else _("Waiting to be graded"), lines)


def _stages(exercise: Exercise) -> list[str]:
    declared = {
        "memory": exercise.memory,
        "timing": exercise.speed,
        "growth": exercise.growth,
    }
    return [name for name in NAMES if name not in declared or declared[name] is not None]


def _count(grading: Grading, stage: str) -> str:
    if stage == "queued":
        place = queue_position(grading)
        if place is None or place == 1:
            return _("next in line")
        ahead = place - 1
        return ngettext("%(ahead)d before yours", "%(ahead)d before yours", ahead) % {
            "ahead": ahead
        }
    if grading.stage_done is None:
        return ""
    if grading.stage_total is None:
        return str(grading.stage_done)
    numbers = {"done": grading.stage_done, "total": grading.stage_total}
    return _("%(done)d of %(total)d") % numbers
