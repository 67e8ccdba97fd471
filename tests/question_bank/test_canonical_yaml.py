"""YAML in one form: whatever is written is read back, and always looks the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.canonical_yaml import WIDTH, Flow, write_yaml
from question_bank.yamls import read_yaml
from tests.question_bank.hard_texts import hard_texts

thorough = settings(deadline=None, max_examples=300)
keys = st.sampled_from(["key", "no", "null", "on", "y", "_", "n"])
scalars = hard_texts | st.integers() | st.booleans()


def holding(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    containers = st.lists(items, max_size=3) | st.dictionaries(keys, items, max_size=3)
    return containers | containers.map(Flow)


mappings = st.dictionaries(keys, st.recursive(scalars, holding, max_leaves=8), max_size=4)


def plain(value: Any) -> Any:
    """Return data without the wish that they stand on one line."""
    if isinstance(value, Flow):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@thorough
@given(hard_texts)
def test_a_text_is_read_back_wherever_it_stands(text: str) -> None:
    data = {
        "alone": text,
        "list": [text, text],
        "items": [{"first": text, "then": text}],
        "flow": Flow({"low": text, "all": [text, 1]}),
    }
    assert read_yaml(write_yaml(data)) == plain(data)


@thorough
@given(mappings)
def test_data_of_any_shape_are_read_back(data: dict[str, Any]) -> None:
    assert read_yaml(write_yaml(data)) == plain(data) if data else write_yaml(data) == ""


@given(st.decimals(allow_nan=False, allow_infinity=False, max_value=10**9, min_value=-(10**9)))
def test_a_decimal_is_read_back_digit_for_digit(value: Decimal) -> None:
    assert str(read_yaml(write_yaml({"credit": value}))["credit"]) == str(value)


@given(st.lists(st.text("abc,:'$\\", min_size=1, max_size=20), min_size=1, max_size=60))
def test_words_stay_within_the_width(words: list[str]) -> None:
    text = " ".join(words)
    written = write_yaml({"items": [{"feedback": text}]})
    assert read_yaml(written) == {"items": [{"feedback": text}]}
    assert max(map(len, written.splitlines())) <= WIDTH


def test_a_line_is_folded_where_the_next_word_would_go_beyond_the_width() -> None:
    fits = "a" * (WIDTH - 7) + " " + "b" * 4
    assert write_yaml({"key": fits}) == f"key: >-\n  {fits}\n"
    beyond = "a" * (WIDTH - 6) + " " + "b" * 4
    assert write_yaml({"key": beyond}) == f"key: >-\n  {beyond.replace(' ', chr(10) + '  ')}\n"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Two words, and a comma", "Two words, and a comma"),
        ("It's $j \\le i$", "It's $j \\le i$"),
        ("(causal & window(3)) - window(1)", "(causal & window(3)) - window(1)"),
        ("a:b", "a:b"),
        ("a: b", "'a: b'"),
        ("[[given]] is not its number", "'[[given]] is not its number'"),
        ("'a' # b", "'''a'' # b'"),
        ("yes", "'yes'"),
        ("null", "'null'"),
        ("1e3", "'1e3'"),
        ("12", "'12'"),
        (12, "12"),
        (True, "true"),
        ("", "''"),
        (" a ", "' a '"),
        ("a\tb \\ c", '"a\\tb \\\\ c"'),
        ("a\x85b", '"a\\u0085b"'),
        (Flow(["a", "min(a, b)", "c:d"]), "[a, 'min(a, b)', 'c:d']"),
        (Flow({"row_count": {"query": "n - 1", "n": "n"}}), "{row_count: {query: n - 1, n: n}}"),
        (Decimal("0.5"), "0.5"),
        (Decimal("-1"), "-1"),
        (Decimal("0.50"), "'0.50'"),
        (Decimal("1e-7"), "'1E-7'"),
        ([], "[]"),
        ({}, "{}"),
        ("a\n\nb", "|-\n  a\n\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("a\nb\n\n", '"a\\nb\\n\\n"'),
        (" a\nb", '" a\\nb"'),
        (["a", {"b": 1, "c": [2]}], "\n  - a\n  - b: 1\n    c:\n      - 2"),
    ],
)
def test_each_value_has_one_form(value: Any, line: str) -> None:
    written = write_yaml({"key": value})
    assert written == (f"key:{line}\n" if line.startswith("\n") else f"key: {line}\n")


def test_what_does_not_fit_one_line_has_a_line_for_each_item() -> None:
    slugs = [f"a-slug-of-some-length-{number}" for number in range(5)]
    assert write_yaml({"of": Flow(slugs)}) == "".join(["of:\n", *(f"  - {s}\n" for s in slugs)])
    bounds = {"low": 1, "edges": [f"before + {number * 10**12}" for number in range(5)]}
    assert write_yaml({"n": Flow(bounds)}).splitlines()[:2] == ["n:", "  low: 1"]


def test_what_does_not_fit_one_line_of_a_list_has_its_first_item_beside_the_dash() -> None:
    pair = {"first": "a" * 60, "then": "b" * 60}
    written = write_yaml({"before": [Flow({"first": "a", "then": "b"}), Flow(pair)]})
    assert written.splitlines() == [
        "before:",
        "  - {first: a, then: b}",
        f"  - first: {'a' * 60}",
        f"    then: {'b' * 60}",
    ]


def test_spaces_that_a_fold_would_lose_are_never_folded() -> None:
    text = "a  b " * 40 + "end"
    written = write_yaml({"key": text})
    assert read_yaml(written) == {"key": text}
    assert not any(line.endswith(" ") for line in written.splitlines())
