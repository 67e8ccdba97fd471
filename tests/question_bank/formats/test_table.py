"""Questions as rows of a table and back."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.entries import Outgoing, UnrepresentableError
from question_bank.formats.gift.checks import ItemError
from question_bank.formats.sameness import said
from question_bank.formats.table import COLUMNS, entry_of, guarded, row_of, unguarded
from question_bank.kinds.choice import ChoiceContent
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.short import ShortContent
from tests.question_bank.formats.contents import CONTENTS, outgoing
from tests.question_bank.formats.gift_items import RAW

SMALL = {"title": "A", "stem": "What?", "answers": "{=yes ~no}"}
STARTS = st.text("'=+-@\t\r＝a", max_size=4)


def rows(questions: tuple[Outgoing, ...]) -> list[tuple[Outgoing, dict[str, str]]]:
    found = []
    for question in questions:
        try:
            found.append((question, row_of(question)))
        except (UnrepresentableError, ItemError):
            continue
    return found


@given(outgoing(CONTENTS))
def test_a_row_is_read_as_the_question_that_it_was_made_of(
    questions: tuple[Outgoing, ...],
) -> None:
    for question, row in rows(questions):
        entry = entry_of(row, "row 2")
        assert said(entry.content) == said(question.content)
        assert (entry.slug, entry.folder) == (question.slug, question.folder)
        assert entry.tags == question.tags


@given(outgoing(CONTENTS))
def test_a_row_that_was_read_makes_the_same_row(questions: tuple[Outgoing, ...]) -> None:
    for question, row in rows(questions):
        content = entry_of(row, "row 2").content
        assert row_of(replace(question, content=content)) == row


@given(STARTS | RAW)
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell: str) -> None:
    assert not re.match(r"[=+\-@\t\r]", guarded(cell))
    assert unguarded(guarded(cell)) == cell


def test_a_row_has_a_cell_for_every_column() -> None:
    content = entry_of(SMALL, "row 2").content
    assert tuple(row_of(Outgoing("a", content))) == COLUMNS


def test_the_least_row_says_nothing_of_what_it_has_no_column_for() -> None:
    entry = entry_of(SMALL, "row 2")
    assert isinstance(entry.content, ChoiceContent)
    assert entry.told == {"kind", "title", "stem", "choices"}
    assert (entry.slug, entry.folder, entry.tags) == (None, None, None)


def test_marking_and_capitals_have_columns_of_their_own() -> None:
    several = SMALL | {"answers": "{~%50%a ~%50%b ~%-50%c}", "marking": "net"}
    words = SMALL | {"answers": "{=Yes}", "capitals": "count"}
    multi, short = (entry_of(row, "row 2").content for row in (several, words))
    assert isinstance(multi, MultiContent)
    assert multi.marking == "net"
    assert isinstance(short, ShortContent)
    assert short.match_case


@pytest.mark.parametrize(
    ("column", "cell", "said_of_it"),
    [
        ("answers", "", "answers: write them"),
        ("answers", "{=a -> b", "answers: "),
        ("answers", "{#x}", "answers: Write a number"),
        ("stem", "", "stem: Write the text"),
        ("title", "", "title: "),
        ("title", "x" * 121, "title: "),
        ("slug", "Not a slug", "slug: "),
        ("bloom", "know", "bloom: write one of remember"),
        ("difficulty", "6", "difficulty: "),
        ("concepts", "Window", "concepts: "),
        ("marking", "net", "marking: leave it empty for a choice"),
        ("capitals", "count", "capitals: "),
        ("kind", "essays", "kind: write one of choice"),
        ("source", "\x07", "source: Remove the control character U+0007"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(column: str, cell: str, said_of_it: str) -> None:
    with pytest.raises(ItemError, match=re.escape(said_of_it)):
        entry_of(SMALL | {column: cell}, "row 2")


def test_a_kind_that_its_answers_belie_is_told() -> None:
    with pytest.raises(UnrepresentableError, match="those of a choice question, not of a ordering"):
        entry_of(SMALL | {"kind": "ordering"}, "row 2")
