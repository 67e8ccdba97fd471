"""The journal of answers: what pages send is kept, and merged into what is saved.

The rules are in ``docs/answers.md`` and ``assessments.journal``.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from django.db import transaction

from assessments import journal
from assessments.journal import Change, State
from assessments.models import Attempt, Entry, Saved, Sitting
from question_bank.kinds import Answerable
from question_bank.models import QuestionVersion
from question_bank.variants import variant_of

MAX_VALUE_BYTES = 102_400
"""A file of code may be so long; nothing else that is typed comes near."""

MAX_STATE_BYTES = 4_000_000
MAX_KEPT_BYTES = 256_000_000
MAX_WRITERS = 1_000
_MERGED = ["state", "revision", "size", "updated_at"]

Refusal = Literal["unknown_field", "too_large", "full"]
Key = tuple[str, int]


@dataclass(frozen=True)
class Sent:
    """A change as it came, and when it was typed by the server's clock."""

    change: Change
    typed_at: datetime


@dataclass(frozen=True)
class Receipt:
    """What became of the changes of a batch, each by its writer and number.

    What was ``kept`` is in the database for good; ``late`` are those of them that do not count.
    ``state`` is what is saved now, ``before`` and ``revision`` its revisions without and with them.
    """

    kept: list[Key]
    late: list[Key]
    refused: dict[Key, Refusal]
    state: State
    before: int
    revision: int


def record_entries(attempt: Attempt, sent: Sequence[Sent], now: datetime) -> Receipt:
    """Keep changes and merge those that count; what was kept before is acknowledged again.

    The order of ``sent`` does not matter. A change whose field the question has not, or that would
    exceed what may be kept, is refused. All of it is one transaction.
    """
    names = field_names(attempt)
    with transaction.atomic():
        times = _times(attempt)
        saved = _locked(attempt, now)
        room = _Room(saved, names)
        refused = {key(one.change): why for one in sent if (why := room.refuses(one.change))}
        taken = [one for one in sent if key(one.change) not in refused]
        if times.due_at and now > times.due_at:
            taken = _new(attempt, taken)
        entries = [_entry(attempt, one, times, now) for one in taken]
        Entry.objects.bulk_create(entries, ignore_conflicts=True)
        counting = [one.change for one, entry in zip(taken, entries, strict=True) if not entry.late]
        before = saved.revision
        _merge(saved, counting, room.added, now)
    every = [key(one.change) for one in sent if key(one.change) not in refused]
    return Receipt(
        kept=every,
        late=_late(attempt, times, every, now),
        refused=refused,
        state=saved.state,
        before=before,
        revision=saved.revision,
    )


def record_posted(
    attempt: Attempt,
    posted: Mapping[str, str],
    now: datetime,
    *,
    seen: Mapping[str, Mapping[str, int]] | None = None,
) -> Receipt:
    """Keep what a form posted, as far as it says something else than what is saved.

    ``posted`` holds the fields of a question; a field that it lacks is empty. ``seen`` is by field
    what the form showed (``journal.shown``): a value that it did not show is kept beside the one
    that was posted. Without it, the form is taken to have shown what counts now.
    """
    with transaction.atomic():
        _times(attempt)
        saved = _locked(attempt, now)
        writer = "post-" + secrets.token_urlsafe(9)
        changes: list[Sent] = []
        for field in field_names(attempt):
            register = saved.state.get(field, journal.NOTHING)
            value = journal.plain(posted.get(field))
            if value in _standing(register):
                continue
            change = journal.change_of(
                register,
                writer=writer,
                sequence=len(changes) + 1,
                field=field,
                value=value,
                seen=journal.shown(register) if seen is None else seen.get(field, {}),
                typed_at=int(now.timestamp() * 1000),
            )
            changes.append(Sent(change, now))
        return record_entries(attempt, changes, now)


@dataclass(frozen=True)
class Posted:
    """What a form posted of one question: the fields that say something else than it had shown.

    ``seen`` is by field what it had shown (``journal.shown``), nothing where a field is missing.
    """

    fields: Mapping[str, str | None]
    seen: Mapping[str, Mapping[str, int]]


def record_page(sitting: Sitting, posted: Mapping[Attempt, Posted], now: datetime) -> None:
    """Keep what a form posted of several questions of a sitting; six queries however many.

    What a form posts in the grace time may have been typed before the end, so that it counts; what
    it posts later is kept as late.
    """
    with transaction.atomic():
        mine = Sitting.objects.select_for_update().get(pk=sitting.pk)
        times = journal.Times(mine.due_at, mine.grace_until, mine.handed_in_at)
        typed_at = min(now, times.due_at or now)
        writer = "post-" + secrets.token_urlsafe(9)
        entries: list[Entry] = []
        changed = []
        saved = _locked_each(posted, now)
        for attempt, answer in posted.items():
            mine_saved = saved[attempt.pk]
            room = _Room(mine_saved, field_names(attempt))
            changes = _changes_of(mine_saved, answer, writer, typed_at)
            taken = [change for change in changes if not room.refuses(change)]
            entries += [_entry(attempt, Sent(one, typed_at), times, now) for one in taken]
            counting = taken if journal.counts(times, received_at=now, typed_at=typed_at) else []
            if _merge_into(mine_saved, counting, room.added, now):
                changed.append(mine_saved)
        Entry.objects.bulk_create(entries)
        Saved.objects.bulk_update(changed, _MERGED)


def _changes_of(saved: Saved, answer: Posted, writer: str, typed_at: datetime) -> list[Change]:
    changes: list[Change] = []
    for field, text in answer.fields.items():
        register, value = saved.state.get(field, journal.NOTHING), journal.plain(text)
        # Choosing a value that stands behind another one is a change, too.
        if value not in _standing(register)[: 1 if register["heads"] else None]:
            changes.append(
                journal.change_of(
                    register,
                    writer=writer,
                    sequence=len(changes) + 1,
                    field=field,
                    value=value,
                    seen=answer.seen.get(field, {}),
                    typed_at=int(typed_at.timestamp() * 1000),
                )
            )
    return changes


def _locked_each(attempts: Iterable[Attempt], now: datetime) -> dict[int, Saved]:
    keys = [attempt.pk for attempt in attempts]
    fresh = [Saved(attempt_id=key, updated_at=now) for key in keys]
    Saved.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = Saved.objects.select_for_update().filter(attempt__in=keys).order_by("pk")
    return {row.attempt_id: row for row in rows}


def saved_answer(attempt: Attempt) -> dict[str, str]:
    """Return what is saved of an attempt: its fields as its form would hold them."""
    return saved_answers([attempt]).get(attempt.pk, {})


def saved_answers(attempts: Sequence[Attempt]) -> dict[int, dict[str, str]]:
    """Return what is saved of each attempt of which anything is, by its key; one query."""
    return {pk: journal.values(state) for pk, state in saved_states(attempts).items()}


def saved_states(attempts: Sequence[Attempt]) -> dict[int, State]:
    """Return what is saved of each attempt of which anything is, as pages merge it; one query."""
    rows = Saved.objects.filter(attempt__in=[attempt.pk for attempt in attempts])
    return {row.attempt_id: row.state for row in rows}


def saved_state(attempt: Attempt) -> tuple[State, int]:
    """Return what is saved of an attempt as pages merge it, and its revision."""
    saved = Saved.objects.filter(attempt=attempt).first()
    return (saved.state, saved.revision) if saved else ({}, 0)


def late_entries(sitting: Sitting) -> Iterable[Entry]:
    """Return what arrived, or was typed, too late in a sitting, in the order of its arrival."""
    return Entry.objects.filter(attempt__sitting=sitting, late=True).order_by(
        "attempt__place", "pk"
    )


def key(change: Change) -> Key:
    """Return what a change is known by within its attempt."""
    return change["writer"], change["sequence"]


def field_names(attempt: Attempt) -> tuple[str, ...]:
    """Return the names of the fields of an attempt's form; those of code are one, ``source``."""
    return _names(attempt.version_id, attempt.seed)


@lru_cache(maxsize=4096)
def _names(version: int, seed: int) -> tuple[str, ...]:
    # A version never changes, so neither do the fields of a variant of it.
    variant = variant_of(QuestionVersion.objects.get(pk=version), seed)
    return variant.fields if isinstance(variant, Answerable) else ("source",)


def _times(attempt: Attempt) -> journal.Times:
    """Return the times of the attempt's sitting, whose row is locked: handing in waits."""
    if attempt.sitting_id is None:
        return journal.Times()
    # Not its attempt's cached one: it may have been handed in a moment ago.
    sitting = Sitting.objects.select_for_update().get(pk=attempt.sitting_id)
    return journal.Times(sitting.due_at, sitting.grace_until, sitting.handed_in_at)


def _locked(attempt: Attempt, now: datetime) -> Saved:
    locked = Saved.objects.select_for_update()
    saved = locked.filter(attempt=attempt).first()
    if saved is None:
        fresh = Saved(attempt=attempt, updated_at=now)
        Saved.objects.bulk_create([fresh], ignore_conflicts=True)
        saved = locked.get(attempt=attempt)
    return saved


class _Room:
    """What may still be added to an attempt; ``added`` bytes of values have been let in."""

    def __init__(self, saved: Saved, names: Sequence[str]) -> None:
        self._saved, self._names, self.added = saved, names, 0
        self._standing = _bytes_standing(saved.state)

    def refuses(self, change: Change) -> Refusal | None:
        """Return why a change cannot be kept, or take it into account."""
        if change["field"] not in self._names:
            return "unknown_field"
        size = len((change["value"] or "").encode())
        if size > MAX_VALUE_BYTES:
            return "too_large"
        register = self._saved.state.get(change["field"], journal.NOTHING)
        known = journal.knows(register, *key(change))
        full = self._standing + self.added + size > MAX_STATE_BYTES
        full |= self._saved.size + self.added + size > MAX_KEPT_BYTES
        full |= len(register["seen"]) + len(register["heads"]) >= MAX_WRITERS
        if full and not known:
            return "full"
        self.added += 0 if known else size
        return None


def _bytes_standing(state: State) -> int:
    heads = (head for register in state.values() for head in register["heads"])
    return sum(len((head["value"] or "").encode()) for head in heads)


def _standing(register: journal.Register) -> list[str | None]:
    return [head["value"] for head in register["heads"]] or [None, ""]


def _new(attempt: Attempt, sent: Sequence[Sent]) -> list[Sent]:
    """Return the changes not kept yet: after the end, when one first came decides for good."""
    had = _kept(attempt, [key(one.change) for one in sent])
    return [one for one in sent if key(one.change) not in had]


def _kept(attempt: Attempt, keys: Sequence[Key]) -> dict[Key, bool]:
    """Return those of the changes that are kept, and whether they are late."""
    rows = Entry.objects.filter(
        attempt=attempt,
        writer__in={writer for writer, _ in keys},
        sequence__in={sequence for _, sequence in keys},
    )
    return {(row[0], row[1]): row[2] for row in rows.values_list("writer", "sequence", "late")}


def _late(attempt: Attempt, times: journal.Times, keys: Sequence[Key], now: datetime) -> list[Key]:
    if times.handed_in_at is None and (times.due_at is None or now <= times.due_at):
        return []
    late = _kept(attempt, keys)
    return [one for one in keys if late[one]]


def _entry(attempt: Attempt, one: Sent, times: journal.Times, now: datetime) -> Entry:
    change = one.change
    return Entry(
        attempt=attempt,
        writer=change["writer"],
        sequence=change["sequence"],
        clock=change["clock"],
        field=change["field"],
        value=change["value"],
        seen=change["seen"],
        typed_at=one.typed_at,
        received_at=now,
        late=not journal.counts(times, received_at=now, typed_at=one.typed_at),
    )


def _merge(saved: Saved, changes: Sequence[Change], added: int, now: datetime) -> None:
    if _merge_into(saved, changes, added, now):
        saved.save(update_fields=_MERGED)


def _merge_into(saved: Saved, changes: Sequence[Change], added: int, now: datetime) -> bool:
    """Merge changes into what is saved, and return whether it has to be saved anew."""
    after = journal.recorded(saved.state, changes)
    touched = [field for field in after if not _same(saved.state.get(field), after[field])]
    if not touched and not added:
        return False
    if touched:
        saved.revision += 1
    for field in touched:
        after[field]["revision"] = saved.revision
    saved.state = saved.state | {field: after[field] for field in touched}
    saved.size += added
    saved.updated_at = now
    return True


def _same(one: journal.Register | None, other: journal.Register) -> bool:
    return one is not None and one["seen"] == other["seen"] and one["heads"] == other["heads"]
