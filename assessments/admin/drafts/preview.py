"""What a draft's page looks like to a learner, and what only its author sees beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessments.admin.drafts.masks import masks_of
from assessments.admin.drafts.shapes import Group
from assessments.admin.drafts.typed import ROOT, name_of
from assessments.admin.learners_view import learners_view
from assessments.web.prose import render, render_inline
from question_bank.author_tests import worked
from question_bank.effort import check_effort
from question_bank.kinds import (
    KINDS,
    Answerable,
    Content,
    ContentError,
)
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.numeric import NumericContent, NumericVariant, in_digits
from question_bank.refusals import reason_of
from question_bank.units import UNITS
from question_bank.variants import DEPLOYED, read_content

LONGEST = 200_000
MOST_MASKS = 12
_TESTS_SHOWN = 8
_NO_BOUNDS = {"model_type", "model_attributes_type"}


@dataclass(frozen=True)
class Problem:
    """What keeps a draft from being handed in, and the field it is about."""

    name: str
    place: str
    reason: str


@dataclass(frozen=True)
class Marked:
    """What a learner reads after an answer."""

    answer: str
    percent: int
    given: SafeString
    feedback: SafeString
    fault: str = ""


def problems_in(shape: Group, content: Mapping[str, Any]) -> list[Problem]:
    """Return what the schema of a content's kind refuses, each at its field."""
    try:
        read_content(content)
    except ValidationError as refusal:
        errors = refusal.errors()
        # Of a setting that is no number, the bounds alone have something to say.
        bounds = {error["loc"][:-1] for error in errors if _is_bounds(error["loc"])}
        return [
            _problem(shape, error["loc"], _told(error))
            for error in errors
            if error["loc"][-1:] != ("int",) or error["loc"][:-1] not in bounds
        ]
    return []


def _is_bounds(place: tuple[str | int, ...]) -> bool:
    """Tell whether a complaint is about a value that was tried to be read as bounds."""
    return "Bounds" in str(place[-1:])


def _problem(shape: Group, place: tuple[str | int, ...], reason: str) -> Problem:
    name = name_of(shape, place)
    words = [
        str(int(key) + 1) if key.isdecimal() else key.replace("_", " ")
        for key in name.split(".")[1:]
    ]
    return Problem(name, " ".join(words), reason)


def _told(error: ErrorDetails) -> str:
    """Return what an author is told of a complaint."""
    if _is_bounds(error["loc"]) and error["type"] in _NO_BOUNDS:
        return _("Type a number, or what learners may set: 0 to 32, or 1, 2, 4")
    return reason_of(error)


def preview(shape: Group, content: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the context of a preview; nothing but the schema and the algebra is run."""
    shared = {
        "seed": seed,
        "last_seed": DEPLOYED.stop - 1,
        "masks": list(islice(masks_of(content, seed), MOST_MASKS)),
    }
    if len(str(content)) > LONGEST:
        fault = _("A preview takes at most %(longest)s characters.") % {"longest": f"{LONGEST:,}"}
        return shared | {"fault": fault, "problems": problems_in(shape, content)}
    try:
        read = read_content(content)
        check_effort(read, [seed])
        variant = KINDS[read.kind].variant(read, seed)
        variant.rehearse()
    except ValidationError:
        return shared | {"problems": problems_in(shape, content)}
    except ContentError as fault:
        name = name_of(shape, tuple(fault.key.split(".")))
        place = name.removeprefix(ROOT).strip(".") or fault.key
        return shared | {"problems": [Problem(name, place, fault.reason)]}
    beside = _beside(read, variant) if isinstance(variant, Answerable) else {}
    return shared | {"view": learners_view(variant, "shown-")} | beside


def _beside(read: Content, variant: Answerable) -> dict[str, Any]:
    """Return what the author knows and the learner does not."""
    told: dict[str, Any] = {"marked": list(_marked(read, variant))}
    if isinstance(read, NumericContent) and isinstance(variant, NumericVariant):
        told["parameters"] = list(variant.names.items())
        told["ideas"] = [
            (idea.name, _number(variant.wrong_number(idea), read.unit))
            for idea in read.misconceptions
        ]
    if isinstance(read, MultiContent):
        guessing = read.guessing()
        told["guessing"] = {
            "at_random": round(100 * guessing.at_random),
            "everything": round(100 * guessing.everything),
        }
    return told


def _number(value: int | Fraction | None, unit: str | None) -> str:
    if value is None:
        return _("no number of its own here")
    factor = UNITS[unit].factor if unit else 1
    return f"{in_digits(Fraction(value) / factor)} {unit or ''}".strip()


def _marked(read: Content, variant: Answerable) -> Iterator[Marked]:
    """Mark the samples of the kind and the author's own answers, each of them once."""
    for answer, mark in islice(worked(read, variant), _TESTS_SHOWN):
        if isinstance(mark, str):
            yield Marked(answer, 0, render(""), render(""), mark)
            continue
        given, feedback = render_inline(mark.given), render(mark.feedback)
        yield Marked(answer, round(100 * mark.fraction), given, feedback)
