"""What is typed is kept while it is typed, and counts if it was typed in time."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.journal import Entry, Gap, State, applied
from assessments.journal.entries import MOST_FIELDS, MOST_WRITERS, is_field, storable
from assessments.models import Attempt, Saved, Sitting
from assessments.timing import still_takes

_FORM = "form-"
_MOST_CHARACTERS = 400_000


class TooMuchError(ValueError):
    """The answer has grown beyond what is kept; its text is for the learner."""


@dataclass(frozen=True)
class Kept:
    """The answer's state after what was sent; up to which entry the writer's are safely kept.

    ``late`` says that some of it came when the sitting no longer took answers.
    """

    state: State
    acknowledged: int
    late: bool
    sitting: Sitting | None


def state_of(attempt: Attempt) -> State:
    """Return the answer's state as it counts."""
    return states_of([attempt]).get(attempt.pk, State())


def states_of(attempts: Collection[Attempt]) -> dict[int, State]:
    """Return how the answers stand of which anything is saved, by the attempt's key; one query."""
    rows = Saved.objects.filter(attempt__in=[attempt.pk for attempt in attempts], revision__gt=0)
    return {pk: State.of_json(state) for pk, state in rows.values_list("pk", "state")}


def handed_in_answers(attempts: Collection[Attempt]) -> dict[int, dict[str, str]]:
    """Return what is saved of each attempt of a sitting that is being handed in, by its key.

    Whoever is just keeping something is waited for.
    """
    keys = [attempt.pk for attempt in attempts]
    rows = Saved.objects.select_for_update().filter(attempt__in=keys, revision__gt=0)
    states = rows.order_by("pk").values_list("pk", "state")
    return {pk: State.of_json(state).answer() for pk, state in states}


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
        saved = _locked([attempt])[attempt.pk]
        sitting = _as_it_stands(attempt)
        state, late = State.of_json(saved.state), State.of_json(saved.late)
        before, late_before = state, late
        for entry in entries:
            taken = State({writer: max(_taken(state, writer), _taken(late, writer))})
            try:
                if applied(taken, entry) is taken:
                    continue
            except Gap:
                break
            if in_time(sitting, now, entry.age):
                state = applied(_reached(state, entry), entry)
            else:
                late = applied(_reached(late, entry), entry)
        if state is not before or late is not late_before:
            _keep(saved, state, late, now)
    done = max(_taken(state, writer), _taken(late, writer))
    return Kept(state, done, late is not late_before, sitting)


@dataclass(frozen=True)
class Form:
    """What a form sent of one attempt, and what it had shown: of each writer, up to which entry.

    Without ``seen`` whoever sent it has decided on all there is.
    """

    fields: Mapping[str, str]
    seen: Mapping[str, int] | None = None


def save_form(attempt: Attempt, form: Form, now: datetime | None = None) -> None:
    """Keep what a form sent; see ``save_forms``."""
    save_forms({attempt: form}, now)


def save_forms(typed: Mapping[Attempt, Form], now: datetime | None = None) -> None:
    """Keep what forms sent; what they had not shown is kept beside it.

    When it was typed is not known of a form: what arrives in the grace time counts, what comes
    later is kept as late. The attempts are of one sitting, or of none. Raises ``TooMuchError``, and
    then nothing is kept.
    """
    if not typed:
        return
    now = now or timezone.now()
    with transaction.atomic():
        rows = _locked(list(typed))
        sitting = _as_it_stands(next(iter(typed)))
        counts = sitting is None or still_takes(sitting, now)
        changed = [
            _with_form(rows[each.pk], form, now, counts=counts) for each, form in typed.items()
        ]
        Saved.objects.bulk_create(
            [row for row in changed if row is not None],
            update_conflicts=True,
            unique_fields=["attempt"],
            update_fields=["state", "late", "revision", "saved_at"],
        )


def _as_it_stands(attempt: Attempt) -> Sitting | None:
    """Return the attempt's sitting; its answers' rows are locked, as they are for handing in.

    So what is kept before it is handed in is handed in with it, and what comes after is late.
    """
    if attempt.sitting_id is None:
        return None
    return Sitting.objects.only("due_at", "grace_until", "handed_in_at").get(pk=attempt.sitting_id)


def _with_form(saved: Saved, form: Form, now: datetime, *, counts: bool) -> Saved | None:
    """Return the row with what a form sent, or None where that is as it was."""
    present = State.of_json(saved.state if counts else saved.late)
    before = present.answer()
    sent = {name: storable(value) for name, value in form.fields.items() if is_field(name)}
    changes = {**dict.fromkeys(before.keys() - sent.keys()), **sent}
    differing = {name: value for name, value in changes.items() if before.get(name) != value}
    if not differing and not (present.rivals() and changes):
        return None
    seen = present.past if form.seen is None else form.seen
    # No form knows of another one, so each writes under a name of its own.
    writer = _FORM + secrets.token_hex(8)
    after = applied(present, Entry(writer, 1, present.clock + 1, seen, differing or changes))
    after = _forgetting(after, _FORM)
    _check_size(after)
    if counts:
        saved.state = after.as_json()
    else:
        saved.late = after.as_json()
    saved.revision, saved.saved_at = saved.revision + 1, now
    return saved


def in_time(sitting: Sitting | None, now: datetime, age: float) -> bool:
    """Whether what was typed so many seconds ago and arrives now counts.

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
    return now - timedelta(seconds=min(age, 1e6)) <= sitting.due_at


def late_answer(attempt: Attempt) -> dict[str, str]:
    """Return what arrived too late to count, to be looked at."""
    saved = Saved.objects.filter(attempt=attempt).only("late").first()
    return State.of_json(saved.late).answer() if saved else {}


def late_answers(attempts: Iterable[Attempt]) -> dict[int, dict[str, str]]:
    """Return the same of several attempts, by the key of those that have something; one query."""
    rows = Saved.objects.filter(attempt__in=[one.pk for one in attempts]).exclude(late={})
    found = {row.pk: State.of_json(row.late).answer() for row in rows.only("late")}
    return {pk: answer for pk, answer in found.items() if answer}


def _forgetting(state: State, beginning: str) -> State:
    """Return the state without the writers that never write again and of whom no tip is left."""
    there = {tip.writer for tips in state.fields.values() for tip in tips}
    past = {
        writer: number
        for writer, number in state.past.items()
        if writer in there or not writer.startswith(beginning)
    }
    return State(past, state.fields)


def _taken(state: State, writer: str) -> int:
    return state.past.get(writer, 0)


def _reached(state: State, entry: Entry) -> State:
    """Return the state with the writer's earlier entries passed over: the other state has them."""
    return State({**state.past, entry.writer: entry.sequence - 1}, state.fields)


def _locked(attempts: Sequence[Attempt]) -> dict[int, Saved]:
    """Return the rows of attempts, locked; they are made where they are missing."""
    keys = [attempt.pk for attempt in attempts]
    rows = Saved.objects.select_for_update().order_by("pk")
    found = rows.in_bulk(keys)
    if len(found) < len(keys):
        open_journals(attempts, timezone.now())
        found = rows.in_bulk(keys)
    return found


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
