from hypothesis import given
from hypothesis import strategies as st

from grader.patterns import parse
from grader.patterns.selection import Selection

pairs = st.frozensets(st.tuples(st.integers(0, 11), st.integers(0, 11)))


@given(pairs)
def test_it_counts_and_lists_exactly_its_pairs(chosen: frozenset[tuple[int, int]]) -> None:
    selection = Selection(chosen)
    assert selection.count(12) == selection.enumerate_count(12) == len(chosen)
    assert {(i, j) for i in range(12) for j in selection.keys(i, 12)} == chosen


@given(pairs)
def test_it_combines_with_patterns(chosen: frozenset[tuple[int, int]]) -> None:
    causal = Selection(chosen) & parse("causal")
    assert causal.count(12) == sum(key <= query for query, key in chosen)


def test_neighbouring_keys_are_one_range() -> None:
    assert Selection(frozenset({(3, 5), (3, 6), (3, 9)})).ranges(3, 12) == [
        range(5, 7),
        range(9, 10),
    ]
