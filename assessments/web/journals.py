"""What pages say of answers being typed, as values, and what they are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from assessments import journal
from assessments.services.journal import Receipt, Sent
from question_bank.kinds.base import Strict

Writer = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,24}$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Milliseconds = Annotated[int, Field(ge=0, le=2**43)]
Vector = Annotated[dict[Writer, Number], Field(max_length=1_000)]
FieldName = Annotated[str, Field(max_length=80)]


class SentChange(Strict):
    """``journal.Change`` as it comes."""

    writer: Writer
    sequence: Number
    clock: Annotated[int, Field(ge=1, le=2**53 - 1)]
    field: FieldName
    value: str | None
    seen: Vector
    typed_at: Milliseconds


class Batch(Strict):
    """What a page sends: changes of one attempt, and the revision up to which it knows all.

    ``offset`` is by how many milliseconds it takes the server's clock to be ahead of its own;
    empty where it has not measured.
    """

    revision: Annotated[int, Field(ge=0)] = 0
    offset: Annotated[int, Field(ge=-(2**43), le=2**43)] | None = None
    sent_at: Milliseconds
    changes: Annotated[list[SentChange], Field(max_length=200)] = []

    def sent(self, now: datetime) -> list[Sent]:
        """Return the changes with the times at which they were typed by the server's clock."""
        return [self._one(change, now) for change in self.changes]

    def _one(self, change: SentChange, now: datetime) -> Sent:
        typed_at = journal.typed_time(
            change.typed_at, offset=self.offset, sent_at=self.sent_at, received_at=now
        )
        return Sent(
            {
                "writer": change.writer,
                "sequence": change.sequence,
                "clock": change.clock,
                "field": change.field,
                "value": journal.plain(change.value),
                "seen": change.seen,
                "typed_at": change.typed_at,
            },
            typed_at,
        )


_SHOWN = TypeAdapter(dict[FieldName, Vector])


def shown_in(text: str) -> dict[str, dict[str, int]] | None:
    """Return what a form says that it showed, by field; nothing where it says nothing readable."""
    try:
        return _SHOWN.validate_json(text)
    except ValueError:
        return None


def told(receipt: Receipt, revision: int, now: datetime) -> dict[str, Any]:
    """Return the answer to a page that knows all up to ``revision``."""
    return {
        "now": milliseconds(now),
        "revision": receipt.revision,
        "kept": receipt.kept,
        "late": receipt.late,
        "refused": [[*key, why] for key, why in receipt.refused.items()],
        # A page that knew all before its own changes lacks nothing now.
        "state": {} if revision == receipt.before else lacking(receipt.state, revision),
    }


def lacking(state: journal.State, revision: int) -> Mapping[str, journal.Register]:
    """Return the fields that have changed since a revision."""
    return {name: one for name, one in state.items() if one.get("revision", 0) > revision}


def milliseconds(moment: datetime) -> int:
    """Return a time as pages count it, in milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
