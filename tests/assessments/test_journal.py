"""What is typed is kept, and counts if it was typed in time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from assessments.journal import Entry
from assessments.models import Assessment, Attempt, Course, Saved, Sitting, User
from assessments.services import attempt_for
from assessments.services.journal import (
    Form,
    TooMuchError,
    late_answer,
    record_entries,
    save_form,
    save_forms,
    saved_answer,
    state_of,
)
from question_bank.models import Question

NOW = timezone.now()


def entry(
    sequence: int, value: str, *, age: float = 0, seen: dict[str, int] | None = None
) -> Entry:
    return Entry("tab", sequence, sequence, seen or {}, {"choice": value}, age)


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.get(slug="which-cut"))


@pytest.fixture
def sat(course: Course, learner: User, attempt: Attempt) -> Iterator[Attempt]:
    """An attempt whose sitting is due now, with a minute of grace."""
    exam = Assessment.objects.create(course=course, slug="exam", title="Exam")
    sitting = Sitting.objects.create(
        learner=learner,
        assessment=exam,
        number=1,
        started_at=NOW - timedelta(hours=1),
        due_at=NOW,
        grace_until=NOW + timedelta(minutes=1),
    )
    Attempt.objects.filter(pk=attempt.pk).update(purpose="sitting", sitting=sitting, place=0)
    return Attempt.objects.select_related("sitting").get(pk=attempt.pk)


def test_before_anything_is_typed_nothing_is_saved(attempt: Attempt) -> None:
    assert saved_answer(attempt) == {}


def test_entries_are_kept_and_acknowledged(attempt: Attempt) -> None:
    kept = record_entries(attempt, "tab", [entry(1, "0"), entry(2, "1")])
    assert kept.acknowledged == 2
    assert saved_answer(attempt) == {"choice": "1"}


def test_what_comes_again_is_acknowledged_and_writes_nothing(attempt: Attempt) -> None:
    record_entries(attempt, "tab", [entry(1, "0")])
    assert record_entries(attempt, "tab", [entry(1, "0")]).acknowledged == 1
    assert Saved.objects.get(attempt=attempt).revision == 1


def test_where_an_entry_is_missing_those_after_it_wait(attempt: Attempt) -> None:
    kept = record_entries(attempt, "tab", [entry(1, "0"), entry(3, "2")])
    assert kept.acknowledged == 1
    assert saved_answer(attempt) == {"choice": "0"}


def test_a_form_that_was_posted_has_decided(attempt: Attempt) -> None:
    record_entries(attempt, "tab", [entry(1, "0")])
    record_entries(attempt, "other", [Entry("other", 1, 1, {}, {"choice": "2"})])
    assert state_of(attempt).rivals()
    save_form(attempt, Form({"choice": "2"}))
    assert not state_of(attempt).rivals()
    assert saved_answer(attempt) == {"choice": "2"}


def test_a_box_that_a_form_no_longer_sends_is_unticked(attempt: Attempt) -> None:
    save_form(attempt, Form({"choice-0": "on", "choice-1": "on"}))
    save_form(attempt, Form({"choice-1": "on"}))
    assert saved_answer(attempt) == {"choice-1": "on"}


def test_an_answer_beyond_all_bounds_is_refused_and_what_was_there_stays(attempt: Attempt) -> None:
    record_entries(attempt, "tab", [entry(1, "0")])
    huge = {f"field-{number}": "x" * 100_000 for number in range(5)}
    with pytest.raises(TooMuchError):
        record_entries(attempt, "tab", [Entry("tab", 2, 2, {}, huge)])
    assert saved_answer(attempt) == {"choice": "0"}


@pytest.mark.parametrize(
    ("arrives", "age", "counts"),
    [
        (timedelta(seconds=-1), 0, True),
        (timedelta(0), 0, True),
        (timedelta(seconds=30), 31, True),
        (timedelta(seconds=30), 29, False),
        (timedelta(seconds=60), 61, True),
        (timedelta(seconds=61), 3600, False),
    ],
)
def test_what_was_typed_before_the_end_and_arrives_in_the_grace_time_counts(
    sat: Attempt, arrives: timedelta, age: float, counts: bool
) -> None:
    kept = record_entries(sat, "tab", [entry(1, "0", age=age)], NOW + arrives)
    assert kept.acknowledged == 1
    assert kept.late == ([] if counts else [1])
    assert saved_answer(sat) == ({"choice": "0"} if counts else {})
    assert late_answer(sat) == ({} if counts else {"choice": "0"})


def test_after_handing_in_everything_is_late(sat: Attempt) -> None:
    assert sat.sitting is not None
    sat.sitting.handed_in_at = NOW - timedelta(minutes=5)
    sat.sitting.save()
    kept = record_entries(sat, "tab", [entry(1, "0", age=600)], NOW - timedelta(minutes=4))
    assert (kept.late, saved_answer(sat)) == ([1], {})


def test_late_entries_do_not_hold_up_those_that_count_again(sat: Attempt) -> None:
    """An instructor may give more time when some came too late already."""
    late = NOW + timedelta(seconds=90)
    record_entries(sat, "tab", [entry(1, "0")], late)
    Sitting.objects.update(due_at=NOW + timedelta(minutes=30), grace_until=None)
    assert record_entries(sat, "tab", [entry(2, "1")], late).acknowledged == 2
    assert saved_answer(sat) == {"choice": "1"}


def test_a_form_counts_in_the_grace_time_and_is_late_afterwards(sat: Attempt) -> None:
    save_form(sat, Form({"choice": "0"}), NOW + timedelta(seconds=59))
    save_form(sat, Form({"choice": "1"}), NOW + timedelta(seconds=61))
    assert (saved_answer(sat), late_answer(sat)) == ({"choice": "0"}, {"choice": "1"})


def test_when_it_was_typed_goes_by_the_servers_clock_where_the_page_has_measured_it(
    sat: Attempt,
) -> None:
    """A slow line does not make it later than it was."""
    typed = NOW.timestamp() - 1
    slow = Entry("tab", 1, 1, {}, {"choice": "0"}, 0, typed)
    assert record_entries(sat, "tab", [slow], NOW + timedelta(seconds=30)).late == []
    assert saved_answer(sat) == {"choice": "0"}


def test_nothing_is_typed_after_it_arrived(sat: Attempt) -> None:
    ahead = Entry("tab", 1, 1, {}, {"choice": "0"}, 0, NOW.timestamp() + 1e9)
    assert record_entries(sat, "tab", [ahead], NOW).late == []
    assert record_entries(sat, "tab", [replace(ahead, sequence=2)], _after(NOW)).late == [2]


def test_late_entries_that_come_again_are_still_late(sat: Attempt) -> None:
    after = NOW + timedelta(minutes=2)
    record_entries(sat, "tab", [entry(1, "0")], NOW)
    record_entries(sat, "tab", [entry(2, "1")], after)
    again = record_entries(sat, "tab", [entry(1, "0"), entry(2, "1")], after)
    assert (again.acknowledged, again.late) == (2, [2])


def test_a_form_settles_nothing_that_its_page_has_not_shown(attempt: Attempt) -> None:
    record_entries(attempt, "tab", [entry(1, "0")])
    shown = dict(state_of(attempt).past)
    record_entries(attempt, "phone", [Entry("phone", 1, 2, {"tab": 1}, {"choice": "1"})])
    save_form(attempt, Form({"choice": "2"}, seen=shown))
    state = state_of(attempt)
    assert {tip.value for tip in state.rivals()["choice"]} == {"1", "2"}
    assert state.answer() == {"choice": "2"}


def test_forms_of_two_pages_lose_neither(attempt: Attempt) -> None:
    save_form(attempt, Form({"choice": "0"}, seen={}))
    save_form(attempt, Form({"choice": "1"}, seen={}))
    state = state_of(attempt)
    assert {tip.value for tip in state.rivals()["choice"]} == {"0", "1"}


def test_a_form_that_says_what_is_saved_changes_nothing(attempt: Attempt) -> None:
    save_form(attempt, Form({"choice": "0"}, seen={}))
    save_form(attempt, Form({"choice": "0"}, seen={}))
    assert Saved.objects.get(attempt=attempt).revision == 1


def _after(moment: datetime) -> datetime:
    return moment + timedelta(seconds=1)


def test_forms_of_several_questions_are_kept_together(learner: User) -> None:
    questions = Question.objects.filter(slug__in=["which-cut", "keys-seen"])
    attempts = [attempt_for(learner, question) for question in questions]
    save_forms({attempt: Form({"choice": str(attempt.pk)}) for attempt in attempts})
    assert [saved_answer(one) for one in attempts] == [{"choice": str(one.pk)} for one in attempts]
