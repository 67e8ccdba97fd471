"""What a design sets of an attention stack: the fields, their bounds, and how a form is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from pydantic import Field, model_validator

from grader.costs import BITS, LayerKind, Model, Precision, Stack
from grader.words import gettext as _
from grader.words import gettext_noop, ngettext
from question_bank.kinds.base import Strict
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
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
    "dense": gettext_noop("Dense layers"),
    "windowed": gettext_noop("Layers with a window"),
    "with_sinks": gettext_noop("Layers with a window and first tokens"),
    "window": gettext_noop("Window, in keys with the query's own"),
    "sinks": gettext_noop("First tokens that stay visible"),
    "kv_heads": gettext_noop("KV heads"),
    "bits": gettext_noop("Bits of a cached value"),
    "page_tokens": gettext_noop("Tokens in a page of the cache"),
    "batch": gettext_noop("Texts at a time"),
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
                raise ValueError(_("give either least and most, or one_of"))
        elif self.least is None or self.most is None or self.least > self.most:
            raise ValueError(_("give least and most, the first no more than the second, or one_of"))
        return self

    def allows(self, number: int) -> bool:
        """Say whether the field may be set so."""
        if self.one_of:
            return number in self.one_of
        return (
            self.least is not None and self.most is not None and self.least <= number <= self.most
        )

    @property
    def asked(self) -> str:
        """What may be given, in a sentence."""
        if self.one_of:
            return _("Give one of %(numbers)s.") % self._told
        return _("Give a whole number from %(least)s to %(most)s.") % self._told

    @property
    def _told(self) -> dict[str, str]:
        if self.one_of:
            return {"numbers": ", ".join(f"{number:,}" for number in self.one_of)}
        return {"least": f"{self.least:,}", "most": f"{self.most:,}"}

    def _refusal(self, number: Decimal) -> str:
        told = {"number": f"{number:,f}", **self._told}
        if self.one_of:
            return _("%(number)s is not one of %(numbers)s.") % told
        return _("%(number)s is not a whole number from %(least)s to %(most)s.") % told

    def read(self, text: str) -> int:
        """Return the number that a text denotes; raises ValueError, in words for the learner."""
        try:
            number = read_number(text)
        except UnreadableNumberError as fault:
            raise ValueError(self.asked) from fault
        if number != number.to_integral_value() or not self.allows(int(number)):
            raise ValueError(self._refusal(number))
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
        super().__init__(
            ngettext(
                "One thing in your design needs another value before it can be worked out; see the"
                " form.",
                "%(number)s things need another value before it can be worked out; see the form.",
                number,
            )
            % {"number": number}
        )


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
        window, sinks = f"{self.window or 0:,}", f"{self.sinks:,}"
        layers = [
            ngettext("%(number)s dense layer", "%(number)s dense layers", self.dense)
            % {"number": f"{self.dense:,}"},
            ngettext(
                "%(number)s layer with a window of %(window)s",
                "%(number)s layers with a window of %(window)s",
                self.windowed,
            )
            % {"number": f"{self.windowed:,}", "window": window},
            ngettext(
                "%(number)s layer with a window of %(window)s and the first %(sinks)s",
                "%(number)s layers with a window of %(window)s and the first %(sinks)s",
                self.with_sinks,
            )
            % {"number": f"{self.with_sinks:,}", "window": window, "sinks": sinks},
        ]
        counts = (self.dense, self.windowed, self.with_sinks)
        parts = [told for told, count in zip(layers, counts, strict=True) if count]
        return ", ".join([*parts, *self._rest()])

    def _rest(self) -> Iterator[str]:
        heads, texts = self.kv_heads, self.batch
        yield ngettext("%(number)s KV head", "%(number)s KV heads", heads) % {
            "number": f"{heads:,}"
        }
        yield _("%(bits)s bits") % {"bits": self.bits}
        yield _("pages of %(tokens)s") % {"tokens": f"{self.page_tokens:,}"}
        yield ngettext("%(number)s text", "%(number)s texts", texts) % {"number": f"{texts:,}"}


@dataclass(frozen=True)
class Desk:
    """A model, and which fields may be set to what."""

    model: Model
    fields: Fields

    def faults(self) -> Iterator[tuple[Name, str]]:
        """Yield the fields by which no design could be made, with the reason."""
        for name, choices in self._choices().items():
            if name == "kv_heads" and any(one < 1 or self.model.q_heads % one for one in choices):
                yield (
                    name,
                    _("a fixed number or one_of, each a divisor of %(q_heads)s")
                    % {"q_heads": self.model.q_heads},
                )
            if name == "bits" and not set(choices) <= set(BITS):
                yield (
                    name,
                    _("a fixed number or one_of, each of %(bits)s")
                    % {"bits": ", ".join(map(str, BITS))},
                )
        can = {name: self._most(name) for name in LAYERS}
        if (can["windowed"] or can["with_sinks"]) and self.fields.window is None:
            yield "window", _("it stands where layers may have one")
        if can["with_sinks"] and self.fields.sinks is None:
            yield "sinks", _("they stand where layers may have them")
        for name in ("window", "page_tokens", "batch"):
            if self._least(name) < 1:
                yield name, _("it is 1 at least")

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
                faults["layers"] = _(
                    "They add up to %(total)s; %(name)s has %(layers)s layers."
                ) % {"total": total, "name": self.model.name, "layers": self.model.layers}
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
