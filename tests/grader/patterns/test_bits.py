"""Rows as bit sets are what asking the predicate key by key gives."""

import pytest
from hypothesis import given, settings

from grader.patterns import Pattern, parse
from grader.patterns.bits import count_by_bits, depends_on_distance_alone, row_bits
from grader.patterns.selection import Selection
from tests.grader.patterns.trees import patterns, sizes

quick = settings(deadline=None, max_examples=300)


@quick
@given(patterns, sizes)
def test_every_row_is_what_asking_every_key_gives(pattern: Pattern, n: int) -> None:
    for i in range(n):
        asked = sum(1 << j for j in range(n) if pattern.sees(i, j, n))
        assert row_bits(pattern, i, n) == asked


@quick
@given(patterns, sizes)
def test_the_bits_of_all_rows_are_as_many_as_the_pairs(pattern: Pattern, n: int) -> None:
    assert count_by_bits(pattern, n) == pattern.enumerate_count(n)


@quick
@given(patterns, sizes)
def test_a_pattern_of_distances_alone_is_the_same_along_each_diagonal(
    pattern: Pattern, n: int
) -> None:
    if depends_on_distance_alone(pattern):
        for i in range(n - 1):
            for j in range(n - 1):
                assert pattern.sees(i, j, n) == pattern.sees(i + 1, j + 1, n)


@pytest.mark.parametrize("text", ["sinks(1)", "globals(0)", "blocks(2)", "causal | blocks(2)"])
def test_a_pattern_with_places_of_its_own_is_told_from_those(text: str) -> None:
    assert not depends_on_distance_alone(parse(text))


@pytest.mark.parametrize(
    ("text", "n", "count"),
    [
        ("all", 100_000, 10**10),
        ("causal", 100_000, 100_000 * 100_001 // 2),
        ("causal & window(256)", 1024, 229_504),
        ("causal & (sinks(1) | window(3))", 4096, 4 * 4096 - 6),
    ],
)
def test_known_totals_come_out(text: str, n: int, count: int) -> None:
    assert count_by_bits(parse(text), n) == count


def test_pairs_that_the_data_chose_have_no_rule() -> None:
    with pytest.raises(TypeError, match="no rows by rule"):
        row_bits(Selection(frozenset({(0, 0)})), 0, 1)
