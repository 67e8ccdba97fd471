"""What an author reads of an exercise: how it is called, which pairs, what is checked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from assessments.web.pictures import MaskPicture, exercise_picture
from grader.contract import Case, Exercise
from grader.patterns import parse
from question_bank.kinds.code import called


@dataclass(frozen=True)
class Facts:
    """The main facts of an exercise, in words, and its picture."""

    signature: str
    pattern: str
    pairs: str
    checked: tuple[str, ...]
    devices: tuple[str, ...]
    picture: MaskPicture


def facts_of(exercise: Any) -> Facts | None:
    """Return the facts of an exercise as a draft keeps it; None where it cannot be read."""
    try:
        return _facts(json.dumps(exercise))
    except (ValidationError, ValueError):
        return None


@lru_cache(maxsize=64)
def _facts(written: str) -> Facts:
    exercise = Exercise.model_validate_json(written)
    return Facts(
        signature=called(exercise),
        pattern=exercise.pattern,
        pairs=_pairs(exercise, exercise.probe) if exercise.probe and not exercise.top_k else "",
        checked=tuple(_checked(exercise)),
        devices=tuple({"cpu": "CPU", "cuda": "GPU"}[device] for device in exercise.devices),
        picture=exercise_picture(exercise, query=None),
    )


def _pairs(exercise: Exercise, probe: Case) -> str:
    values = {name: draw.low for name, draw in probe.parameters.items()}
    n = probe.n.low
    pairs = parse(exercise.pattern, values).count(n)
    at = ", ".join(f"{name} = {value}" for name, value in [("n", n), *values.items()])
    return _("%(pairs)s at %(at)s: %(share)s of all") % {
        "pairs": f"{pairs:,}",
        "at": at,
        "share": f"{pairs / n**2:.1%}",
    }


def _checked(exercise: Exercise) -> Iterator[str]:
    yield "correctness"
    if exercise.probe:
        yield "pairs"
    if exercise.memory:
        yield _("memory, at most %(limit_mib)s MiB") % {"limit_mib": exercise.memory.limit_mib}
    if exercise.steady:
        yield _("memory while decoding, at most %(limit_mib)s MiB more") % {
            "limit_mib": f"{exercise.steady.limit_mib:g}"
        }
    if exercise.traffic:
        yield _("traffic, at most %(factor)s times that of a ring") % {
            "factor": f"{exercise.traffic.factor:g}"
        }
    if exercise.speed:
        yield _("speed, at least %(threshold)s times %(against)s") % {
            "threshold": f"{exercise.speed.threshold:g}",
            "against": exercise.speed.against,
        }
    if exercise.growth:
        yield _("growth, below n to the power %(limit)s") % {"limit": f"{exercise.growth.limit:g}"}
