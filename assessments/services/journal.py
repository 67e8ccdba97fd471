"""What is typed is kept while it is typed, and counts if it was typed in time."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.counters import AUTOSAVES
from assessments.journal import Entry, State, applied, posted, recorded
from assessments.journal.entries import MOST_FIELDS, MOST_WRITERS, is_field, storable
from assessments.models import Attempt, Saved, Sitting
from assessments.ready import Ready
from assessments.timing import still_takes

_MOST_CHARACTERS = 400_000


class TooMuchError(ValueError):
    """The answer has grown beyond what is kept; its text is for the learner."""


@dataclass(frozen=True)
class Kept:
    """The answer's state after what was sent; up to which entry the writer's are safely kept.

    ``late`` numbers those of the entries that came, or were typed, when the sitting no longer took
    answers: they are kept and do not count. ``sitting`` is the attempt's, as it was then.
    """

    state: State
    acknowledged: int
    late: list[int] = field(default_factory=list)
    sitting: Sitting | None = None


def state_of(attempt: Attempt) -> State:
    """Return the answer's state as it counts."""
    return states_of([attempt]).get(attempt.pk, State())


def states_of(attempts: Collection[Attempt]) -> dict[int, State]:
    """Return how the answers stand of which anything is saved, by the attempt's key; one query."""
    rows = Saved.objects.filter(attempt__in=[attempt.pk for attempt in attempts], revision__gt=0)
    return {pk: State.of_json(state) for pk, state in rows.values_list("pk", "state")}


def states_read(attempts: Iterable[Attempt]) -> dict[int, State]:
    """Return the same of attempts that were read together with what is saved; no query."""
    rows = [one.saved for one in attempts if hasattr(one, "saved") and one.saved.revision > 0]
    return {row.pk: State.of_json(row.state) for row in rows}


def saved_answer(attempt: Attempt) -> dict[str, str]:
    """Return the fields of the attempt's form as they were last saved; empty before the first."""
    return state_of(attempt).answer()


def open_journals(attempts: Iterable[Attempt], now: datetime) -> None:
    """Make room for answers that are about to be typed, so that keeping them only updates."""
    rows = [Saved(attempt=attempt, saved_at=now) for attempt in attempts]
    Saved.objects.bulk_create(rows, ignore_conflicts=True)


def record_entries(
    attempt: Attempt, writer: str, entries: Sequence[Entry], now: datetime | None = None
) -> Kept:
    """Keep a page's entries, in order; what was kept before changes nothing.

    Where one is missing in between, those after it are not taken, and not acknowledged. Raises
    ``TooMuchError``.
    """
    now = now or timezone.now()
    with transaction.atomic():
        sitting, saved = _sitting(attempt), _locked([attempt])[attempt.pk]
        state, late = State.of_json(saved.state), State.of_json(saved.late)
        before, late_before = state, late
        state, late = recorded(
            state, late, entries, lambda entry: in_time(sitting, now, _typed(entry, now))
        )
        if state is not before or late is not late_before:
            _keep(saved, state, late, now)
    done = max(_taken(state, writer), _taken(late, writer))
    passed = [one.sequence for one in entries if _taken(state, writer) < one.sequence <= done]
    AUTOSAVES.labels(_outcome(state is not before, late is not late_before)).inc()
    return Kept(state, done, passed, sitting)


def _outcome(kept: bool, too_late: bool) -> str:
    return "kept" if kept else ("late" if too_late else "known")


@dataclass(frozen=True)
class Form:
    """What a form sent of one attempt.

    ``seen`` is what its page had seen, of each writer up to which entry: what was saved beyond that
    stands beside what the form says. Without it, the form has seen all there is. ``was`` is the
    ``print_of`` each value that it showed: a field that still has it was not changed there. Without
    it, all that the form says is believed.
    """

    fields: Mapping[str, str]
    seen: Mapping[str, int] | None = None
    was: Mapping[str, str] | None = None

    def has_changed(self, name: str, value: str | None) -> bool:
        """Whether a field says something else than it showed."""
        return self.was is None or self.was.get(name, print_of(None)) != print_of(value)


def print_of(value: str | None) -> str:
    """Return a short digest of a field's value; one that is not sent is like an empty one."""
    return hashlib.blake2b((value or "").encode(errors="replace"), digest_size=6).hexdigest()


def lock_answer(attempt: Attempt) -> None:
    """Let nobody else change what is kept of an attempt until the transaction ends."""
    _sitting(attempt)
    _locked([attempt])


def save_form(attempt: Attempt, form: Form, now: datetime | None = None) -> None:
    """Keep what a form sent; see ``save_forms``."""
    save_forms({attempt: form}, now)


def save_forms(typed: Mapping[Attempt, Form], now: datetime | None = None) -> None:
    """Keep what forms sent, as what whoever sent them has decided on.

    When it was typed is not known of a form: what arrives in the grace time counts, what comes
    later is kept as late. All attempts are of one sitting or of none. Raises ``TooMuchError``, and
    then nothing is kept.
    """
    if not typed:
        return
    now = now or timezone.now()
    with transaction.atomic():
        sitting = _sitting(next(iter(typed)))
        counts = sitting is None or still_takes(sitting, now)
        rows = _locked(list(typed))
        changed = [
            _with_form(rows[each.pk], form, now, counts=counts) for each, form in typed.items()
        ]
        Saved.objects.bulk_create(
            [row for row in changed if row is not None],
            update_conflicts=True,
            unique_fields=["attempt"],
            update_fields=["state", "late", "revision", "saved_at"],
        )


def _with_form(saved: Saved, form: Form, now: datetime, *, counts: bool) -> Saved | None:
    """Return the row with what a form sent, or None where that is as it was."""
    present = State.of_json(saved.state if counts else saved.late)
    sent = {name: storable(value) for name, value in form.fields.items() if is_field(name)}
    entry = posted(present, sent, form.seen, form.has_changed)
    if entry is None:
        return None
    after = applied(present, entry)
    _check_size(after)
    if counts:
        saved.state = after.as_json()
    else:
        saved.late = after.as_json()
    saved.revision, saved.saved_at = saved.revision + 1, now
    return saved


def in_time(sitting: Sitting | None, now: datetime, typed_at: datetime) -> bool:
    """Whether what was typed at a time and arrives now counts.

    In the grace time only what was typed before the end does.
    """
    if sitting is None:
        return True
    if sitting.handed_in_at is not None:
        return False
    if sitting.due_at is None or now <= sitting.due_at:
        return True
    if sitting.grace_until is not None and now > sitting.grace_until:
        return False
    return typed_at <= sitting.due_at


def _typed(entry: Entry, now: datetime) -> datetime:
    """Return when an entry was typed by the server's clock, never after now.

    Where its page has not measured that clock, it is taken to have come as soon as it was sent.
    """
    if entry.typed is None:
        return now - timedelta(seconds=min(entry.age, 1e6))
    return min(now, datetime.fromtimestamp(min(entry.typed, now.timestamp()), UTC))


def late_answer(attempt: Attempt) -> dict[str, str]:
    """Return what arrived too late to count, to be looked at."""
    saved = Saved.objects.filter(attempt=attempt).only("late").first()
    return State.of_json(saved.late).answer() if saved else {}


def _taken(state: State, writer: str) -> int:
    return state.past.get(writer, 0)


def _sitting(attempt: Attempt) -> Sitting | None:
    """Return the attempt's sitting as it is now, locked: handing it in waits for what is kept."""
    if attempt.sitting_id is None:
        return None
    (sitting,) = _LOCKED_SITTING(attempt.sitting_id)
    return sitting


_LOCKED_SITTING = Ready(lambda key: Sitting.objects.select_for_update().filter(pk=key))


def _locked(attempts: Sequence[Attempt]) -> dict[int, Saved]:
    """Return the rows of attempts, locked; they are made where they are missing."""
    keys = [attempt.pk for attempt in attempts]
    found = _LOCKED_ANSWERS(*keys)
    if len(found) < len(keys):
        open_journals(attempts, timezone.now())
        found = _LOCKED_ANSWERS(*keys)
    return {row.pk: row for row in found}


_LOCKED_ANSWERS = Ready(
    lambda *keys: Saved.objects.select_for_update().filter(pk__in=keys).order_by("pk")
)


def _keep(saved: Saved, state: State, late: State, now: datetime) -> None:
    for each in (state, late):
        _check_size(each)
    Saved.objects.filter(pk=saved.pk).update(
        state=state.as_json(), late=late.as_json(), revision=saved.revision + 1, saved_at=now
    )


def _check_size(state: State) -> None:
    characters = sum(len(tip.value or "") for tips in state.fields.values() for tip in tips)
    if characters > _MOST_CHARACTERS or len(state.fields) > MOST_FIELDS:
        raise TooMuchError(_("This answer is longer than can be kept. Shorten it."))
    if len(state.past) > MOST_WRITERS:
        raise TooMuchError(_("This answer was changed in too many tabs. Start again."))
