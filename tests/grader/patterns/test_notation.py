import pickle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.patterns import (
    ExpressionError,
    Pattern,
    PatternSyntaxError,
    evaluate,
    outline,
    parse,
)
from grader.patterns.tokens import MOST_CHARACTERS
from tests.grader.patterns.trees import patterns

WORDS = ["causal", "all", "window(", "sinks(", "globals(", "min(", "n", "0", "3", "99", "w"]
WORDS += [*list("(),:&|-+*"), "//"]


@settings(deadline=None)
@given(patterns)
def test_a_pattern_written_and_read_again_is_the_same(pattern: Pattern) -> None:
    assert parse(str(pattern)) == pattern


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(WORDS),
        max_size=25,
    ).map(" ".join)
)
@example("(" * 400)
@example("window(" + "-" * 390)
@example("window(" + "(" * 390)
@example("all|" * 99 + "all")
@example("\ud800")
def test_any_text_is_a_pattern_or_a_syntax_error(text: str) -> None:
    try:
        written = str(parse(text, {"w": 2}))
    except PatternSyntaxError:
        return
    # Canonical spaces may make it longer than what may be typed.
    if len(written) <= MOST_CHARACTERS:
        assert str(parse(written)) == written


@settings(deadline=None)
@given(st.text(max_size=60))
def test_an_error_stands_inside_the_text(text: str) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(f"({text}")
    assert 0 <= caught.value.position <= len(text) + 1
    assert caught.value.text == f"({text}"


@pytest.mark.parametrize(
    ("loose", "grouped"),
    [
        ("causal | sinks(1) & window(2)", "causal | (sinks(1) & window(2))"),
        ("causal & window(4) - window(2)", "causal & (window(4) - window(2))"),
        ("all - causal - window(2)", "(all - causal) - window(2)"),
        ("all - causal & window(2)", "(all - causal) & window(2)"),
    ],
)
def test_operators_bind_as_in_python(loose: str, grouped: str) -> None:
    assert parse(loose) == parse(grouped)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("window(w // 2 + 1)", "window(5)"),
        ("window(n // (2 * 2))", "window(n // 4)"),
        ("globals(:2, -1, n//2 : n//2+3)", "globals(:2, -1, n // 2:n // 2 + 3)"),
        ("((causal))&window(3)", "causal & window(3)"),
        ("sinks(2 - (n - 3))", "sinks(2 - (n - 3))"),
        ("blocks(16)", "blocks(16, 0)"),
        ("window(min(w, 3))", "window(3)"),
        ("window(max(1, n - w))", "window(max(1, n - 8))"),
        ("all()", "all"),
    ],
)
def test_canonical_notation(text: str, canonical: str) -> None:
    assert str(parse(text, {"w": 8})) == canonical


def test_a_parameter_may_share_the_name_of_a_pattern() -> None:
    assert parse("causal & window(window)", {"window": 7}) == parse("causal & window(7)")


def test_n_stays_open_even_if_it_is_among_the_names() -> None:
    assert parse("window(n)", {"n": 3}).count(5) == 25


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "pattern is missing"),
        ("   ", 3, "pattern is missing"),
        ("windw(3)", 0, "Did you mean 'window'?"),
        ("causal & foo", 9, "Known: all, blocks, causal"),
        ("causal & window(widht)", 16, "no parameter called 'widht'"),
        ("causal & window(widht)", 16, "Did you mean 'width'?"),
        ("window(causal)", 7, "is a pattern; a number is expected"),
        ("window", 0, "window needs width, as in window(256)"),
        ("window(1, 2)", 10, "takes width only"),
        ("causal(3)", 7, "takes no arguments"),
        ("random_blocks(1)", 0, "needs size, number and seed"),
        ("globals()", 0, "at least one position"),
        ("window(0)", 7, "width of window must be at least 1; it is 0"),
        ("dilated(0)", 8, "stride of dilated must be at least 1"),
        ("blocks(4, 0 - 1)", 10, "reach of blocks must be at least 0; it is -1"),
        ("window(3 // 0)", 9, "divides by zero"),
        ("window(n // 0)", 9, "divides by zero"),
        ("window(12345678901)", 7, "11 digits"),
        ("window(9999999999)", 7, "up to 1,000,000,000"),
        ("window(99999 * 99999)", 13, "up to 1,000,000,000"),
        ("(causal | (all)", 0, "never closed"),
        ("window(3", 6, "never closed"),
        ("causal)", 6, "never opened"),
        ("causal window(3)", 7, "does not fit here"),
        ("causal &", 8, "pattern is missing"),
        ("causal && all", 8, "'&' stands where a pattern is expected"),
        ("3 & causal", 0, "'3' stands where a pattern is expected"),
        ("~causal", 0, "all - …"),
        ("window(8 / 2)", 9, "written '//'"),
        ("window(width=3)", 12, "by place"),
        ("window(0:3)", 7, "belong in globals only"),
        ("window(3,, 4)", 9, "number is expected"),
        ("window(--3)", 7, "number is expected"),
        ("window(min(3))", 7, "takes two numbers"),
        ("causal\x00", 6, "U+0000"),
        ("(" * 50, 30, "at most 30 deep"),
        ("all|" * 200, 400, "at most 400 characters"),
    ],
)
def test_an_error_points_at_the_place_and_says_why(text: str, at: int, words: str) -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(text, {"width": 4})
    assert caught.value.position == at
    assert words in caught.value.reason


def test_the_caret_stands_under_the_fault() -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse("causal &\twindow(0)")
    _, line, caret = str(caught.value).split("\n")
    assert line == "  causal & window(0)"
    assert line[caret.index("^")] == "0"


def test_a_parameter_out_of_range_is_pointed_at_where_it_is_used() -> None:
    with pytest.raises(PatternSyntaxError, match="it is 0") as caught:
        parse("causal & window(window)", {"window": 0})
    assert caught.value.position == 16


def test_a_syntax_error_survives_pickling() -> None:
    error = PatternSyntaxError("windw", 0, "no")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("-7 // 2", -4), ("n - w - 1", 95), (5, 5),
     ("min(n, w) + max(1, 2)", 6), ("10 - 2 * 3 - 1", 3), ("-(w)", -4)],
)  # fmt: skip
def test_integer_expressions(text: str | int, value: int) -> None:
    assert evaluate(text, {"n": 100, "w": 4}) == value


@pytest.mark.parametrize("text", ["", "x", "1 +", "1 2", "causal", "1 // 0", "(1"])
def test_what_is_no_integer_expression_is_refused(text: str) -> None:
    with pytest.raises(PatternSyntaxError):
        evaluate(text, {"n": 100})


@settings(deadline=None)
@given(patterns)
def test_the_outline_of_a_pattern_without_parameters_is_the_pattern(pattern: Pattern) -> None:
    assert outline(str(pattern)) == (pattern, ())


def test_an_outline_keeps_parameters_open_in_order_of_appearance() -> None:
    text = "window(w) | globals(a:n // 2) - sinks(max(w, s))"
    tree, names = outline(text)
    assert names == ("w", "a", "s")
    assert str(tree) == text
    assert parse(str(tree), {"w": 2, "a": 0, "s": 3}) == parse(text, {"w": 2, "a": 0, "s": 3})


def test_a_pattern_with_open_parameters_cannot_be_asked() -> None:
    with pytest.raises(ExpressionError, match="w was left open"):
        outline("window(w)")[0].count(4)


def test_an_outline_is_refused_where_the_text_is_no_pattern() -> None:
    with pytest.raises(PatternSyntaxError, match="Did you mean 'window'"):
        outline("windw(w)")
