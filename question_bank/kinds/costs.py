"""Quantities of ``grader.costs`` that a question asks for, from a declaration and drawn values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from grader import costs
from grader.costs import ACCELERATORS, MODELS, Accelerator, LayerKind, Model, Precision, Stack
from grader.patterns import evaluate
from grader.words import gettext as _
from question_bank.kinds.base import Strict

Expression = int | Annotated[str, Field(min_length=1, max_length=200)]
Names = Mapping[str, int]

#: Models and accelerators as course files call them.
MODELS_BY_SLUG = {
    model.name.lower().replace(" ", "-").removesuffix("-v0.1"): model for model in MODELS
}
ACCELERATORS_BY_SLUG = {one.name.split()[0].lower(): one for one in ACCELERATORS}

Quantity = Literal[
    "cache_bytes",
    "prefill_flops",
    "decode_bytes",
    "decode_seconds",
    "prefill_seconds",
    "max_batch",
    "max_tokens",
]
#: What each quantity is measured in; counts are in nothing.
DIMENSIONS: dict[str, str] = {
    "cache_bytes": "memory",
    "decode_bytes": "memory",
    "prefill_flops": "operations",
    "decode_seconds": "time",
    "prefill_seconds": "time",
}
_NEEDS_A_MACHINE = {"decode_seconds", "prefill_seconds", "max_batch", "max_tokens"}


class Cost(Strict):
    """A cost of serving a model, as published or with what is said here instead.

    ``windowed`` of its layers have a causal window (all, unless said) and perhaps ``sinks``.
    ``times`` is for wrong ideas that are a factor off.
    """

    quantity: Quantity
    model: str
    tokens: Expression = 1
    batch: Expression = 1
    kv_heads: Expression | None = None
    window: Expression | None = None
    windowed: Expression | None = None
    sinks: Expression = 0
    bits: Expression = 16
    page_tokens: Expression = 1
    accelerator: str | None = None
    times: str = Field(default="1", pattern=r"^\d{1,4}(/[1-9]\d{0,3})?$")

    @model_validator(mode="after")
    def _known(self) -> "Cost":
        if self.model not in MODELS_BY_SLUG:
            raise ValueError(
                _("model is one of %(models)s") % {"models": ", ".join(MODELS_BY_SLUG)}
            )
        if self.accelerator is not None and self.accelerator not in ACCELERATORS_BY_SLUG:
            raise ValueError(
                _("accelerator is one of %(accelerators)s")
                % {"accelerators": ", ".join(ACCELERATORS_BY_SLUG)}
            )
        if (self.accelerator is None) == (self.quantity in _NEEDS_A_MACHINE):
            raise ValueError(_("an accelerator stands where time or capacity is asked for"))
        if self.window is None and (self.windowed is not None or self.sinks != 0):
            raise ValueError(_("windowed and sinks need a window"))
        return self

    @property
    def dimension(self) -> str:
        """Memory, operations or time; empty for a count."""
        return DIMENSIONS.get(self.quantity, "")

    def drawn(self, names: Names) -> "DrawnCost":
        """Return it with all names bound. Raises ValueError."""

        def of(expression: Expression | None) -> int | None:
            return None if expression is None else evaluate(expression, names)

        return DrawnCost(
            quantity=self.quantity,
            model=MODELS_BY_SLUG[self.model],
            accelerator=ACCELERATORS_BY_SLUG[self.accelerator] if self.accelerator else None,
            tokens=evaluate(self.tokens, names),
            batch=evaluate(self.batch, names),
            page_tokens=evaluate(self.page_tokens, names),
            kv_heads=of(self.kv_heads),
            bits=evaluate(self.bits, names),
            window=of(self.window),
            windowed=of(self.windowed),
            sinks=evaluate(self.sinks, names),
            times=Fraction(self.times),
        )


@dataclass(frozen=True)
class DrawnCost:
    """A cost with its values drawn; None stands for what the model has of its own."""

    quantity: Quantity
    model: Model
    accelerator: Accelerator | None
    tokens: int
    batch: int
    page_tokens: int
    kv_heads: int | None
    bits: int
    window: int | None
    windowed: int | None
    sinks: int
    times: Fraction

    exists = True

    def value(self) -> Fraction:
        """Return the quantity in bytes, operations or seconds, or a count. Raises ValueError."""
        return self.times * _QUANTITIES[self.quantity](self)

    @property
    def machine(self) -> Accelerator:
        """The accelerator; a quantity that needs one has one."""
        assert self.accelerator is not None
        return self.accelerator

    @property
    def budget(self) -> int:
        """The bytes that it leaves to the cache."""
        return costs.cache_budget(self.model, self.machine)

    @property
    def stack(self) -> Stack:
        """The model's layers, changed as the question says."""
        layers = self.model.layers
        if self.window is None:
            local, count = self._layer(self.model.window), self.model.local_layers
        else:
            local = self._layer(self.window, self.sinks)
            count = layers if self.windowed is None else self.windowed
        groups = ((local, count), (self._layer(None), layers - count))
        return Stack(self.model, tuple(group for group in groups if group[1]))

    def _layer(self, window: int | None, sinks: int = 0) -> LayerKind:
        return LayerKind(window, sinks, kv_heads=self.kv_heads, precision=Precision(self.bits))


def _cache_bytes(at: DrawnCost) -> int:
    return costs.cache_bytes(at.stack, at.tokens, at.batch, page_tokens=at.page_tokens)


def _max_batch(at: DrawnCost) -> int:
    return costs.max_batch(at.stack, at.tokens, at.budget, page_tokens=at.page_tokens)


def _max_tokens(at: DrawnCost) -> int:
    most = costs.max_tokens(at.stack, at.budget, at.batch, page_tokens=at.page_tokens)
    if most is None:
        raise ValueError(_("a text may have any length here"))
    return most


_QUANTITIES: dict[Quantity, Callable[[DrawnCost], int | Fraction]] = {
    "cache_bytes": _cache_bytes,
    "prefill_flops": lambda at: costs.prefill_flops(at.stack, at.tokens, at.batch),
    "decode_bytes": lambda at: costs.decode_bytes(at.stack, at.tokens, at.batch),
    "decode_seconds": lambda at: costs.decode_seconds_floor(
        at.stack, at.tokens, at.machine, at.batch
    ),
    "prefill_seconds": lambda at: costs.prefill_seconds_floor(
        at.stack, at.tokens, at.machine, at.batch
    ),
    "max_batch": _max_batch,
    "max_tokens": _max_tokens,
}
