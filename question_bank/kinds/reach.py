"""How far information travels through layers: what a question asks for, and its value."""

from dataclasses import dataclass

from grader.costs import layers_to_cross, receptive_field
from grader.patterns import evaluate
from grader.words import gettext as _
from question_bank.kinds.base import Strict
from question_bank.kinds.costs import Expression, Names


class Crossing(Strict):
    """How many layers information needs to travel ``distance`` positions, at least.

    The ``window`` has that many keys, its own among them, where it is ``causal``; else
    ``window // 2`` to each side of its own.
    """

    distance: Expression
    window: Expression
    causal: bool
    global_tokens: Expression = 0

    def drawn(self, names: Names) -> "DrawnCrossing":
        """Return it with all names bound. Raises ValueError."""
        return DrawnCrossing(
            evaluate(self.distance, names),
            evaluate(self.window, names),
            self.causal,
            evaluate(self.global_tokens, names),
        )


@dataclass(frozen=True)
class DrawnCrossing:
    """A crossing with its values drawn."""

    distance: int
    window: int
    causal: bool
    global_tokens: int

    @property
    def exists(self) -> bool:
        """Whether any number of layers is enough."""
        return self._layers() is not None

    def value(self) -> int:
        """Return the number of layers. Raises ValueError."""
        layers = self._layers()
        if layers is None:
            raise ValueError(_("no number of layers is enough"))
        return layers

    def _layers(self) -> int | None:
        return layers_to_cross(
            self.distance, self.window, causal=self.causal, global_tokens=self.global_tokens
        )


class Field(Strict):
    """On how many positions one depends, itself among them, through ``layers`` causal windows.

    ``position`` is 1-based.
    """

    layers: Expression
    window: Expression
    position: Expression

    def drawn(self, names: Names) -> "DrawnField":
        """Return it with all names bound. Raises ValueError."""
        return DrawnField(
            evaluate(self.layers, names),
            evaluate(self.window, names),
            evaluate(self.position, names),
        )


@dataclass(frozen=True)
class DrawnField:
    """A receptive field with its values drawn."""

    layers: int
    window: int
    position: int

    exists = True

    def value(self) -> int:
        """Return the number of positions. Raises ValueError."""
        return receptive_field(self.layers, self.window, self.position)
