"""A design's bounds in one line: what is written is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.admin.drafts.settings import read_setting, setting_text

NUMBERS = st.integers(0, 10**7)


@given(
    NUMBERS
    | st.builds(lambda low, high: {"least": low, "most": high, "one_of": []}, NUMBERS, NUMBERS)
    | st.lists(NUMBERS, min_size=1).map(lambda few: {"least": None, "most": None, "one_of": few})
)
def test_what_is_written_is_read_back(value: object) -> None:
    assert read_setting(setting_text(value)) == value


@pytest.mark.parametrize("text", ["a few", "1 to", "-3", "1; 2", "1.5", "9" * 10])
def test_what_is_no_setting_stays_as_it_was_typed(text: str) -> None:
    assert read_setting(text) == text


def test_nothing_is_written_as_nothing() -> None:
    assert setting_text(None) == ""
