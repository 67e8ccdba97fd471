"""Hypothesis strategies for GIFT: texts full of its signs, and every item that its model holds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

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
)

T = TypeVar("T")

SIGNS = [
    *[
        "\\",
        "~",
        "=",
        "#",
        "####",
        "{",
        "}",
        ":",
        "::",
        "n",
        "\\n",
        "\\\\",
        "->",
        "-",
        ">",
        "%",
        "*",
    ],
    *["\n", " ", "\t", "\xa0", "\x85", "\u2028", "\ufeff", "//", "$CATEGORY:", "$", "[", "]"],
    *["[html]", "[plain]", "[moodle]", "[id:1]", "[tag:", "%50%", "%-1.5%", "T", "FALSE", "a", "é"],
    *["1", ".", "..", "1:0.5", "&&058;", "_____", "<!-- a -->"],
]
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t")
RAW = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join) | st.text(CHARACTERS, max_size=20)

TEXTS = RAW.map(lambda text: text.strip(" \t\n"))
SOME_TEXT = TEXTS.filter(bool)
LINES = RAW.map(lambda text: text.replace("\n", "").strip(" \t")).filter(bool)
FORMATS = st.sampled_from(Format)


def built(what: Callable[..., T], **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Build values out of drawn parts; what the model refuses is not tried."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> T:
        values = {name: draw(part) for name, part in parts.items()}
        try:
            return what(**values)
        except ItemError:
            reject()

    return draw_one()


def decimal(units: int, places: int) -> Decimal:
    return Decimal(f"{units}E{-places}")


def interval(one: Decimal, other: Decimal) -> Interval:
    return Interval(min(one, other), max(one, other))


NUMBERS = st.builds(decimal, st.integers(-(10**9), 10**9), st.integers(-20, 30))
WEIGHTS = st.builds(decimal, st.integers(-1000, 1000), st.integers(1, 30)) | st.sampled_from(
    [Decimal(weight) for weight in ("0", "100", "100.00", "1E+2", "-100", "50", "33.33333", "-0")]
)
RICH = st.builds(Rich, SOME_TEXT, FORMATS)
FEEDBACK = st.none() | RICH
STEMS = built(Stem, before=SOME_TEXT, format=FORMATS) | built(
    Stem,
    before=RAW.map(lambda text: text.lstrip(" \t\n")),
    after=RAW.map(lambda text: text.rstrip(" \t\n")).filter(bool),
    format=FORMATS,
)
ANSWERS = st.builds(Answer, RICH, WEIGHTS, FEEDBACK)
RIGHT = st.builds(Answer, RICH, st.just(Decimal(100)), FEEDBACK)
VALUES = st.builds(Nominal, NUMBERS, NUMBERS.map(abs)) | st.builds(interval, NUMBERS, NUMBERS)
LABELS = LINES.map(lambda text: text.rstrip("\\ \t")).filter(bool)
COMMON = {
    "stem": STEMS,
    "title": st.none() | SOME_TEXT,
    "id": st.none() | LABELS,
    "tags": st.lists(LABELS, max_size=3).map(tuple),
    "feedback": FEEDBACK,
}


@st.composite
def with_right(draw: st.DrawFn) -> tuple[Answer, ...]:
    """At least one answer earns all marks, wherever it stands; sometimes all do."""
    answers = draw(st.lists(draw(st.sampled_from([ANSWERS, RIGHT])), min_size=1, max_size=4))
    answers.insert(draw(st.integers(0, len(answers))), draw(RIGHT))
    return tuple(answers)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[NumericalAnswer, ...]:
    """Some numbers, and perhaps last an answer for any."""
    answers = draw(st.lists(st.builds(NumericalAnswer, VALUES, WEIGHTS, FEEDBACK), max_size=3))
    rest = st.lists(st.builds(NumericalAnswer, st.just(Anything()), WEIGHTS, FEEDBACK), max_size=1)
    return tuple(answers + draw(rest))


PAIRS = built(Pair, left=st.builds(Rich, TEXTS, FORMATS), right=SOME_TEXT)
ITEMS: st.SearchStrategy[Item] = st.one_of(
    built(Category, name=LINES),
    built(
        Description,
        **COMMON | {"stem": built(Stem, before=SOME_TEXT, format=FORMATS), "feedback": st.none()},
    ),
    built(Essay, **COMMON),
    built(TrueFalse, **COMMON, truth=st.booleans(), if_wrong=FEEDBACK, if_right=FEEDBACK),
    built(MultipleChoice, **COMMON, answers=with_right()),
    built(MultiAnswer, **COMMON, answers=st.lists(ANSWERS, min_size=2, max_size=5).map(tuple)),
    built(Short, **COMMON, answers=st.lists(ANSWERS, min_size=1, max_size=4).map(tuple)),
    built(Numerical, **COMMON, answers=numbers()),
    built(Matching, **COMMON, pairs=st.lists(PAIRS, min_size=2, max_size=4).map(tuple)),
)
FILES = st.lists(ITEMS, max_size=4).map(tuple)
