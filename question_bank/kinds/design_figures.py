"""What a design comes to: figures of ``grader.costs``, with their formulas, and requirements."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal

from pydantic import Field, model_validator

from grader import costs
from grader.contract import Slug
from grader.costs import Accelerator, Model, Stack
from grader.words import gettext, gettext_noop
from question_bank.kinds.base import Strict, Title
from question_bank.kinds.design_form import Design
from question_bank.marking.tolerances import leading_place
from question_bank.units import DIMENSIONS, UNITS

Quantity = Literal[
    "cache_bytes",
    "max_batch",
    "prefill_flops",
    "prefill_seconds",
    "decode_bytes",
    "decode_seconds",
    "context_reached",
    "unreachable_pairs",
    "full_layers",
    "first_tokens",
    "kv_heads",
    "bits",
    "batch",
]

_FIGURES_SHOWN = 4
_MOST_FIGURES = 12


@dataclass(frozen=True)
class Load:
    """What a design has to carry, and on what: ``budget`` is what the cache may take, in bytes."""

    model: Model
    accelerator: Accelerator
    tokens: int
    weight_bits: int
    budget: int


@dataclass(frozen=True)
class Figures:
    """Every quantity of a design under a load."""

    design: Design
    load: Load

    @cached_property
    def _stack(self) -> Stack:
        return self.design.stack(self.load.model)

    def value(self, quantity: Quantity) -> int | Fraction:
        """Return it in bytes, operations or seconds, or a count."""
        return _QUANTITIES[quantity](self._stack, self.design, self.load)


_QUANTITIES: Final[dict[Quantity, Callable[[Stack, Design, Load], int | Fraction]]] = {
    "cache_bytes": lambda stack, design, load: costs.cache_bytes(
        stack, load.tokens, design.batch, page_tokens=design.page_tokens
    ),
    "max_batch": lambda stack, design, load: costs.max_batch(
        stack, load.tokens, load.budget, page_tokens=design.page_tokens
    ),
    "prefill_flops": lambda stack, _, load: costs.prefill_flops(stack, load.tokens),
    "prefill_seconds": lambda stack, _, load: costs.prefill_seconds_floor(
        stack, load.tokens, load.accelerator
    ),
    "decode_bytes": lambda stack, design, load: costs.decode_bytes(
        stack, load.tokens, design.batch, weight_bits=load.weight_bits
    ),
    "decode_seconds": lambda stack, design, load: costs.decode_seconds_floor(
        stack, load.tokens, load.accelerator, design.batch, weight_bits=load.weight_bits
    ),
    "context_reached": lambda stack, _, load: costs.positions_reached(stack, load.tokens),
    "unreachable_pairs": lambda stack, _, load: costs.unreachable_pairs(stack, load.tokens),
    "full_layers": lambda stack, _, load: costs.layers_that_see_all(stack, load.tokens),
    "first_tokens": lambda stack, _, load: costs.first_tokens_seen(stack, load.tokens),
    "kv_heads": lambda _, design, __: design.kv_heads,
    "bits": lambda _, design, __: design.bits,
    "batch": lambda _, design, __: design.batch,
}


@dataclass(frozen=True)
class Told:
    """How a quantity is called and shown; ``formula`` is Markdown.

    ``title``, ``formula`` and ``source`` are translated where they are shown.
    """

    title: str
    dimension: str
    unit: str
    formula: str
    source: str


_PAGING = gettext_noop("Kwon et al., 2023, section 4, for pages")
_POPE = gettext_noop("Pope et al., 2022, section 2")
_REACH = gettext_noop("the exact form of layers · window in Beltagy et al., 2020, section 3.1")

TOLD: Final[dict[Quantity, Told]] = {
    "cache_bytes": Told(
        gettext_noop("KV cache of all texts"),
        "memory",
        "GiB",
        r"$B \sum_{\ell} 2 h_{kv} d \frac{b}{8} \left\lceil \frac{e_\ell}{p} \right\rceil p$",
        _PAGING,
    ),
    "max_batch": Told(
        gettext_noop("Texts that fit"),
        "",
        "",
        gettext_noop(r"$\lfloor M / C_1 \rfloor$ with $C_1$ the cache of one text"),
        _PAGING,
    ),
    "prefill_flops": Told(
        gettext_noop("Prefill of one text"),
        "operations",
        "PFLOP",
        gettext_noop(
            r"$2 P n + 4 h_q d \sum_{\ell} a_\ell$ with $a_\ell$ the pairs of layer $\ell$"
        ),
        gettext_noop("Pope et al., 2022, section 2; Dao, 2023, FlashAttention-2, section 4.1"),
    ),
    "prefill_seconds": Told(
        gettext_noop("Time of that prefill, at least"),
        "time",
        "s",
        gettext_noop(r"operations of the prefill$\;/\;F$"),
        gettext_noop("the peak of the data sheet"),
    ),
    "decode_bytes": Told(
        gettext_noop("Read in a step of decoding"),
        "memory",
        "GB",
        gettext_noop(
            r"$W + B \sum_{\ell} 2 h_{kv} d \frac{b}{8} e_\ell$, for one token of each text"
        ),
        _POPE,
    ),
    "decode_seconds": Told(
        gettext_noop("Time of that step, at least"),
        "time",
        "ms",
        gettext_noop(r"bytes read in the step$\;/\;R$"),
        gettext_noop("the bandwidth of the data sheet"),
    ),
    "context_reached": Told(
        gettext_noop("Tokens that can reach the last one"),
        "",
        "",
        gettext_noop(
            r"$\min(n, \sum_{\ell} (w_\ell - 1) + 1 + s)$, and $n$ where a layer is dense"
        ),
        _REACH,
    ),
    "unreachable_pairs": Told(
        gettext_noop("Pairs that can never meet"),
        "",
        "",
        gettext_noop(
            r"$\frac{m (m + 1)}{2}$ with $m = \max(0, n - 1 - \sum_{\ell} (w_\ell - 1) - s)$,"
            " and 0 where a layer is dense"
        ),
        _REACH,
    ),
    "full_layers": Told(
        gettext_noop("Layers in which the last token sees all"),
        "",
        "",
        gettext_noop(r"layers with $e_\ell = n$"),
        gettext_noop("counted"),
    ),
    "first_tokens": Told(
        gettext_noop("First tokens that every layer sees"),
        "",
        "",
        gettext_noop(r"the smallest $s$ of a layer, and $n$ for one with $e_\ell = n$"),
        gettext_noop("counted"),
    ),
    "kv_heads": Told(gettext_noop("KV heads"), "", "", "$h_{kv}$", gettext_noop("the form")),
    "bits": Told(gettext_noop("Bits of a cached value"), "", "", "$b$", gettext_noop("the form")),
    "batch": Told(gettext_noop("Texts at a time"), "", "", "$B$", gettext_noop("the form")),
}

ALWAYS_SHOWN: Final[tuple[Quantity, ...]] = (
    "cache_bytes",
    "max_batch",
    "prefill_flops",
    "prefill_seconds",
    "decode_bytes",
    "decode_seconds",
    "context_reached",
    "unreachable_pairs",
)


class Requirement(Strict):
    """A bound on a quantity, in ``unit`` where it is no count."""

    key: Slug
    title: Title
    quantity: Quantity
    at_most: Decimal | None = Field(default=None, ge=0)
    at_least: Decimal | None = Field(default=None, ge=0)
    unit: str = ""

    @model_validator(mode="after")
    def _one_bound_in_its_unit(self) -> "Requirement":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(gettext("give either at_most or at_least"))
        dimension = TOLD[self.quantity].dimension
        if (UNITS[self.unit].dimension if self.unit in UNITS else self.unit) != dimension:
            raise ValueError(
                gettext("the unit is one of %(dimension)s")
                % {"dimension": gettext(DIMENSIONS[dimension])}
                if dimension
                else gettext("a count has no unit")
            )
        return self

    @property
    def bound(self) -> Fraction:
        """The bound in the base unit."""
        given = self.at_most if self.at_most is not None else self.at_least
        assert given is not None
        return Fraction(given) * (UNITS[self.unit].factor if self.unit else 1)

    def is_met(self, value: int | Fraction) -> bool:
        """Say whether a value is within the bound; the bound itself is."""
        return value <= self.bound if self.at_most is not None else value >= self.bound

    @property
    def bound_words(self) -> str:
        """The bound as it is told, such as "at most 40 GiB"."""
        bound = {"bound": in_unit(self.bound, self.unit)}
        if self.at_most is not None:
            return gettext("at most %(bound)s") % bound
        return gettext("at least %(bound)s") % bound

    def words(self, value: int | Fraction) -> str:
        """Return a value as it is told beside the bound: never rounded onto it."""
        return in_unit(value, self.unit, unlike=self.bound)


def in_unit(value: int | Fraction, unit: str, *, unlike: Fraction | None = None) -> str:
    """Return a value in a unit, to four significant figures where it is not whole.

    With more figures if need be to tell it from ``unlike``.
    """
    factor = UNITS[unit].factor if unit else Fraction(1)
    shown = Fraction(value) / factor
    other = None if unlike is None else Fraction(unlike) / factor
    for figures in range(_FIGURES_SHOWN, _MOST_FIGURES + 1):
        text = _in_figures(shown, figures)
        if other is None or shown == other or text != _in_figures(other, figures):
            break
    return f"{text} {unit}".rstrip()


def _in_figures(value: Fraction, figures: int) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    places = max(0, figures - 1 - leading_place(value))
    text = f"{exact:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
