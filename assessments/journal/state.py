"""The state of an answer that several pages write to, and what an entry makes of it.

A *writer* is one open page (a tab, a device). It numbers its entries 1, 2, 3, and they are taken in
that order: one that was taken before changes nothing, one before which another is missing waits.
An entry says what its page had seen: of each writer, up to which entry. Of every field the state
keeps the *tips*: the values that no later entry has seen. One tip is the usual case. Several are
values written at the same time by pages that did not know of one another; all are kept until
somebody who has seen them writes the field again. So nothing is overwritten unseen, and in whatever
order the entries of different writers arrive, the state becomes the same (a multi-value register
with version vectors: DeCandia et al., "Dynamo", SOSP 2007, section 4.4; Shapiro et al., "A
Comprehensive Study of Convergent and Commutative Replicated Data Types", 2011, section 3.2.2).

Of several tips the one with the greatest clock counts (Lamport, "Time, Clocks, and the Ordering of
Events in a Distributed System", 1978), the greatest writer's name among equals.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from assessments.journal.entries import FORM, Entry

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Gap(LookupError):  # noqa: N818 (nothing is wrong: what is missing is on its way)
    """Entries before this one are missing; ``wanted`` is the sequence number that comes next."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        super().__init__(f"entry {wanted} comes next")


@dataclass(frozen=True)
class Tip:
    """A value that no later entry has seen; None is a field that the form does not send."""

    value: str | None
    writer: str
    sequence: int
    clock: int

    @property
    def rank(self) -> tuple[int, str]:
        """What the tip that counts has most of."""
        return (self.clock, self.writer)


@dataclass(frozen=True)
class State:
    """Up to which entry each writer has been taken, and every field's tips, what counts first."""

    past: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    fields: Mapping[str, tuple[Tip, ...]] = field(default_factory=lambda: _NOTHING)

    @property
    def clock(self) -> int:
        """The greatest clock of any tip; the next entry's is greater."""
        return max((tip.clock for tips in self.fields.values() for tip in tips), default=0)

    def answer(self) -> dict[str, str]:
        """Return the form's fields as they count."""
        heads = {name: tips[0].value for name, tips in self.fields.items()}
        return {name: value for name, value in heads.items() if value is not None}

    def rivals(self) -> dict[str, tuple[Tip, ...]]:
        """Return the tips of the fields that have several which differ."""
        return {
            name: tips for name, tips in self.fields.items() if len({tip.value for tip in tips}) > 1
        }

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        fields = {
            name: [[tip.value, tip.writer, tip.sequence, tip.clock] for tip in tips]
            for name, tips in self.fields.items()
        }
        return {"past": dict(self.past), "fields": fields}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "State":
        """Return what was kept."""
        fields = {
            name: tuple(Tip(*values) for values in tips)
            for name, tips in kept.get("fields", {}).items()
        }
        return cls(kept.get("past", {}), fields)


def applied(state: State, entry: Entry) -> State:
    """Return the state with an entry taken; the same state if it had been. Raises ``Gap``."""
    taken = state.past.get(entry.writer, 0)
    if entry.sequence <= taken:
        return state
    if entry.sequence != taken + 1:
        raise Gap(taken + 1)
    past = {**state.past, entry.writer: entry.sequence}
    fields = dict(state.fields)
    for name, value in entry.changes.items():
        new = Tip(value, entry.writer, entry.sequence, entry.clock)
        unseen = [tip for tip in fields.get(name, ()) if not _seen(tip, entry)]
        fields[name] = tuple(sorted([new, *unseen], key=lambda tip: tip.rank, reverse=True))
    return State(past, fields)


def recorded(
    state: State, late: State, entries: Sequence[Entry], counts: Callable[[Entry], bool]
) -> tuple[State, State]:
    """Return both states with a writer's entries taken in order: as they count, and what is late.

    What was taken before, in either, changes nothing. Where an entry is missing, those after it are
    not taken.
    """
    for entry in entries:
        known = max(state.past.get(entry.writer, 0), late.past.get(entry.writer, 0))
        if entry.sequence <= known:
            continue
        if entry.sequence > known + 1:
            break
        if counts(entry):
            state = applied(_reached(state, entry), entry)
        else:
            late = applied(_reached(late, entry), entry)
    return state, late


def _reached(state: State, entry: Entry) -> State:
    """Return the state with the writer's earlier entries passed over: the other state has them."""
    return State({**state.past, entry.writer: entry.sequence - 1}, state.fields)


def posted(
    state: State,
    fields: Mapping[str, str],
    seen: Mapping[str, int] | None = None,
    has_changed: Callable[[str, str | None], bool] = lambda _name, _value: True,
) -> Entry | None:
    """Return the entry that a form makes, or None where it says nothing else than the state.

    A field that the form does not send becomes empty. ``seen`` is what the form's page had seen;
    None is all there is. Of a field that has not changed on its page, a form says nothing: it may
    have been left open while the field was changed elsewhere.
    """
    says: dict[str, str | None] = {**dict.fromkeys(state.fields.keys() - fields.keys()), **fields}
    stands = {name: [tip.value for tip in tips] for name, tips in state.fields.items()}
    changes = {
        name: value
        for name, value in says.items()
        if stands.get(name) != [value] and has_changed(name, value)
    }
    if not changes:
        return None
    known = state.past if seen is None else seen
    return Entry(FORM, state.past.get(FORM, 0) + 1, state.clock + 1, known, changes)


def news(state: State, known: Mapping[str, int]) -> dict[str, Any]:
    """Return as JSON of a state what somebody lacks who knows so much of each writer."""
    lacking = {
        name: tips
        for name, tips in state.fields.items()
        if len(tips) > 1 or any(tip.sequence > known.get(tip.writer, 0) for tip in tips)
    }
    return State(state.past, lacking).as_json()


def _seen(tip: Tip, entry: Entry) -> bool:
    # A page has seen what it wrote itself. Forms come from many pages under one name.
    own = tip.writer == entry.writer != FORM
    return own or tip.sequence <= entry.seen.get(tip.writer, 0)
