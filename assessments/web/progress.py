"""Where a grading stands, as a list of stages that has all its lines from the start."""

import math
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Grading
from assessments.services import Place, place_of, workers_there
from grader.contract import Exercise

SOON = 2.5
MINUTE = 60
SOON_CHANGES, HARDLY_CHANGES = "500ms", "2s"

NAMES: dict[str, Promise] = {
    "queued": gettext_lazy("Queued"),
    "preparing": gettext_lazy("Preparing"),
    "correctness": gettext_lazy("Correctness"),
    "pairs": gettext_lazy("Pairs"),
    "memory": gettext_lazy("Memory"),
    "traffic": gettext_lazy("Traffic"),
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
    """All stages, and the present one in words for those who hear the page.

    ``pace`` is how often the page asks: less often where little changes.
    """

    stage: str
    words: str
    lines: list[StageLine]
    pace: str

    @property
    def mark(self) -> str:
        """What a page that has seen this state says to be told only of another."""
        return self.stage + "".join(f"/{line.count}" for line in self.lines if line.count)


def progress_of(grading: Grading, exercise: Exercise) -> Progress:
    """Return where a grading that is not done stands; three queries while it waits."""
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
    if stage != "queued":
        return Progress(stage, words, lines, SOON_CHANGES)
    pace = SOON_CHANGES if count.startswith(_("next in line")) else HARDLY_CHANGES
    return Progress(stage, _waiting_words(grading), lines, pace)


def _waiting_words(grading: Grading) -> str:
    if not grading.rests():
        if grading.device == "cuda" and not workers_there(grading.device, timezone.now()):
            return _("No machine with a GPU is grading now. It is graded as soon as one is there.")
        return _("Waiting to be graded")
    if grading.retry and not grading.deliveries:
        return _("The timing was too noisy to decide. It is measured again by itself.")
    return _("Grading failed on our side. It is tried again by itself.")


def _stages(exercise: Exercise) -> list[str]:
    declared = {
        "pairs": exercise.probe,
        "memory": exercise.memory or exercise.steady,
        "traffic": exercise.traffic,
        "timing": exercise.speed,
        "growth": exercise.growth,
    }
    return [name for name in NAMES if name not in declared or declared[name] is not None]


def _count(grading: Grading, stage: str) -> str:
    if stage == "queued":
        return _when(grading)
    if grading.stage_done is None:
        return ""
    if grading.stage_total is None:
        return str(grading.stage_done)
    numbers = {"done": grading.stage_done, "total": grading.stage_total}
    return _("%(done)d of %(total)d") % numbers


def _when(grading: Grading) -> str:
    """Say when a waiting grading will have its turn, as far as that is known."""
    if grading.rests():
        moment = timezone.localtime(grading.lease_until)
        return _("again at %(time)s") % {"time": time_format(moment, "H:i:s")}
    place = place_of(grading)
    return in_line(place) if place else ""


def in_line(place: Place) -> str:
    """Return a place in the queue in words, and when its turn comes as far as that is known."""
    where = _("next in line")
    if place.position > 1:
        where = _("%(place)s in the queue") % {"place": ordinal(place.position)}
    if place.seconds is None:
        return where
    return _("%(where)s, starts %(when)s") % {"where": where, "when": about(place.seconds)}


def about(seconds: float) -> str:
    """Return a wait in words, no more exact than a forecast is."""
    if seconds < SOON:
        return _("in a moment")
    if seconds < MINUTE:
        return _("in about %(count)d s") % {"count": 5 * math.ceil(seconds / 5)}
    minutes = round(seconds / MINUTE)
    return ngettext("in about %(count)d minute", "in about %(count)d minutes", minutes) % {
        "count": minutes
    }
