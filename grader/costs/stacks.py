"""An attention stack: what each layer of a decoder sees, and what it keeps for later tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.costs.models import Model
from grader.costs.units import require_at_least
from grader.patterns import Causal, Pattern, Sinks, Window

BITS: Final = (16, 8, 4)
"""How wide a cached value may be."""


@dataclass(frozen=True)
class Precision:
    """How cached values are stored: ``bits`` each, and perhaps a scale for each group of them.

    A group is ``group`` neighbouring values of one head's key or value, the last one of a head
    perhaps fewer. ``scale_bytes`` is what a group stores besides to be read back: 2 for a 16-bit
    scale, 4 for a scale and a zero point.
    """

    bits: int = 16
    group: int | None = None
    scale_bytes: int = 0

    def __post_init__(self) -> None:
        if self.bits not in BITS:
            raise ValueError(f"a value has {', '.join(map(str, BITS))} bits, not {self.bits}")
        require_at_least("scale_bytes", self.scale_bytes, 0)
        if self.group is not None:
            require_at_least("group", self.group, 1)
        if (self.group is None) != (self.scale_bytes == 0):
            raise ValueError("scales need a group, and a group needs scales")

    def entry_bytes(self, kv_heads: int, head_dim: int) -> int:
        """Return the bytes of one token's keys and values in one layer.

        2 · kv_heads · (head_dim · bits / 8 + groups per head · scale_bytes); the 2 stands for
        key and value.
        """
        groups = 0 if self.group is None else -(-head_dim // self.group)
        return kv_heads * (2 * head_dim * self.bits // 8 + 2 * groups * self.scale_bytes)


SIXTEEN_BITS: Final = Precision()


@dataclass(frozen=True)
class LayerKind:
    """How a causal layer attends, and how it keeps keys and values.

    Without a ``window`` it is dense. With one, a query sees the last ``window`` keys, its own
    among them, and the first ``sinks`` keys; under a causal mask that is all that global tokens
    at the beginning are. ``kv_heads`` replaces the model's own number. A layer that
    ``shares_cache`` keeps nothing: it reads the keys and values of the nearest layer below that
    does not (cross-layer attention, Brandon et al., 2024, section 2.2).
    """

    window: int | None = None
    sinks: int = 0
    kv_heads: int | None = None
    precision: Precision = SIXTEEN_BITS
    shares_cache: bool = False

    def __post_init__(self) -> None:
        require_at_least("sinks", self.sinks, 0)
        if self.kv_heads is not None:
            require_at_least("kv_heads", self.kv_heads, 1)
        if self.window is not None:
            require_at_least("window", self.window, 1)
        elif self.sinks:
            raise ValueError("a dense layer sees the first keys anyway: sinks need a window")

    @property
    def pattern(self) -> Pattern:
        """The keys that each query sees."""
        if self.window is None:
            return Causal()
        return Causal() & (Window(self.window) | Sinks(self.sinks))

    def entries(self, tokens: int) -> int:
        """Return how many tokens are kept after ``tokens``, and how many the last one sees.

        min(tokens, window + sinks), or all of them where the layer is dense.
        """
        return tokens if self.window is None else min(tokens, self.window + self.sinks)

    def sees_within(self, other: "LayerKind") -> bool:
        """Say whether ``other`` keeps every entry that this layer sees, at every length."""
        if other.window is None:
            return True
        return self.window is not None and (
            self.window <= other.window and self.sinks <= other.sinks
        )


DENSE: Final = LayerKind()


@dataclass(frozen=True)
class Stack:
    """A model's layers, grouped: (kind, how many of it), from the lowest layer up.

    The counts add up to the layers of the model. Everything but attention is the model's: its
    number of parameters is taken as published, whatever KV heads a layer is given.
    Raises ValueError where the layers do not fit together.
    """

    model: Model
    groups: tuple[tuple[LayerKind, int], ...]

    def __post_init__(self) -> None:
        for kind, count in self.groups:
            require_at_least("the count of a group", count, 1)
            if self.model.q_heads % self.kv_heads(kind):
                raise ValueError(
                    f"{self.model.q_heads} query heads cannot share {kind.kv_heads} KV heads"
                )
        layers = sum(count for _, count in self.groups)
        if layers != self.model.layers:
            raise ValueError(f"{self.model.name} has {self.model.layers} layers, not {layers}")
        for kind, below in self._sharing():
            self._check_sharing(kind, below)

    @classmethod
    def of(cls, model: Model) -> "Stack":
        """Return the model as published, at 16 bits.

        Local layers come first: how they alternate with dense ones changes no quantity here.
        """
        local = (LayerKind(window=model.window), model.local_layers)
        groups = (local, (DENSE, model.layers - model.local_layers))
        return cls(model, tuple(group for group in groups if group[1]))

    @property
    def keeping(self) -> tuple[tuple[LayerKind, int], ...]:
        """The groups that keep keys and values of their own."""
        return tuple(group for group in self.groups if not group[0].shares_cache)

    def kv_heads(self, kind: LayerKind) -> int:
        """Return the KV heads of a layer of this kind."""
        return self.model.kv_heads if kind.kv_heads is None else kind.kv_heads

    def entry_bytes(self, kind: LayerKind) -> int:
        """Return the bytes of one token's keys and values in one layer of this kind."""
        return kind.precision.entry_bytes(self.kv_heads(kind), self.model.head_dim)

    def _sharing(self) -> Iterator[tuple[LayerKind, LayerKind | None]]:
        below = None
        for kind, _ in self.groups:
            if kind.shares_cache:
                yield kind, below
            else:
                below = kind

    def _check_sharing(self, kind: LayerKind, below: LayerKind | None) -> None:
        if below is None:
            raise ValueError("the lowest layer has none below whose cache it could share")
        if (self.kv_heads(kind), kind.precision) != (self.kv_heads(below), below.precision):
            raise ValueError("layers that share a cache have the same KV heads and precision")
        if not kind.sees_within(below):
            raise ValueError("a layer cannot see what the layer whose cache it shares forgets")
