"""From the fields of a form to the declaration of an exercise, each fault at its field."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grader.exercises.typed import Declaration, Parameter
from grader.patterns import outline

LONGEST_PATTERN = 400
_STAND_IN = "exercise"
_WHOLE = re.compile("[0-9]{1,7}")
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,59}")
_NUMBERS = ("low", "high", "step", "at")

Sent = Mapping[str, str]
Problems = defaultdict[str, list[str]]


@dataclass(frozen=True)
class Row:
    """A parameter as it is typed; ``at`` is its value where pairs are counted."""

    name: str
    low: str = "1"
    high: str = "400"
    step: str = "1"
    at: str = "64"
    given: bool = True

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """The numbers with the names of their fields and their labels."""
        labels = (_("from"), _("to"), _("in steps of"), _("counted at"))
        return [
            (f"p.{self.name}.{key}", label, getattr(self, key))
            for key, label in zip(_NUMBERS, labels, strict=True)
        ]


@dataclass(frozen=True)
class Typing:
    """A declaration as it is typed, good or not."""

    title: str = ""
    slug: str = ""
    pattern: str = ""
    function: str = "attention"
    probe_n: str = "1024"
    work: bool = True
    rows: tuple[Row, ...] = ()


def typing_of(declaration: Declaration) -> Typing:
    """Return a declaration as a form shows it."""
    rows = [
        Row(
            name,
            str(one.low),
            str(one.high),
            str(one.step),
            str(declaration.probe_values.get(name, one.low)),
            one.given,
        )
        for name, one in declaration.parameters.items()
    ]
    return Typing(
        declaration.title,
        declaration.slug,
        declaration.pattern,
        declaration.function,
        str(declaration.probe_n),
        declaration.work,
        tuple(rows),
    )


def typing_sent(sent: Sent) -> Typing:
    """Return what a form sends; it has a row for each name of the pattern."""
    pattern = " ".join(sent.get("pattern", "").split())
    before = [name for name in sent.get("names", "").split() if _NAME.fullmatch(name)][:20]
    return Typing(
        title=sent.get("title", ""),
        slug=sent.get("slug", ""),
        pattern=pattern,
        function=sent.get("function", ""),
        probe_n=sent.get("probe_n", ""),
        work="work" in sent,
        rows=tuple(_row(sent, name, name in before) for name in _names(pattern, before)),
    )


def _names(pattern: str, before: Iterable[str]) -> Iterable[str]:
    """Return the names of a pattern; the former ones while it is only half typed."""
    if not pattern or len(pattern) > LONGEST_PATTERN:
        return before
    try:
        return outline(pattern)[1]
    except (ValueError, RecursionError):
        return before


def _row(sent: Sent, name: str, is_there: bool) -> Row:
    if not is_there:
        return Row(name)
    low, high, step, at = (sent.get(f"p.{name}.{key}", "").strip()[:20] for key in _NUMBERS)
    return Row(name, low, high, step, at, given=f"p.{name}.given" in sent)


def declaration_typed(typing: Typing) -> tuple[Declaration | None, Problems]:
    """Return the declaration that is typed, or None and what is no number or too long.

    While title and name are not there yet, others stand in for them, so that the exercise shows.
    """
    problems: Problems = defaultdict(list)
    if not typing.pattern:
        problems["pattern"].append(_("Type a pattern, such as causal & window(w)."))
    if len(typing.pattern) > LONGEST_PATTERN:
        problems["pattern"].append(
            _("A pattern has at most %(longest_pattern)s characters.")
            % {"longest_pattern": LONGEST_PATTERN}
        )
    probe_n = _number(typing.probe_n, problems["probe_n"])
    parameters, values = {}, {}
    for row in typing.rows:
        low, high, step, at = (
            _number(text, problems["parameters"], (row.name, label))
            for _name, label, text in row.fields
        )
        parameters[row.name] = Parameter(low=low, high=high, step=step, given=row.given)
        values[row.name] = at
    if any(problems.values()):
        return None, problems
    declaration = Declaration(
        slug=typing.slug or _STAND_IN,
        title=typing.title.strip() or _STAND_IN,
        pattern=typing.pattern,
        parameters=parameters,
        function=typing.function,
        probe_n=probe_n,
        probe_values=values,
        work=typing.work,
    )
    return declaration, problems


def _number(text: str, problems: list[str], where: tuple[str, str] | None = None) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    if where is None:
        problems.append(_("Type a whole number from 0 on."))
    else:
        told = dict(zip(("parameter", "label"), where, strict=True))
        problems.append(_("%(parameter)s, %(label)s: Type a whole number from 0 on.") % told)
    return 0
