"""A field of an answer as a register that forgets nothing which nobody has replaced.

A *writer* is one open page. It numbers its changes 1, 2, 3 …; a change is known by its writer and
its number. A change says which changes of its field its page had seen when it was made, as a
*vector*: for each writer the highest number seen. A change replaces what it has seen, and each
writer's own earlier changes. What nobody has replaced stands: one value, or several that were typed
without knowledge of one another.

A register is a function of the set of changes it was given: ``seen`` is the greatest of their
vectors, writer by writer, and ``heads`` are those of them that ``seen`` does not cover. Merging
registers is therefore the union of their sets, whatever was lost, repeated, late or out of order
(the dotted version vectors of Preguiça et al., "Dotted Version Vectors", 2010, one a field).

All values are plain JSON, so that they are stored and sent as they are.
"""

from collections.abc import Iterable, Mapping
from typing import NotRequired, TypedDict

Vector = Mapping[str, int]
"""For each writer the highest number that has been seen."""


class Head(TypedDict):
    """A value that stands; ``value`` is ``None`` where the field is empty (a box not ticked).

    ``clock`` is Lamport's: greater than that of everything its page had seen of the field.
    """

    writer: str
    sequence: int
    clock: int
    value: str | None


class Register(TypedDict):
    """What is known of one field; ``heads`` stand in order, the one that counts first.

    ``revision`` is the server's: the change of its state by which the field became as it is.
    """

    seen: Vector
    heads: list[Head]
    revision: NotRequired[int]


State = Mapping[str, Register]
"""The registers of an answer by the names of its fields; a field that nobody changed has none."""

NOTHING: Register = {"seen": {}, "heads": []}


class Change(TypedDict):
    """One change of one field, as a page makes it; ``typed_at`` is milliseconds since 1970."""

    writer: str
    sequence: int
    clock: int
    field: str
    value: str | None
    seen: Vector
    typed_at: int


def register_of(change: Change) -> Register:
    """Return the register to which nothing but this change was given."""
    seen = dict(change["seen"])
    writer, before = change["writer"], change["sequence"] - 1
    # A page cannot have seen its own changes to come.
    seen.pop(writer, None)
    if before:
        seen[writer] = before
    head: Head = {
        "writer": writer,
        "sequence": change["sequence"],
        "clock": change["clock"],
        "value": change["value"],
    }
    return {"seen": seen, "heads": [head]}


def merged(one: Register, other: Register) -> Register:
    """Return the register of all changes that either was given.

    Commutative, associative, idempotent; the empty register is its neutral element.
    """
    seen = dict(one["seen"])
    for writer, number in other["seen"].items():
        if number > seen.get(writer, 0):
            seen[writer] = number
    kept = {(head["writer"], head["sequence"]): head for head in (*other["heads"], *one["heads"])}
    heads = [head for head in kept.values() if head["sequence"] > seen.get(head["writer"], 0)]
    heads.sort(key=lambda head: (head["clock"], head["writer"], head["sequence"]), reverse=True)
    return {"seen": seen, "heads": heads}


def merged_states(one: State, other: State) -> dict[str, Register]:
    """Return the state of all changes that either was given."""
    fields = [*one, *(field for field in other if field not in one)]
    return {field: merged(one.get(field, NOTHING), other.get(field, NOTHING)) for field in fields}


def recorded(state: State, changes: Iterable[Change]) -> dict[str, Register]:
    """Return the state once these changes have been given to it."""
    after = dict(state)
    for change in changes:
        field = change["field"]
        after[field] = merged(after.get(field, NOTHING), register_of(change))
    return after


def knows(register: Register, writer: str, sequence: int) -> bool:
    """Whether a change stands in the register or has been replaced in it."""
    if sequence <= register["seen"].get(writer, 0):
        return True
    heads = register["heads"]
    return any(head["writer"] == writer and head["sequence"] == sequence for head in heads)


def shown(register: Register) -> dict[str, int]:
    """Return what somebody has seen to whom the first value is shown, and no other.

    A change that is made on top of it leaves the other values standing.
    """
    return _with(
        register, [head for head in register["heads"] if head["value"] == _first(register)]
    )


def everything(register: Register) -> dict[str, int]:
    """Return what somebody has seen who chose among all values that stand."""
    return _with(register, register["heads"])


def _with(register: Register, heads: Iterable[Head]) -> dict[str, int]:
    seen = dict(register["seen"])
    for head in heads:
        seen[head["writer"]] = max(head["sequence"], seen.get(head["writer"], 0))
    return seen


def _first(register: Register) -> str | None:
    return register["heads"][0]["value"] if register["heads"] else None


def others(register: Register) -> list[str | None]:
    """Return the other values that stand beside the one that counts, each once, latest first."""
    values = [head["value"] for head in register["heads"] if head["value"] != _first(register)]
    return list(dict.fromkeys(values))


def change_of(
    register: Register,
    *,
    writer: str,
    sequence: int,
    field: str,
    value: str | None,
    seen: Vector,
    typed_at: int,
) -> Change:
    """Return a change made by somebody who knows the register; ``seen`` is what was shown of it."""
    highest = max((head["clock"] for head in register["heads"]), default=0)
    return {
        "writer": writer,
        "sequence": sequence,
        "clock": highest + 1,
        "field": field,
        "value": value,
        "seen": seen,
        "typed_at": typed_at,
    }


def plain(value: str | None) -> str | None:
    """Return a value as every database keeps it.

    Null characters and halves of surrogate pairs, which are no text, are replaced.
    """
    if value is None:
        return None
    text = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def values(state: State) -> dict[str, str]:
    """Return the answer: each field's value that counts; fields that are empty are left out."""
    first = {field: _first(register) for field, register in state.items()}
    return {field: value for field, value in first.items() if value is not None}
