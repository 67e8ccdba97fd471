"""Wrong solutions of a typed exercise, each with the verdict that it must get.

A slip in the pattern is offered only where it changes the pairs that are counted: then the judge
cannot call it right, whatever it draws.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.contract import Case, Exercise, Failure
from grader.exercises.typed.cases import corner, drawn
from grader.exercises.typed.declaration import BLOCK_SIZE
from grader.exercises.typed.sources import Signature, masked, masked_dense, rows_against_all
from grader.exercises.typed.trees import (
    arguments,
    names_that_only_draw,
    replaced,
    with_arguments,
    with_nodes,
)
from grader.patterns import (
    All,
    ArgumentError,
    Causal,
    Difference,
    ExpressionError,
    Pattern,
    PatternSyntaxError,
    Union,
    Window,
    parse,
)
from grader.patterns.expressions import Integer, Name, combine

_MOST_NUMBERS = 2


@dataclass(frozen=True)
class Wrong:
    """A wrong solution: its file, the failure it must get, and in a sentence what is wrong."""

    name: str
    told: str
    verdict: Failure
    source: str


@dataclass(frozen=True)
class _Slip:
    name: str
    told: str
    tree: Pattern


@dataclass(frozen=True)
class Slips:
    """The wrong solutions of an exercise, whose pattern has the open tree ``tree``."""

    exercise: Exercise
    tree: Pattern
    signature: Signature

    def all(self) -> tuple[Wrong, ...]:
        """Return every one that is certain to get its verdict."""
        return (*self._of_pattern(), *self._of_numbers(), *self._of_form(), *self._of_work())

    # The pattern

    def _of_pattern(self) -> Iterator[Wrong]:
        for slip in self._candidates():
            if self._shows(slip.tree):
                yield self._wrong(slip.name, slip.told, Failure.WRONG_PAIRS, _RIGHT, slip.tree)

    def _candidates(self) -> Iterator[_Slip]:
        yield from self._off_by_one()
        open_to_all = with_nodes(self.tree, lambda node: All() if node == Causal() else node)
        yield _Slip("not_causal", "Queries see keys that come after them.", open_to_all)
        yield _Slip("not_itself", "A query does not see itself.", self.tree - Window(1))
        yield from _left_out(self.tree)

    def _off_by_one(self) -> Iterator[_Slip]:
        drawing = names_that_only_draw(self.tree, "number", "seed")
        for name in self.signature.parameters:
            if self.signature.blocks_given and name in drawing:
                continue  # the blocks that are given do not change with it
            more = {name: combine("+", Name(name), 1)}
            told = f"Takes {name} + 1 for {name}."
            yield from _changed(self.tree, f"{name}_one_more", told, more)
            if self.signature.blocks_given and name == BLOCK_SIZE:
                continue  # there are more of smaller blocks than were given: that is a crash
            lowest = min(case.parameters[name].low for case in self.exercise.cases)
            less = {name: combine("max", combine("-", Name(name), 1), lowest)}
            told = f"Takes {name} - 1 for {name}, wherever that is in the range."
            yield from _changed(self.tree, f"{name}_one_less", told, less)
        if not self.signature.parameters:
            yield from self._other_numbers()

    def _other_numbers(self) -> Iterator[_Slip]:
        numbers = {value for atom in self.tree.atoms() for _, value in arguments(atom)}
        for value in sorted(one for one in numbers if isinstance(one, int))[:_MOST_NUMBERS]:
            told = f"Takes {value + 1} for {value}."
            yield from _changed(self.tree, f"{value + 1}_for_{value}", told, {value: value + 1})

    def _shows(self, tree: Pattern) -> bool:
        """Say whether a pattern differs where pairs are counted, and has a value at all draws."""
        probe = self.exercise.probe
        assert probe is not None
        try:
            here, there = (_at(one, probe) for one in (self.tree, tree))
            n = probe.n.low
            differing = (here - there).count(n) + (there - here).count(n)
            return differing > 0 and all(map(_has_values(tree), self.exercise.cases))
        except (PatternSyntaxError, ArgumentError, ExpressionError):
            return False

    # The numbers and the form

    def _of_numbers(self) -> Iterator[Wrong]:
        if self._has_choice():
            yield self._wrong("no_scale", "Forgets 1 / sqrt(d).", Failure.WRONG_OUTPUT, _UNSCALED)
            told = "Forgets the softmax: averages the values of the keys seen."
            yield self._wrong("mean", told, Failure.WRONG_OUTPUT, _MEAN)
        told = "Does not divide by the sum of the weights."
        yield self._wrong("not_normalised", told, Failure.WRONG_OUTPUT, _NOT_NORMALISED)
        told = "Computes in half precision."
        yield self._wrong("half_precision", told, Failure.WRONG_OUTPUT, _HALF)

    def _has_choice(self) -> bool:
        """Say whether in every call with large scores some query sees more keys than one."""
        large = next(case for case in self.exercise.cases if case.inputs == "large")
        return all(parse(self.exercise.pattern, values).count(n) > n for n, values in drawn(large))

    def _of_form(self) -> Iterator[Wrong]:
        told = "Returns float64."
        yield self._wrong("other_dtype", told, Failure.WRONG_SHAPE, [*_RIGHT[:-1], _DOUBLE])
        told = "Returns [batch, n, heads, d]."
        yield self._wrong("transposed", told, Failure.WRONG_SHAPE, [*_RIGHT[:-1], _TRANSPOSED])
        told = "Works only where 16 divides n."
        yield self._wrong("divisible_only", told, Failure.CRASHED, [_DIVIDED, *_RIGHT])
        told = "Scales its input in place."
        yield self._wrong("writes_to_input", told, Failure.FORBIDDEN, _IN_PLACE)

    def _of_work(self) -> Iterator[Wrong]:
        if self.exercise.memory:
            told = "Right, but hides pairs by a whole mask instead of leaving them out."
            head = _head(Failure.TOO_MUCH_MEMORY, told)
            source = masked_dense(self.tree, self.signature, head)
            yield Wrong("masked_dense", told, Failure.TOO_MUCH_MEMORY, source)
        if self.exercise.speed:
            told = "Right and lean, but every block of queries meets all keys."
            head = _head(Failure.TOO_SLOW, told)
            source = rows_against_all(self.tree, self.signature, head)
            yield Wrong("rows_against_all", told, Failure.TOO_SLOW, source)

    def _wrong(
        self,
        name: str,
        told: str,
        verdict: Failure,
        ending: Iterable[str],
        tree: Pattern | None = None,
    ) -> Wrong:
        source = masked(tree or self.tree, self.signature, _head(verdict, told), ending)
        return Wrong(name, told, verdict, source)


_SCORES = "scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])"
_WEIGHTS = "weights = scores.masked_fill(~seen, -math.inf).softmax(-1).nan_to_num()"
_RIGHT = (_SCORES, _WEIGHTS, "return weights @ v")
_UNSCALED = ("scores = q @ k.transpose(-1, -2)", *_RIGHT[1:])
_MEAN = (
    "weights = seen.expand(n, n).to(v.dtype)",
    "return (weights / weights.sum(-1, keepdim=True)) @ v",
)
_NOT_NORMALISED = (_SCORES, "return scores.exp().masked_fill(~seen, 0.0) @ v")
_HALF = (
    "q, k, v = q.bfloat16(), k.bfloat16(), v.bfloat16()",
    *_RIGHT[:-1],
    "return (weights @ v).float()",
)
_DOUBLE = "return (weights @ v).double()"
_TRANSPOSED = "return (weights @ v).transpose(1, 2)"
_DIVIDED = "q = q.view(*q.shape[:2], n // 16, 16, q.shape[-1]).view(q.shape)"
_IN_PLACE = (
    "q /= math.sqrt(q.shape[-1])",
    "scores = q @ k.transpose(-1, -2)",
    *_RIGHT[1:],
)


def _head(verdict: Failure, told: str) -> tuple[str, str]:
    return f"expect: {verdict}", told


def _at(tree: Pattern, case: Case) -> Pattern:
    return parse(str(tree), corner(case.parameters, "low"))


def _has_values(tree: Pattern) -> Callable[[Case], bool]:
    """Return what says of a case that no argument of this pattern is out of its range there."""
    text = str(tree)

    def ask(case: Case) -> bool:
        for n, values in drawn(case):
            parse(text, values).sees(0, 0, n)
        return True

    return ask


def _changed(tree: Pattern, name: str, told: str, values: Mapping[Any, Integer]) -> Iterator[_Slip]:
    """Yield the tree with other values for a name, or for a number that is a whole argument."""

    def change(value: Integer) -> Integer:
        if isinstance(value, int):
            return values.get(value, value)
        return replaced(value, values)

    try:
        yield _Slip(name, told, with_arguments(tree, change))
    except (ArgumentError, ExpressionError):
        return


def _left_out(tree: Pattern) -> Iterator[_Slip]:
    """Yield the tree without one side of its first union, and without its first minus."""
    union = next((node for node in _nodes(tree) if isinstance(node, Union)), None)
    if union:
        for side, kept in ((union.left, union.right), (union.right, union.left)):
            name = "without_the_left" if kept == union.right else "without_the_right"
            yield _Slip(name, f"Leaves out {side}.", _exchanged(tree, union, kept))
    minus = next((node for node in _nodes(tree) if isinstance(node, Difference)), None)
    if minus:
        told = f"Sees {minus.right} too."
        yield _Slip("minus_forgotten", told, _exchanged(tree, minus, minus.left))


def _exchanged(tree: Pattern, old: Pattern, new: Pattern) -> Pattern:
    return with_nodes(tree, lambda node: new if node == old else node)


def _nodes(tree: Pattern) -> Iterator[Pattern]:
    yield tree
    for side in (getattr(tree, "left", None), getattr(tree, "right", None)):
        if isinstance(side, Pattern):
            yield from _nodes(side)
