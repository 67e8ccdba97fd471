"""Which calls a typed exercise makes: short ones with edges, a probe, and long ones for costs."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

from grader.contract import Case, Draw
from grader.exercises.typed.declaration import Declaration, Parameter, Refused, at
from grader.exercises.typed.trees import names_that_only_draw
from grader.patterns import ArgumentError, ExpressionError, Pattern
from grader.words import gettext

TIMED_N = Draw(low=7936, high=8448)
#: How far the parameters of what is timed stray from those of the probe: an eighth to both sides.
_STRAY = 8

_ONE = Draw.only(1)
_MOST_CORNERS, _MOST_SAMPLED = 16, 24
_ALL_QUERIES_UP_TO = 1024
_FIRST, _EVERY = 200, 61


class Cases:
    """Draws the cases of a declaration whose pattern has been read as ``tree``."""

    def __init__(self, declaration: Declaration, tree: Pattern) -> None:
        self._declaration = declaration
        self._parameters = declaration.parameters
        # Any seed is as good as another at every length.
        self._seeds = names_that_only_draw(tree, "seed")

    def short(self) -> tuple[Case, ...]:
        """Return the cases for correctness; the first one can be drawn as a picture."""
        lows = [one.low for name, one in self._parameters.items() if name not in self._seeds]
        drawn = Draw(low=24, high=48) if max(lows, default=0) <= 8 else Draw(low=64, high=96)
        return (
            Case(n=drawn, d=Draw(low=16, high=64), parameters=self._near(2, drawn.low // 3)),
            Case(n=_ONE, parameters=self._near(0, 3)),
            Case(n=Draw(low=2, high=3), parameters=self._near(0, 4)),
            *self._ends(),
            Case(
                n=Draw(low=200, high=400),
                d=Draw(low=8, high=96),
                parameters=self._near(2, 120),
                inputs="needles",
            ),
            Case(
                n=Draw(low=200, high=400),
                batch=Draw.only(2),
                heads=Draw(low=2, high=4),
                parameters=self._near(2, 120),
                inputs="large",
            ),
            Case(
                n=Draw(low=513, high=699, step=2),
                heads=Draw(low=1, high=2),
                d=Draw(low=32, high=80),
                parameters=self._near(8, 300),
            ),
        )

    def probe(self) -> Case:
        """Return the case in which pairs are counted."""
        values = self._declaration.probe_values
        parameters = {name: Draw.only(values[name]) for name in self._parameters}
        return Case(n=Draw.only(self._declaration.probe_n), parameters=parameters)

    def timed(self) -> Case:
        """Return the case whose costs are bounded."""
        return Case(n=TIMED_N, batch=_ONE, heads=_ONE, parameters=self._around_probe())

    def _ends(self) -> Iterator[Case]:
        """Yield, for each parameter, its low end, and values beyond n where it has such."""
        for name, parameter in self._parameters.items():
            if name in self._seeds:
                continue
            low = self._near(2, 12) | {name: Draw.only(parameter.low)}
            yield Case(n=Draw(low=40, high=96), parameters=low)
            if parameter.high > 2:
                longest = min(90, parameter.high - 1)
                beyond = clipped(parameter, longest + 1, max(400, 2 * longest))
                n = Draw(low=min(33, max(2, longest // 2)), high=longest)
                yield Case(n=n, parameters=self._near(2, 12) | {name: beyond})

    def _near(self, low: int, high: int) -> dict[str, Draw]:
        return {
            name: one.draw if name in self._seeds else clipped(one, low, high)
            for name, one in self._parameters.items()
        }

    def _around_probe(self) -> dict[str, Draw]:
        draws = {}
        for name, parameter in self._parameters.items():
            value = self._declaration.probe_values[name]
            stray = value // _STRAY
            around = clipped(parameter, value - stray, value + stray)
            draws[name] = parameter.draw if name in self._seeds else around
        return draws


def clipped(parameter: Parameter, low: int, high: int) -> Draw:
    """Return the part of a range between these, or its value nearest to them."""
    first, step = parameter.low, parameter.step
    start = first + max(0, -(-(low - first) // step)) * step
    stop = first + (min(high, parameter.high) - first) // step * step
    if start > parameter.high:
        return Draw.only(parameter.high)
    return Draw(low=start, high=stop, step=step) if start <= stop else Draw.only(start)


def drawn(case: Case) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield lengths and parameters that a case draws: all where they are few, else a sample.

    The sample has corners of the case and others, always the same.
    """
    ends = [(draw.low, draw.high) for draw in (case.n, *case.parameters.values())]
    every = [range(*_bounds(draw)) for draw in (case.n, *case.parameters.values())]
    number = 1
    for values in every:
        number *= len(values)
    points: list[tuple[int, ...]]
    if number <= _MOST_SAMPLED:
        points = list(itertools.product(*every))
    else:
        chance = random.Random(0)  # noqa: S311  (a sample, no secret)
        points = list(itertools.islice(itertools.product(*ends), _MOST_CORNERS))
        points += [tuple(map(chance.choice, every)) for _ in range(_MOST_SAMPLED)]
    for n, *others in points:
        yield n, dict(zip(case.parameters, others, strict=True))


def _bounds(draw: Draw) -> tuple[int, int, int]:
    return draw.low, draw.high + 1, draw.step


def require_keys(pattern: str, case: Case) -> None:
    """Raise Refused where a query of what a case draws sees no key, or an argument is no good.

    The softmax of a row without keys has no value, so that no answer to it is right.
    """
    for n, values in drawn(case):
        where = f"n = {n}" + "".join(f", {name} = {value}" for name, value in values.items())
        try:
            empty = _query_without_keys(at(pattern, values), n)
        except (ArgumentError, ExpressionError) as fault:
            raise Refused(
                "pattern", gettext("At %(where)s: %(fault)s") % {"where": where, "fault": fault}
            ) from None
        if empty is not None:
            reason = gettext(
                "At %(where)s query %(query)s (from 0) sees no key, and its softmax has no value."
                " Let every query see a key, itself for instance, at every length and parameter."
            )
            raise Refused("pattern", reason % {"where": where, "query": empty})


def _query_without_keys(pattern: Pattern, n: int) -> int | None:
    queries: Sequence[int] = range(n)
    if n > _ALL_QUERIES_UP_TO:
        queries = sorted({*queries[:_FIRST], *queries[::_EVERY], n - 1})
    empty = (i for i in queries if not (pattern.sees(i, i, n) or pattern.row_count(i, n)))
    return next(empty, None)


def corner(draws: Mapping[str, Draw], end: str) -> dict[str, int]:
    """Return every parameter at its ``low`` or its ``high`` end."""
    return {name: int(getattr(draw, end)) for name, draw in draws.items()}
