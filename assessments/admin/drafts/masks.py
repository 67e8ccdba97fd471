"""The masks of the patterns that a content is typed with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.admin.drafts.typed import ROOT
from grader.patterns import evaluate, parse
from grader.patterns.pictures import MOST_SQUARES, mask_svg
from grader.patterns.text import Row, describe, rows
from grader.patterns.tokens import PatternSyntaxError
from question_bank.draws import Draws
from question_bank.kinds.case import part_seeds
from question_bank.kinds.numeric import Parameter

_USUAL_N = 16
_LONGEST = 400


@dataclass(frozen=True)
class TypedMask:
    """The picture of a typed pattern, or what keeps it from being drawn: ``fault``."""

    name: str
    svg: SafeString | None = None
    caption: str = ""
    words: str = ""
    rows: tuple[Row, ...] = ()
    fault: str = ""


def masks_of(content: Mapping[str, Any], seed: int, name: str = ROOT) -> Iterator[TypedMask]:
    """Yield the mask of every pattern typed in a content, under the name of its field."""
    if content.get("kind") == "case":
        parts = content.get("parts") or []
        for place, (part, own) in enumerate(zip(parts, part_seeds(len(parts), seed), strict=True)):
            yield from masks_of(part.get("question") or {}, own, f"{name}.parts.{place}.question")
        return
    if content.get("kind") != "numeric":
        return
    names = drawn(content, seed)
    n = _asked_n(content, names)
    if content.get("pattern"):
        yield draw(f"{name}.pattern", str(content["pattern"]), names, n)
    for place, idea in enumerate(content.get("misconceptions") or []):
        if idea.get("pattern"):
            yield draw(f"{name}.misconceptions.{place}.pattern", str(idea["pattern"]), names, n)


def drawn(content: Mapping[str, Any], seed: int) -> dict[str, int]:
    """Return the parameters as a seed draws them, up to the first that cannot be read."""
    draws, names = Draws(seed, "numeric"), dict[str, int]()
    for written in content.get("parameters") or []:
        try:
            parameter = Parameter.model_validate(_with_tuples(written))
            names[parameter.name] = parameter.draw(draws, names)
        except ValueError:
            break
    return names


def _with_tuples(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in written.items()}


def _asked_n(content: Mapping[str, Any], names: Mapping[str, int]) -> int:
    answer = content.get("answer") or {}
    asked = (answer.get("row_count") or answer.get("total") or {}).get("n")
    try:
        return max(1, evaluate(asked, names)) if asked is not None else _USUAL_N
    except ValueError:
        return _USUAL_N


def draw(name: str, text: str, names: Mapping[str, int], n: int) -> TypedMask:
    """Draw a pattern for ``n`` positions, or for fewer where there are more than are drawn."""
    if len(text) > _LONGEST:
        return TypedMask(
            name, fault=_("A pattern has at most %(longest)s characters.") % {"longest": _LONGEST}
        )
    size = min(n, MOST_SQUARES)
    try:
        pattern = parse(text, names)
        svg = mask_svg(pattern, size, title=_("The mask of %(text)s") % {"text": text})
        told = tuple(rows(pattern, size))
        words = describe(pattern, size, -(-3 * size // 4))
    except PatternSyntaxError as fault:
        return TypedMask(
            name,
            fault=_("At character %(position)s: %(fault)s")
            % {"position": fault.position + 1, "fault": fault},
        )
    except ValueError as fault:
        return TypedMask(name, fault=str(fault))
    caption = _("Drawn for n = %(size)s") % {"size": size}
    if size < n:
        caption += _("; the question has n = %(n)s") % {"n": f"{n:,}"}
    values = ", ".join(f"{key} = {value}" for key, value in names.items())
    caption += f", {values}." if values else "."
    return TypedMask(name, mark_safe(svg), caption, words.capitalize() + ".", told)  # noqa: S308 (drawn by us)
