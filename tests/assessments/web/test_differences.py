"""Two files side by side."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.web.differences import CONTEXT, Hunk, Line, counts, hunks

TEXTS = st.lists(st.sampled_from(["a", "b", "c = 1", ""]), max_size=12).map("\n".join)


def text_of(line: Line) -> str:
    return line.before + line.changed + line.after


def left_of(found: list[Hunk]) -> list[Line]:
    return [row.left for hunk in found for row in hunk.rows if row.left]


def right_of(found: list[Hunk]) -> list[Line]:
    return [row.right for hunk in found for row in hunk.rows if row.right]


@given(TEXTS, TEXTS)
def test_both_files_are_there_line_by_line_with_their_numbers(first: str, second: str) -> None:
    found = hunks(first, second, whole=True)
    for text, lines in ((first, left_of(found)), (second, right_of(found))):
        assert "\n".join(map(text_of, lines)) == text
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))


@given(TEXTS, TEXTS)
def test_equal_rows_are_equal_and_others_differ(first: str, second: str) -> None:
    for hunk in hunks(first, second, whole=True):
        for row in hunk.rows:
            same = row.left and row.right and text_of(row.left) == text_of(row.right)
            assert bool(same) or not hunk.equal


@given(TEXTS, TEXTS)
def test_nothing_but_equal_lines_is_left_out(first: str, second: str) -> None:
    whole, folded = (hunks(first, second, whole=choice) for choice in (True, False))
    assert counts(whole) == counts(folded)
    shown = len(left_of(folded)) + sum(hunk.left_out for hunk in folded)
    assert shown == len(left_of(whole))


def test_a_difference_is_shown_with_the_lines_around_it() -> None:
    first = [f"line {n}" for n in range(40)]
    second = [*first[:20], "line twenty", *first[21:]]
    found = hunks("\n".join(first), "\n".join(second))
    assert [hunk.left_out for hunk in found if hunk.left_out] == [20 - CONTEXT, 19 - CONTEXT]
    assert [line.number for line in left_of(found)] == list(range(18, 25))


def test_within_a_line_only_what_differs_is_marked() -> None:
    (hunk,) = hunks("seen = i - j <= window", "seen = i - j < window")
    assert (hunk.removed[0].before, hunk.removed[0].changed) == ("seen = i - j <", "=")
    assert (hunk.added[0].changed, hunk.added[0].after) == ("", " window")


def test_the_same_file_twice_has_no_difference() -> None:
    assert counts(hunks("a\nb", "a\nb")) == {"removed": 0, "added": 0}


def test_files_too_long_to_align_are_still_shown_whole() -> None:
    long = "\n".join(map(str, range(5_000)))
    found = hunks(long, long + "\nend")
    assert counts(found) == {"removed": 5_000, "added": 5_001}


def test_control_characters_are_shown_and_not_sent() -> None:
    assert text_of(left_of(hunks("a\u202eb", "a"))[0]) == "a\ufffdb"
