"""What is typed is kept while it is typed, and counts if it was typed in time."""

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

_FORM = "form"
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


def state_of(attempt: Attempt) -> State:
    """Return the answer's state as it counts."""
    return states_of([attempt]).get(attempt.pk, State())


def states_of(attempts: Collection[Attempt]) -> dict[int, State]:
    """Return how the answers stand of which anything is saved, by the attempt's key; one query."""
    rows = Saved.objects.filter(attempt__in=[attempt.pk for attempt in attempts], revision__gt=0)
    return {pk: State.of_json(state) for pk, state in rows.values_list("pk", "state")}


def saved_answers(attempts: Collection[Attempt]) -> dict[int, dict[str, str]]:
    """Return the fields of the attempts' forms as they were last saved; one query."""
    return {pk: state.answer() for pk, state in states_of(attempts).items()}


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

    Where one is missing in between, those after it are not taken, and not acknowledged. The
    attempt's sitting, where it has one, has to be loaded with it. Raises ``TooMuchError``.
    """
    now = now or timezone.now()
    with transaction.atomic():
        saved = _locked([attempt])[attempt.pk]
        state, late = State.of_json(saved.state), State.of_json(saved.late)
        before, late_before = state, late
        for entry in entries:
            taken = State({writer: max(_taken(state, writer), _taken(late, writer))})
            try:
                if applied(taken, entry) is taken:
                    continue
            except Gap:
                break
            if in_time(attempt.sitting, now, entry.age):
                state = applied(_reached(state, entry), entry)
            else:
                late = applied(_reached(late, entry), entry)
        if state is not before or late is not late_before:
            _keep(saved, state, late, now)
    done = max(_taken(state, writer), _taken(late, writer))
    return Kept(state, done, late is not late_before)


def save_form(attempt: Attempt, fields: Mapping[str, str], now: datetime | None = None) -> None:
    """Keep what a form sent; see ``save_forms``."""
    save_forms({attempt: fields}, now)


def save_forms(typed: Mapping[Attempt, Mapping[str, str]], now: datetime | None = None) -> None:
    """Keep what forms sent, as what whoever sent them has decided on: they have seen all there is.

    When it was typed is not known of a form: what arrives in the grace time counts, what comes
    later is kept as late. Raises ``TooMuchError``, and then nothing is kept.
    """
    if not typed:
        return
    now = now or timezone.now()
    with transaction.atomic():
        rows = _locked(list(typed))
        changed = [_with_form(rows[each.pk], each, typed[each], now) for each in typed]
        Saved.objects.bulk_create(
            [row for row in changed if row is not None],
            update_conflicts=True,
            unique_fields=["attempt"],
            update_fields=["state", "late", "revision", "saved_at"],
        )


def _with_form(
    saved: Saved, attempt: Attempt, fields: Mapping[str, str], now: datetime
) -> Saved | None:
    """Return the row with what a form sent, or None where that is as it was."""
    counts = attempt.sitting is None or still_takes(attempt.sitting, now)
    present = State.of_json(saved.state if counts else saved.late)
    before = present.answer()
    sent = {name: storable(value) for name, value in fields.items() if is_field(name)}
    changes = {**dict.fromkeys(before.keys() - sent.keys()), **sent}
    differing = {name: value for name, value in changes.items() if before.get(name) != value}
    if not differing and not (present.rivals() and changes):
        return None
    entry = Entry(
        _FORM, _taken(present, _FORM) + 1, present.clock + 1, present.past, differing or changes
    )
    after = applied(present, entry)
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
