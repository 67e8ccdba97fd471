"""When a question comes back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.analytics.recall import RETENTION, Answered, recall

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def daily(*shares: float) -> list[Answered]:
    return [Answered(START + timedelta(days=day), share) for day, share in enumerate(shares)]


def test_a_question_never_answered_is_never_due() -> None:
    assert recall([], START) is None


def test_the_better_it_is_known_the_later_it_comes_back() -> None:
    def waits(*shares: float) -> timedelta:
        answers = daily(*shares)
        found = recall(answers, answers[-1].at)
        assert found is not None
        return found.due_at - answers[-1].at

    assert waits(1) >= timedelta(days=1)
    assert waits(1, 1, 1) > waits(1, 0.6, 1) > waits(1, 0, 1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_it_is_due_when_memory_falls_to_the_retention_wanted(shares: list[float]) -> None:
    answers = daily(*shares)
    now = recall(answers, answers[-1].at)
    assert now is not None
    later = recall(answers, now.due_at)
    assert later is not None
    # Intervals are whole days, and a day at least.
    assert later.likely <= now.likely
    if now.due_at - answers[-1].at > timedelta(days=3):
        assert abs(later.likely - RETENTION) < 0.03
