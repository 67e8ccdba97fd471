"""What an author types of a new code exercise, and what is refused at the door."""

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Final

from grader.contract import SLUG, Draw, Frozen
from grader.patterns import Pattern, PatternSyntaxError, outline, parse
from grader.words import gettext

LARGEST_PARAMETER: Final = 10**6
SMALLEST_PROBE, LARGEST_PROBE = 64, 2048
MOST_PARAMETERS: Final = 6
#: The parameter that says how large blocks are which a function is given instead of a seed.
BLOCK_SIZE: Final = "block_size"

#: Names that generated files use for themselves where parameters are in scope too.
_OURS: Final = {
    *("q", "k", "v", "n", "i", "j", "first_i", "last_i", "first_j", "last_j"),
    *("torch", "math", "hashlib", "sees", "may_see", "sees_strided", "may_see_strided"),
    *("attend", "summed", "merged", "by_residue", "by_position", "Part", "Callable"),
    *("random_blocks", "drawn_blocks", "some_drawn", "all_drawn", "drawn"),
    *("seen", "scores", "weights", "parts", "start"),
}
_TAKEN: Final = _OURS | set(dir(builtins)) | set(keyword.kwlist) | set(keyword.softkwlist)
_IDENTIFIER: Final = re.compile(r"(?!drawn_)[A-Za-z][A-Za-z0-9_]{0,59}")
_LONGEST_TITLE, _LONGEST_SLUG = 120, 80


class Refused(ValueError):  # noqa: N818  (a finding about a declaration)
    """A declaration that makes no exercise.

    ``str()`` is a sentence or two for the author, ``field`` the field of Declaration at fault.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


class Parameter(Frozen):
    """Between which values a name of the pattern is drawn, both included, in steps from the lower.

    ``given`` says whether the function receives it by keyword. A name that is not given either has
    one value only, or draws random blocks and nothing else: the function then gets the blocks.
    """

    low: int
    high: int
    step: int = 1
    given: bool = True

    @property
    def draw(self) -> Draw:
        """The same as a draw."""
        return Draw(low=self.low, high=self.high, step=self.step)

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high and (value - self.low) % self.step == 0


class Declaration(Frozen):
    """A code exercise as its author types it.

    ``pattern`` is in the notation of ``grader.patterns``; ``parameters`` gives each of its names
    but ``n`` a range. ``probe_n`` and ``probe_values`` are where pairs are counted, and what is
    timed has parameters near those values. With ``work`` an answer has to skip what the pattern
    leaves out: speed, growth and memory are bounded. Nothing is checked before ``declare``.
    """

    slug: str
    title: str
    pattern: str
    parameters: dict[str, Parameter] = {}
    function: str = "attention"
    probe_n: int = 1024
    probe_values: dict[str, int] = {}
    work: bool = True


def read(declaration: Declaration) -> Pattern:
    """Return the tree of a declaration's pattern, its parameters open. Raises Refused."""
    _require_words(declaration)
    try:
        tree, names = outline(declaration.pattern)
    except PatternSyntaxError as fault:
        raise Refused("pattern", str(fault)) from None
    _require_ranges(names, declaration.parameters)
    _require_probe(declaration)
    at(declaration.pattern, declaration.probe_values)
    return tree


def at(pattern: str, values: Mapping[str, int]) -> Pattern:
    """Return a pattern with its parameters bound. Raises Refused where an argument is no good."""
    try:
        return parse(pattern, values)
    except PatternSyntaxError as fault:
        raise Refused(
            "parameters",
            gettext("With %(values)s: %(fault)s")
            % {"values": listed_values(values), "fault": fault},
        ) from None


def listed_values(values: Mapping[str, int]) -> str:
    """Return ``window = 4 and stride = 2``."""
    return joined(f"{name} = {value}" for name, value in values.items()) or gettext("no parameters")


def joined(parts: Iterable[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    *first, end = [*parts] or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def _require_words(declaration: Declaration) -> None:
    if not re.fullmatch(SLUG, declaration.slug) or len(declaration.slug) > _LONGEST_SLUG:
        reason = gettext("'%(slug)s' is not a slug: lower-case words joined by hyphens.") % {
            "slug": declaration.slug
        }
        raise Refused("slug", reason)
    if not 1 <= len(declaration.title.strip()) <= _LONGEST_TITLE:
        raise Refused(
            "title",
            gettext("A title has 1 to %(most)s characters.") % {"most": _LONGEST_TITLE},
        )
    _require_name("function", declaration.function)


def _require_name(field: str, name: str) -> None:
    if not _IDENTIFIER.fullmatch(name):
        reason = gettext(
            "'%(name)s' is not a name: a letter, then letters, digits and underscores."
        ) % {"name": name}
        raise Refused(field, reason)
    if name in _TAKEN:
        raise Refused(
            field,
            gettext("The name '%(name)s' is taken by Python or by the exercise itself.")
            % {"name": name},
        )


def _require_ranges(names: tuple[str, ...], parameters: Mapping[str, Parameter]) -> None:
    for name in names:
        _require_name("pattern", name)
        if name not in parameters:
            reason = gettext(
                "The pattern has a parameter '%(name)s', and no range says what is drawn for it:"
                " give it a low and a high end."
            )
            raise Refused("parameters", reason % {"name": name})
    for name in parameters:
        if name not in names:
            reason = gettext("There is a range for '%(name)s', which is not in the pattern.")
            known = (
                gettext("It has %(names)s.") % {"names": joined(names)}
                if names
                else gettext("It has no parameters.")
            )
            raise Refused("parameters", f"{reason % {'name': name}} {known}")
    if len(names) > MOST_PARAMETERS:
        raise Refused(
            "pattern",
            gettext("A pattern has at most %(most)s parameters.") % {"most": MOST_PARAMETERS},
        )
    for name, parameter in parameters.items():
        _require_range(name, parameter)


def _require_range(name: str, parameter: Parameter) -> None:
    low, high, step = parameter.low, parameter.high, parameter.step
    if low > high:
        reason = gettext(
            "The range of '%(name)s' is upside down: its low end %(low)s is above its high end"
            " %(high)s."
        )
        raise Refused("parameters", reason % {"name": name, "low": low, "high": high})
    if low < 0 or high > LARGEST_PARAMETER:
        reason = gettext(
            "The range of '%(name)s' goes from %(low)s to %(high)s; it may go from 0 to %(most)s."
        )
        told = {"name": name, "low": low, "high": high, "most": f"{LARGEST_PARAMETER:,}"}
        raise Refused("parameters", reason % told)
    if step < 1 or (high - low) % step:
        reason = gettext(
            "Steps of %(step)s do not lead from %(low)s, the low end of '%(name)s', to %(high)s."
        ) % {"step": step, "low": low, "name": name, "high": high}
        raise Refused("parameters", reason)


def _require_probe(declaration: Declaration) -> None:
    n, values = declaration.probe_n, declaration.probe_values
    if not SMALLEST_PROBE <= n <= LARGEST_PROBE:
        reason = gettext("The pairs are counted at n = %(n)s; n may go from %(least)s to %(most)s.")
        told = {"n": n, "least": SMALLEST_PROBE, "most": LARGEST_PROBE}
        raise Refused("probe_n", reason % told)
    for name in values:
        if name not in declaration.parameters:
            raise Refused(
                "probe_values",
                gettext("'%(name)s' is not a parameter of the pattern.") % {"name": name},
            )
    for name, parameter in declaration.parameters.items():
        if name not in values:
            raise Refused(
                "probe_values",
                gettext("Say at which '%(name)s' the pairs are counted.") % {"name": name},
            )
        if values[name] not in parameter:
            raise Refused("probe_values", _never_drawn(name, values[name], parameter))


def _never_drawn(name: str, value: int, parameter: Parameter) -> str:
    if parameter.step == 1:
        reason = gettext(
            "Pairs are counted at %(name)s = %(value)s, which is never drawn: the range goes from"
            " %(low)s to %(high)s."
        )
    else:
        reason = gettext(
            "Pairs are counted at %(name)s = %(value)s, which is never drawn: the range goes from"
            " %(low)s to %(high)s in steps of %(step)s."
        )
    ends = {"low": parameter.low, "high": parameter.high, "step": parameter.step}
    return reason % {"name": name, "value": value, **ends}
