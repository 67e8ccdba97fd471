"""What one call of a submission is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from grader.contract import Exercise
from grader.patterns import Pattern, parse


@dataclass(frozen=True)
class Call:
    """Inputs of one call: q, k and v are float32 ``[batch, heads, n, d]``, contiguous."""

    q: Tensor
    k: Tensor
    v: Tensor
    parameters: Mapping[str, int]
    inputs: str = "random"

    @property
    def n(self) -> int:
        """Sequence length."""
        return self.q.shape[2]

    @property
    def tensors(self) -> dict[str, Tensor]:
        """The tensors by name, in the order in which the function takes them."""
        return {"q": self.q, "k": self.k, "v": self.v}

    def __str__(self) -> str:
        batch, heads, n, d = self.q.shape
        named = {"batch": batch, "heads": heads, "n": n, "d": d, **self.parameters}
        return ", ".join(f"{name} = {value}" for name, value in named.items())


def visible(exercise: Exercise, parameters: Mapping[str, int]) -> Pattern:
    """Return the exercise's pattern with these parameters bound."""
    return parse(exercise.pattern, dict(parameters))
