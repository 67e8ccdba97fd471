"""What one call of a submission is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from grader.contract import Exercise
from grader.patterns import Pattern, parse


@dataclass(frozen=True)
class Call:
    """Inputs of one call, float32 and contiguous.

    ``q`` is ``[batch, heads, m, d]``, ``k`` and ``v`` are ``[batch, kv_heads, n, d]``; query head h
    uses KV head ``h // (heads // kv_heads)``. ``parameters`` bind the pattern's names, ``tensors``
    are made from the pattern, ``ranks`` share the sequence.
    """

    q: Tensor
    k: Tensor
    v: Tensor
    parameters: Mapping[str, int]
    inputs: str = "random"
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    ranks: int = 1

    @property
    def n(self) -> int:
        """Number of keys."""
        return self.k.shape[2]

    @property
    def m(self) -> int:
        """Number of queries."""
        return self.q.shape[2]

    @property
    def groups(self) -> int:
        """Query heads that share one KV head."""
        return self.q.shape[1] // self.k.shape[1]

    def __str__(self) -> str:
        batch, heads, m, d = self.q.shape
        named = {"batch": batch, "heads": heads, "n": self.n, "d": d}
        if self.groups > 1:
            named["kv_heads"] = self.k.shape[1]
        if m != self.n:
            named["m"] = m
        if self.ranks > 1:
            named["ranks"] = self.ranks
        named |= self.parameters
        return ", ".join(f"{name} = {value}" for name, value in named.items())


@dataclass(frozen=True)
class Rule:
    """What a call must compute: over which pairs, and with which weights.

    ``top_k`` is how many of the visible keys count, those of the largest scores, or None for all.
    ``elu`` replaces the softmax by products of elu(x) + 1.
    """

    pattern: Pattern
    top_k: int | None = None
    elu: bool = False


def rule_of(exercise: Exercise, call: Call) -> Rule:
    """Return what the exercise asks of this call."""
    top_k = call.parameters[exercise.top_k] if exercise.top_k else None
    return Rule(visible(exercise, call.parameters), top_k, exercise.weights == "elu")


def visible(exercise: Exercise, parameters: Mapping[str, int]) -> Pattern:
    """Return the exercise's pattern with these parameters bound."""
    return parse(exercise.pattern, dict(parameters))


def given(exercise: Exercise, call: Call) -> dict[str, int]:
    """Return the parameters that reach the function; the others only draw a pattern."""
    return {name: call.parameters[name] for name in exercise.parameters}
