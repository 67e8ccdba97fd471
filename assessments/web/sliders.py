"""A concept's picture whose parameters a learner sets, and what each setting costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.web.pictures import MaskPicture, pattern_picture
from grader.costs import DENSE, KIB, LLAMA_3_8B, Stack, entries_kept, is_causal
from grader.patterns import Pattern, parse
from grader.patterns.pictures import MOST_SQUARES
from question_bank.models import Concept

_MIB = 1024 * KIB
_MODEL = Stack.of(LLAMA_3_8B)
_ENTRY_BYTES = LLAMA_3_8B.layers * _MODEL.entry_bytes(DENSE)


@dataclass(frozen=True)
class Setting:
    """A parameter with its bounds and what it is set to."""

    name: str
    title: str
    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Figure:
    """A quantity of the pattern as set, in words, and the same of dense attention."""

    name: str
    value: str
    dense: str


@dataclass(frozen=True)
class Explorable:
    """The picture, what can be set, and what it comes to."""

    picture: MaskPicture
    settings: tuple[Setting, ...]
    figures: tuple[Figure, ...]
    causal: bool

    @property
    def words(self) -> str:
        """What is read out when something has been set."""
        told = [f"{one.name} = {one.value}" for one in self.settings]
        return "; ".join([", ".join(told), *(f"{one.name}: {one.value}" for one in self.figures)])


def explorable(concept: Concept, asked: Mapping[str, str], query: str | None) -> Explorable | None:
    """Draw a concept's pattern as asked for, each value kept within its bounds.

    ``asked`` is what an address says, perhaps nonsense; what it does not say is as the concept has
    it. None for a concept without a pattern.
    """
    if not concept.pattern or not concept.pattern_n:
        return None
    settings = _settings(concept, asked)
    values = {one.name: one.value for one in settings}
    n = values.pop("n")
    pattern = parse(concept.pattern, values)
    title = _("Which keys each query sees: %(title)s") % {"title": concept.title}
    caption = _("%(notation)s, n = %(n)d") % {"notation": pattern, "n": n}
    picture = pattern_picture(pattern, n, title=title, caption=caption, query=query)
    causal = is_causal(pattern, MOST_SQUARES)
    return Explorable(picture, settings, tuple(_figures(pattern, n, causal)), causal)


def _settings(concept: Concept, asked: Mapping[str, str]) -> tuple[Setting, ...]:
    length = {
        "name": "n",
        "title": pgettext("of a text", "Length n"),
        "value": concept.pattern_n,
        "low": 1,
        "high": MOST_SQUARES,
    }
    return tuple(
        Setting(**{**told, "value": _within(asked.get(told["name"]), **_bounds(told))})
        for told in [*concept.parameters, length]
    )


def _bounds(told: Mapping[str, int]) -> dict[str, int]:
    return {key: told[key] for key in ("value", "low", "high")}


def _within(asked: str | None, value: int, low: int, high: int) -> int:
    if asked is None or not (asked.isascii() and asked.isdigit() and len(asked) < 9):
        return value
    return min(max(int(asked), low), high)


def _figures(pattern: Pattern, n: int, causal: bool) -> list[Figure]:
    pairs, whole = pattern.count(n), n * n
    half = n * (n + 1) // 2
    each = 4 * LLAMA_3_8B.head_dim
    most = half if causal else whole
    figures = [
        Figure(_("Pairs"), f"{pairs:,}", f"{most:,}"),
        Figure(_("Share of all n · n pairs"), _percent(pairs, whole), _percent(most, whole)),
    ]
    if not causal:
        return [
            *figures,
            Figure(_("Operations of one head"), f"{each * pairs:,}", f"{each * most:,}"),
        ]
    entries = entries_kept(pattern, n)
    return [
        *figures,
        Figure(_("Share of the causal pairs"), _percent(pairs, half), _percent(1, 1)),
        Figure(_("Operations of one head"), f"{each * pairs:,}", f"{each * most:,}"),
        Figure(_("Keys kept in the cache"), f"{entries:,}", f"{n:,}"),
        Figure(_("Bytes of cache"), _bytes(entries * _ENTRY_BYTES), _bytes(n * _ENTRY_BYTES)),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _bytes(number: int) -> str:
    unit, name = (_MIB, "MiB") if number >= _MIB else (KIB, "KiB")
    return f"{number / unit:,.4g} {name}"
