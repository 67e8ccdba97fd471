"""What a design sets of an attention stack: the fields, their bounds, and how a form is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from pydantic import Field, model_validator

from grader.costs import BITS, LayerKind, Model, Precision, Stack
from question_bank.kinds.base import Strict
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.kinds.writing import counted
from question_bank.numbers import UnreadableNumberError, read_number

Name = Literal[
    "dense",
    "windowed",
    "with_sinks",
    "window",
    "sinks",
    "kv_heads",
    "bits",
    "page_tokens",
    "batch",
]
NAMES: Final[tuple[Name, ...]] = get_args(Name)

LAYERS: Final[tuple[Name, ...]] = ("dense", "windowed", "with_sinks")
"""The fields that count layers; together they are the layers of the model."""

LABELS: Final[dict[Name, str]] = {
    "dense": "Dense layers",
    "windowed": "Layers with a window",
    "with_sinks": "Layers with a window and first tokens",
    "window": "Window, in keys with the query's own",
    "sinks": "First tokens that stay visible",
    "kv_heads": "KV heads",
    "bits": "Bits of a cached value",
    "page_tokens": "Tokens in a page of the cache",
    "batch": "Texts at a time",
}
_LARGEST = 10**7


class Bounds(Strict):
    """What a field may be set to: a whole number from ``least`` to ``most``, or one of a few."""

    least: int | None = Field(default=None, ge=0)
    most: int | None = Field(default=None, ge=0, le=_LARGEST)
    one_of: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> "Bounds":
        if self.one_of:
            if self.least is not None or self.most is not None:
                raise ValueError("give either least and most, or one_of")
        elif self.least is None or self.most is None or self.least > self.most:
            raise ValueError("give least and most, the first no more than the second, or one_of")
        return self

    def allows(self, number: int) -> bool:
        """Say whether the field may be set so."""
        if self.one_of:
            return number in self.one_of
        return (
            self.least is not None and self.most is not None and self.least <= number <= self.most
        )

    @property
    def words(self) -> str:
        """What may be given, to go on with after a verb."""
        if self.one_of:
            return "one of " + ", ".join(f"{number:,}" for number in self.one_of)
        return f"a whole number from {self.least:,} to {self.most:,}"

    def read(self, text: str) -> int:
        """Return the number that a text denotes; raises ValueError, in words for the learner."""
        try:
            number = read_number(text)
        except UnreadableNumberError as fault:
            raise ValueError(f"Give {self.words}.") from fault
        if number != number.to_integral_value() or not self.allows(int(number)):
            raise ValueError(f"{number:,f} is not {self.words}.")
        return int(number)


Setting = int | Bounds


class Fields(Strict):
    """Each field: a number where it is fixed, bounds where the learner sets it.

    Without ``kv_heads`` the model has its own.
    """

    dense: Setting = 0
    windowed: Setting = 0
    with_sinks: Setting = 0
    window: Setting | None = None
    sinks: Setting | None = None
    kv_heads: Setting | None = None
    bits: Setting = 16
    page_tokens: Setting = 1
    batch: Setting = 1

    def open(self) -> dict[Name, Bounds]:
        """Return the fields that the learner sets."""
        found = ((name, getattr(self, name)) for name in NAMES)
        return {name: setting for name, setting in found if isinstance(setting, Bounds)}

    def fixed(self) -> dict[str, int]:
        """Return the fields that are given."""
        found = ((name, getattr(self, name)) for name in NAMES)
        return {name: setting for name, setting in found if isinstance(setting, int)}


class Values(Strict):
    """What a design sets, by field."""

    dense: int | None = None
    windowed: int | None = None
    with_sinks: int | None = None
    window: int | None = None
    sinks: int | None = None
    kv_heads: int | None = None
    bits: int | None = None
    page_tokens: int | None = None
    batch: int | None = None

    def as_answer(self) -> dict[str, str]:
        """Return the fields of the form that say so."""
        return {name: str(value) for name, value in self.model_dump(exclude_none=True).items()}


class UnreadableDesignError(Unreadable):
    """Some fields need another value; ``faults`` says why, by field, or "layers" for their sum."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        number = len(self.faults)
        what = "One thing in your design needs" if number == 1 else f"{number} things need"
        super().__init__(f"{what} another value before it can be worked out; see the form.")


@dataclass(frozen=True)
class Design:
    """An attention stack and its load, every field a number.

    ``window`` is None and ``sinks`` 0 where no layer has them.
    """

    dense: int
    windowed: int
    with_sinks: int
    window: int | None
    sinks: int
    kv_heads: int
    bits: int
    page_tokens: int
    batch: int

    def stack(self, model: Model) -> Stack:
        """Return the layers; raises ValueError where they are not those of the model."""
        groups = (
            (self._kind(self.window), self.windowed),
            (self._kind(self.window, self.sinks), self.with_sinks),
            (self._kind(None), self.dense),
        )
        return Stack(model, tuple(group for group in groups if group[1]))

    def _kind(self, window: int | None, sinks: int = 0) -> LayerKind:
        return LayerKind(
            window,
            sinks if window is not None else 0,
            kv_heads=self.kv_heads,
            precision=Precision(self.bits),
        )

    @property
    def words(self) -> str:
        """The design in a line."""
        parts = [counted(self.dense, "dense layer")] if self.dense else []
        if self.windowed:
            window = f"a window of {self.window:,}"
            parts.append(f"{counted(self.windowed, 'layer')} with {window}")
        if self.with_sinks:
            seen = f"a window of {self.window:,} and the first {self.sinks:,}"
            parts.append(f"{counted(self.with_sinks, 'layer')} with {seen}")
        parts += [counted(self.kv_heads, "KV head"), f"{self.bits} bits"]
        return ", ".join([*parts, f"pages of {self.page_tokens:,}", counted(self.batch, "text")])


@dataclass(frozen=True)
class Desk:
    """A model, and which fields may be set to what."""

    model: Model
    fields: Fields

    def faults(self) -> Iterator[tuple[Name, str]]:
        """Yield the fields by which no design could be made, with the reason."""
        for name, choices in self._choices().items():
            if name == "kv_heads" and any(one < 1 or self.model.q_heads % one for one in choices):
                yield name, f"a fixed number or one_of, each a divisor of {self.model.q_heads}"
            if name == "bits" and not set(choices) <= set(BITS):
                yield name, f"a fixed number or one_of, each of {', '.join(map(str, BITS))}"
        can = {name: self._most(name) for name in LAYERS}
        if (can["windowed"] or can["with_sinks"]) and self.fields.window is None:
            yield "window", "it stands where layers may have one"
        if can["with_sinks"] and self.fields.sinks is None:
            yield "sinks", "they stand where layers may have them"
        for name in ("window", "page_tokens", "batch"):
            if self._least(name) < 1:
                yield name, "it is 1 at least"

    def _choices(self) -> dict[Name, tuple[int, ...]]:
        """Return what the fields may be that take few values; none for bounds, which are wrong."""
        found: dict[Name, tuple[int, ...]] = {}
        for name in ("kv_heads", "bits"):
            setting = getattr(self.fields, name)
            if isinstance(setting, Bounds):
                found[name] = setting.one_of or (0,)
            elif setting is not None:
                found[name] = (setting,)
        return found

    def _most(self, name: Name) -> int:
        setting = getattr(self.fields, name)
        if isinstance(setting, Bounds):
            return max(setting.one_of) if setting.one_of else setting.most or 0
        return int(setting or 0)

    def _least(self, name: Name) -> int:
        setting = getattr(self.fields, name)
        if isinstance(setting, Bounds):
            return min(setting.one_of) if setting.one_of else setting.least or 0
        return 1 if setting is None else int(setting)

    def read(self, answer: Mapping[str, str]) -> Design:
        """Return the design that the fields of a form say; raises ``UnreadableDesignError``.

        A window or first tokens that no layer has may say anything.
        """
        values = self.fields.fixed()
        faults: dict[str, str] = {}
        for name, bounds in self.fields.open().items():
            try:
                values[name] = bounds.read(answer.get(name, ""))
            except ValueError as fault:
                faults[name] = str(fault)
        if all(name in values for name in LAYERS):
            total = sum(values[name] for name in LAYERS)
            if total != self.model.layers:
                faults["layers"] = (
                    f"They add up to {total}; {self.model.name} has {self.model.layers} layers."
                )
            for name in _of_no_layer(values):
                faults.pop(name, None)
                values.pop(name, None)
        if faults:
            raise UnreadableDesignError(faults)
        usual = {"window": None, "sinks": 0, "kv_heads": self.model.kv_heads}
        return Design(**usual | values)  # type: ignore[arg-type]


def _of_no_layer(values: Mapping[str, int]) -> Iterator[Name]:
    """Yield the fields that no layer of the design has."""
    if not values["windowed"] + values["with_sinks"]:
        yield "window"
    if not values["with_sinks"]:
        yield "sinks"
