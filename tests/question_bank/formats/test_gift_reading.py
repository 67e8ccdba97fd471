"""GIFT as people write it: what it means, and what is said where it means nothing."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from question_bank.formats.gift import (
    Anything,
    Category,
    Description,
    Essay,
    Format,
    Interval,
    Item,
    MultiAnswer,
    MultipleChoice,
    Nominal,
    Numerical,
    Rich,
    Short,
    Stem,
    TrueFalse,
    parse,
)
from question_bank.formats.gift.checks import MOST_ANSWERS
from question_bank.formats.gift.reading import MOST_PARTS
from tests.cast.work import calls, that_ends

EVERY_KIND = """\
// [id:{n}] [tag:sparse]
::Windows {n}::[markdown]How many keys does query {n} see, with a window of 7? {{
    =7#A query sees itself too.
    ~%50%6#Almost.
    ~512
    ####Count from the query backwards.
}}

A window of {n} keys is dense. {{FALSE#It is not.#Right.}}

The cache of {n} keys takes {{#{n}:0.5 =%50%{n}..{n}00#About.}} bytes.

Match {n}. {{=a -> b =c -> d}}
"""


def one(text: str) -> Item:
    parsed = parse(text)
    assert parsed.faults == ()
    (item,) = parsed.items
    return item


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("~a =b", MultipleChoice),
        ("=a =b ~c", MultipleChoice),
        ("~%50%a ~%50%b ~c", MultiAnswer),
        ("~%100%a ~b", MultiAnswer),
        ("=T", Short),
        ("true", Short),
        ("TRUE", TrueFalse),
        ("F#No.#Yes.####All.", TrueFalse),
        ("####For everybody.", Essay),
    ],
)
def test_the_signs_of_the_answers_tell_what_kind_of_question_it_is(
    answers: str, kind: type[Item]
) -> None:
    assert type(one(f"Which? {{{answers}}}")) is kind


def test_the_first_feedback_of_a_statement_is_for_those_who_are_wrong() -> None:
    item = one("It is dense.{TRUE#Look again.#Well seen.}")
    assert isinstance(item, TrueFalse)
    assert (item.if_wrong, item.if_right) == (Rich("Look again."), Rich("Well seen."))


def test_the_gap_keeps_its_place_and_the_spaces_around_it() -> None:
    item = one("A window of\n  {=7 =seven}, no more.")
    assert isinstance(item, Short)
    assert (item.stem.before, item.stem.after) == ("A window of ", ", no more.")


def test_a_line_break_is_a_space_in_moodles_format_and_itself_in_others() -> None:
    assert one("one  \n  two") == one("one two")
    plain = one("[plain]one  \n  two")
    assert isinstance(plain, Description)
    assert plain.stem.before == "one  \n  two"


def test_an_escaped_line_break_is_one_in_every_format() -> None:
    item = one(r"one\ntwo")
    assert isinstance(item, Description)
    assert item.stem.before == "one\ntwo"


def test_feedback_has_the_format_of_the_question_not_of_its_answer() -> None:
    item = one("[html]Which? {~[plain]a#b =c}")
    assert isinstance(item, MultipleChoice)
    assert item.answers[0].text == Rich("a", Format.PLAIN)
    assert item.answers[0].feedback == Rich("b", Format.HTML)


def test_general_feedback_follows_the_last_four_signs() -> None:
    item = one("Which? {=a#b####c####d =e}")
    assert isinstance(item, Short)
    assert [answer.feedback for answer in item.answers] == [Rich("b####c")]
    assert item.feedback == Rich("d =e")


def test_numbers_are_exact() -> None:
    item = one("How many? {# =-11.7:0.02 =%33.33333%.5..1e2 ~#Neither.}")
    assert isinstance(item, Numerical)
    values = [answer.value for answer in item.answers]
    half_to_hundred = Interval(Decimal("0.5"), Decimal(100))
    assert values == [Nominal(Decimal("-11.7"), Decimal("0.02")), half_to_hundred, Anything()]
    weights = [answer.weight for answer in item.answers]
    assert weights == [Decimal(100), Decimal("33.33333"), Decimal(0)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system_and_a_byte_order_mark_may_come_first(ending: str) -> None:
    parsed = parse("\ufeff" + ending.join(["one", "", "$CATEGORY: two", "three {T", "}"]))
    first, second, third = parsed.items
    assert first == Description(stem=Stem("one"))
    assert second == Category(name="two")
    assert third == TrueFalse(stem=Stem("three"), truth=True)
    assert [item.line for item in parsed.items] == [1, 3, 4]


def test_comments_are_not_read_wherever_they_stand() -> None:
    text = "// one\nWhich? {\n  ~a\n  // ~b\n  =c\n}\n// [tag:last]\n\n// alone"
    item = one(text)
    assert isinstance(item, MultipleChoice)
    assert [answer.text.text for answer in item.answers] == ["a", "c"]
    assert (item.line, item.tags) == (2, ("last",))


def test_labels_may_hold_brackets() -> None:
    item = one("// question: 1 [id:x[0\\]] [tag:] [tag: y ] [id:z]\nWhy? {}")
    assert isinstance(item, Essay)
    assert (item.id, item.tags) == ("x[0]", ("y",))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("::Title\nWhy? {}", 1, "Close the title with ::"),
        ("::Title::", 1, "Write the text of the question"),
        ("::Title::\n{T}", 1, "Write the text of the question"),
        ("Why?\n}", 2, "Open the answers with {"),
        ("Why?\n{", 2, "Close the answers with }"),
        ("Why? {T}\nWhen?\n{F}", 3, "one pair of braces"),
        ("Why? {T}}", 1, "one pair of braces"),
        ("Why? {\n=f(x){1}}", 2, "one pair of braces"),
        ("Why? {\n~a\n~b}", 1, "none of them earns anything"),
        ("Why? {~a =%50%b}", 1, "Mark the right answer with ="),
        ("Why? {\n~a\n=\n}", 3, "Write the text of this answer"),
        ("Why? {=}", 1, "Write the text of this answer"),
        ("Why? {\n\na}", 1, "Close the answers with }"),
        ("Why? {=a\n=%101%b}", 2, "from -100 to 100"),
        ("Why? {\n  a\n  ~b =c}", 2, "in front of the first answer"),
        ("Why? {~%50%a}", 1, "at least 2"),
        ("Why? {=a -> b}", 1, "at least 2"),
        ("Why? {=a -> b\n=c}", 2, "Put -> into each pair"),
        ("Why? {=a -> b\n= -> }", 2, "Write what stands after ->"),
        ("Why? {= -> b = -> c}", 1, "before -> in at least one pair"),
        ("Why? {=a -> b # no\n=c -> d}", 1, "Remove the feedback"),
        ("Why? {#}", 1, "at least 1"),
        ("Why? {#\n=4\n=four}", 3, "Write a number"),
        ("Why? {#1,5}", 1, "The decimal sign is a point"),
        ("Why? {#1-2}", 1, "Write a number"),
        ("Why? {#1:2:3}", 1, "Write a number"),
        ("Why? {#NaN}", 1, "Write a number"),
        ("Why? {#٣}", 1, "Write a number"),
        ("Why? {#=}", 1, "Write a number"),
        ("Why? {#5..1}", 1, "smaller end of the interval first"),
        ("Why? {#5:-1}", 1, "tolerance that is not negative"),
        ("Why? {#=*\n=5}", 1, "any number last"),
        ("Why? {#1e99}", 1, "at most 30 digits"),
        ("Why?\0 {}", 1, "U+0000"),
        ("// [id:\0]\nWhy? {}", 2, "U+0000"),
        ("$CATEGORY:  ", 1, "Write the category in one line"),
        ("Why? {" + "=a" * (MOST_ANSWERS + 1) + "}", 1, "at most 500"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_what_to_do(
    text: str, line: int, message: str
) -> None:
    found = parse(text).faults[0]
    assert found.line == line
    assert message in found.message


def test_a_question_that_cannot_be_read_is_between_two_that_can() -> None:
    parsed = parse("One? {T}\n\nTwo? {=a\n\nThree? {F}")
    assert [item.line for item in parsed.items] == [1, 5]
    assert [found.line for found in parsed.faults] == [3]


@pytest.mark.parametrize(
    ("entry", "parts"),
    [("a", 1), ("a {" + "=b -> c" * 99 + "}", 100), ("a {=b" + "~c" * 98 + "}", 100)],
)
def test_a_file_with_too_many_parts_says_where_to_split_it(entry: str, parts: int) -> None:
    parsed = parse(f"{entry}\n\n" * (MOST_PARTS // parts + 2))
    assert len(parsed.items) == MOST_PARTS // parts
    (found,) = parsed.faults
    assert found.line == 2 * len(parsed.items) + 1
    assert "Split the file here" in found.message


def test_ten_times_the_questions_are_ten_times_the_work() -> None:
    short, long = (
        "\n".join(EVERY_KIND.format(n=n) for n in range(1, most + 1)) for most in (25, 250)
    )
    assert len(parse(long).items) == 1000
    assert calls(lambda: parse(long)) < 11 * calls(lambda: parse(short))


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: "{" * n,
        lambda n: "}" * n,
        lambda n: "a {" + "~" * n + "}",
        lambda n: "a {" + "#" * n + "}",
        lambda n: "a {" + "->" * n + "=}",
        lambda n: "a {#" + "1" * n + "}",
        lambda n: "a {=%" + "1" * n + "%b}",
        lambda n: "a {=a#" + "####" * n + "}",
        lambda n: ":" * n,
        lambda n: "::a" + ": :" * n,
        lambda n: "\\" * n,
        lambda n: "\\n" * n + "{T}",
        lambda n: " " * n + "a" + " " * n + "b",
        lambda n: "a " * n + "\n" + " " * n + "{=b} c",
        lambda n: "a\n" * n + "{T}",
        lambda n: "a\n" * n + "}",
        lambda n: "\n" * n,
        lambda n: "a\n\n" * (n // 5),
        lambda n: "a}\n\n" * (n // 5),
        lambda n: "[" * n + "{T}",
        lambda n: "//" + "[tag:" * n + "\na",
        lambda n: "//" + "[id:\\]" * n + "\na",
        lambda n: "//\n" * n + "a",
        lambda n: "$CATEGORY:" * n,
    ],
)
def test_a_text_made_to_be_read_for_ever_is_read_in_linear_work(
    hostile: Callable[[int], str],
) -> None:
    size = 2_000
    assert calls(lambda: parse(hostile(10 * size))) < 12 * calls(lambda: parse(hostile(size))) + 500
    with that_ends():
        parse(hostile(100 * size))
