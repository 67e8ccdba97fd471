import pytest
from hypothesis import given, settings

from grader.patterns import Pattern, parse
from grader.patterns.text import Row, describe, rows
from tests.grader.patterns.trees import patterns, sizes


@pytest.mark.parametrize(
    ("text", "n", "query", "words"),
    [
        (
            "causal & (sinks(1) | window(3))",
            1024,
            500,
            "query 500 sees 4 keys: 1, 498, 499, 500",
        ),
        ("causal & window(256)", 1024, 1000, "query 1000 sees 256 keys: 745–1000"),
        ("causal", 4, 1, "query 1 sees 1 key: 1"),
        ("causal - window(1)", 4, 1, "query 1 sees no keys"),
        ("all", 5000, 7, "query 7 sees 5,000 keys: 1–5000"),
    ],
)
def test_a_query_is_described(text: str, n: int, query: int, words: str) -> None:
    assert describe(parse(text), n, query) == words


def test_rows_give_queries_counts_and_ranges() -> None:
    assert list(rows(parse("causal & (sinks(1) | window(2)) - window(1)"), 4)) == [
        Row(1, 0, "none"),
        Row(2, 1, "1"),
        Row(3, 2, "1–2"),
        Row(4, 2, "1, 3"),
    ]


@settings(deadline=None, max_examples=40)
@given(patterns, sizes)
def test_the_rows_add_up_to_the_count(pattern: Pattern, n: int) -> None:
    assert sum(row.count for row in rows(pattern, n)) == pattern.count(n)
