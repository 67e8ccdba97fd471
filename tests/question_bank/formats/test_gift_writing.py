"""GIFT that is written: how it looks to others who read it, and what it cannot say."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from question_bank.formats.gift import (
    Answer,
    Anything,
    Category,
    Description,
    Essay,
    Format,
    Interval,
    Item,
    ItemError,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Nominal,
    Numerical,
    NumericalAnswer,
    Pair,
    Rich,
    Short,
    Stem,
    TrueFalse,
    write,
)

ALL, HALF, NONE = Decimal(100), Decimal(50), Decimal(0)
WHY = Stem("Why?")


def answer(text: str, weight: Decimal = ALL, feedback: str = "") -> Answer:
    return Answer(Rich(text), weight, Rich(feedback) if feedback else None)


def number(value: Nominal | Interval | Anything, weight: Decimal = ALL) -> NumericalAnswer:
    return NumericalAnswer(value, weight)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (Category(name="$course$/top/Unit 1: a\\b"), "$CATEGORY: $course$/top/Unit 1: a\\b"),
        (Description(stem=Stem("a\nb: {c}", format=Format.HTML)), r"[html]a\nb\: \{c\}"),
        (
            Essay(stem=WHY, title="a::b", id="x]", tags=("y", "z"), feedback=Rich("Think.")),
            "// [id:x\\]]\n// [tag:y] [tag:z]\n::a\\:\\:b::Why? {\n\t####Think.\n}",
        ),
        (Essay(stem=WHY), "Why? {}"),
        (TrueFalse(stem=WHY, truth=True), "Why? {TRUE}"),
        (TrueFalse(stem=WHY, truth=False, if_right=Rich("Yes.")), "Why? {FALSE##Yes.}"),
        (
            MultipleChoice(stem=WHY, answers=(answer("a = b"), answer("c", NONE, "No."))),
            "Why? {\n\t=a \\= b\n\t~c#No.\n}",
        ),
        (
            MultipleChoice(stem=WHY, answers=(answer("a"), answer("b"))),
            "Why? {\n\t=a\n\t~%100%b\n}",
        ),
        (
            MultiAnswer(stem=WHY, answers=(answer("a"), answer("b", Decimal("-33.50")))),
            "Why? {\n\t~%100%a\n\t~%-33.5%b\n}",
        ),
        (
            Short(stem=Stem("A window of ", "."), answers=(answer("7"), answer("8", HALF))),
            "A window of {\n\t=7\n\t=%50%8\n}.",
        ),
        (Short(stem=WHY, answers=(answer("a -> b"),)), "Why? {\n\t[moodle]a -> b\n}"),
        (Short(stem=WHY, answers=(answer("%5%"),)), "Why? {\n\t=[moodle]%5%\n}"),
        (
            Numerical(
                stem=WHY,
                answers=(
                    number(Nominal(Decimal("1E+2"), Decimal("0.50"))),
                    number(Interval(Decimal("-3.142"), Decimal("-3.141")), HALF),
                    number(Anything(), NONE),
                ),
            ),
            "Why? {#\n\t=100:0.5\n\t=%50%-3.142..-3.141\n\t~\n}",
        ),
        (
            Matching(stem=WHY, pairs=(Pair(Rich("a"), "b"), Pair(Rich("", Format.PLAIN), "c"))),
            "Why? {\n\t=a -> b\n\t=[plain] -> c\n}",
        ),
        (Description(stem=Stem("// no comment")), "[moodle]// no comment"),
        (Description(stem=Stem("[html] is a tag")), "[moodle][html] is a tag"),
    ],
)
def test_an_item_looks_like_this(item: Item, text: str) -> None:
    assert write([item]) == text + "\n"


def test_a_blank_line_stands_between_items() -> None:
    assert write([Essay(stem=WHY), Category(name="a")]) == "Why? {}\n\n$CATEGORY: a\n"


def test_no_items_are_no_text() -> None:
    assert write([]) == ""


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Rich("a "), "white space around"),
        (lambda: Rich("a\rb"), r"U\+000D"),
        (lambda: Stem(" a"), "white space around"),
        (lambda: Stem("a\n"), "white space around"),
        (lambda: Stem("", " "), "white space around"),
        (lambda: Stem(""), "there is none"),
        (lambda: answer(""), "there is none"),
        (lambda: answer("a", Decimal("100.1")), "from -100 to 100"),
        (lambda: answer("a", Decimal("NaN")), "at most 30 digits"),
        (lambda: Answer(Rich("a"), ALL, Rich("")), "no feedback rather than an empty one"),
        (lambda: Nominal(Decimal("Infinity")), "at most 30 digits"),
        (lambda: Nominal(Decimal("1E+30")), "at most 30 digits"),
        (lambda: Nominal(Decimal("1E-31")), "at most 30 digits"),
        (lambda: Pair(Rich("a -> b"), "c"), "left side without ->"),
        (lambda: Category(name="a\nb"), "in one line"),
        (lambda: Essay(stem=WHY, title=""), "no title rather than an empty one"),
        (lambda: Essay(stem=WHY, id="a\\"), "something other than"),
        (lambda: Essay(stem=WHY, tags=("a", "")), "in one line"),
        (lambda: Description(stem=Stem("a", "b")), "in one piece"),
        (lambda: Description(stem=WHY, feedback=Rich("a")), "no place for it"),
        (lambda: MultipleChoice(stem=WHY, answers=(answer("a"),)), "at least 2"),
        (lambda: Short(stem=WHY, answers=(answer("a"), answer("b->c"))), "without ->"),
        (lambda: Short(stem=WHY, answers=(answer("a"), answer("b", ALL, "->"))), "without ->"),
    ],
)
def test_what_gift_cannot_say_is_refused_when_it_is_built(
    build: Callable[[], object], message: str
) -> None:
    with pytest.raises(ItemError, match=message):
        build()
