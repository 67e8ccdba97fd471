import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.patterns import Dilated, Pattern, parse
from tests.cast.work import calls
from tests.grader.patterns.trees import patterns, sizes

quick = settings(deadline=None, max_examples=150)


@quick
@given(patterns, sizes)
def test_the_count_agrees_with_asking_every_pair(pattern: Pattern, n: int) -> None:
    assert pattern.count(n) == pattern.enumerate_count(n)


@quick
@given(patterns, sizes, st.data())
def test_a_row_agrees_with_asking_every_key(pattern: Pattern, n: int, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, n - 1))
    keys = [j for j in range(n) if pattern.sees(i, j, n)]
    assert pattern.keys(i, n) == keys
    assert pattern.row_count(i, n) == len(keys)


@quick
@given(patterns, sizes, st.data())
def test_a_part_of_the_mask_is_counted_as_enumerated(
    pattern: Pattern, n: int, data: st.DataObject
) -> None:
    rows, columns = (
        range(*sorted(data.draw(st.tuples(st.integers(0, n), st.integers(0, n))))) for _ in "ij"
    )
    expected = sum(pattern.sees(i, j, n) for i in rows for j in columns)
    assert pattern.count_within(rows, columns, n) == expected


@pytest.mark.parametrize("n", [3, 4, 5, 1024, 10**9])
def test_first_plus_window_has_four_n_minus_six_pairs(n: int) -> None:
    assert parse("causal & (sinks(1) | window(3))").count(n) == 4 * n - 6


@pytest.mark.parametrize(
    ("text", "n", "count"),
    [
        ("causal", 1024, 524_800),
        ("causal & window(256)", 1024, 229_504),
        ("causal & window(257)", 1024, 229_504 + 768),
        ("causal & window(255)", 1024, 229_504 - 769),
        ("all", 100_000, 10**10),
        ("causal & (sinks(1) | window(3))", 1, 1),
        ("causal & (sinks(1) | window(3))", 2, 3),
        ("causal & window(5000)", 1024, 524_800),
        ("window(3)", 1, 1),
        ("window(3)", 10, 44),
        ("sinks(7)", 3, 9),
        ("globals(0:9)", 4, 16),
        ("globals(0, -1)", 10, 36),
        ("causal & dilated(2)", 6, 12),
        ("blocks(4)", 10, 36),
        ("all - all", 10, 0),
    ],
)
def test_known_totals(text: str, n: int, count: int) -> None:
    assert parse(text).count(n) == count


def test_position_500_sees_the_first_itself_and_the_two_before() -> None:
    seen = parse("causal & (sinks(1) | window(3))").keys(499, 1024)
    assert [key + 1 for key in seen] == [1, 498, 499, 500]


def test_a_window_beyond_n_sees_every_earlier_key() -> None:
    assert parse("causal & window(50)").keys(4, 6) == [0, 1, 2, 3, 4]


def test_counting_a_thousand_million_positions_takes_no_longer_than_a_thousand() -> None:
    pattern = parse("causal & (window(4096) | sinks(4) | dilated(128) | dilated(96)) | globals(-1)")
    assert calls(lambda: pattern.count(10**9)) < 2 * calls(lambda: pattern.count(10**3))


def test_more_dilations_than_inclusion_and_exclusion_bears_are_enumerated() -> None:
    pattern: Pattern = Dilated(2)
    for stride in (3, 5, 7, 11, 13, 17):
        pattern = pattern | Dilated(stride)
    assert pattern.count(30) == pattern.enumerate_count(30)


def test_random_blocks_are_different_and_the_same_on_every_machine() -> None:
    pattern = parse("random_blocks(8, 3, 7)")
    assert [pattern.row_count(8 * block, 128) for block in range(16)] == [24] * 16
    assert [key // 8 for key in pattern.keys(0, 128)[::8]] == [3, 4, 13]
    assert parse("random_blocks(8, 3, 8)").keys(0, 128) != pattern.keys(0, 128)


@pytest.mark.parametrize(("i", "n"), [(0, 0), (-1, 4), (4, 4)])
def test_a_query_outside_the_sequence_is_refused(i: int, n: int) -> None:
    with pytest.raises(ValueError, match=r"position|among"):
        parse("causal").row_count(i, n)


def test_a_sequence_without_positions_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one position"):
        parse("causal").count(0)
