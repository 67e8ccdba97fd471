"""GIFT for every item and every text: nothing is lost on the way out and back, or on the way in."""

import re

from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.gift import Item, Question, parse, write
from tests.question_bank.formats.gift_items import FILES, SIGNS

NEAR_NUMBERS = st.text("0123456789.:-+eE%#=~*> \n", max_size=12)
HOSTILE = st.lists(st.sampled_from([*SIGNS, "\r\n", "\r", "\0", "\x01", "\x0b", "\ud800", "\n\n"]))
ASKED = st.builds("a {{{}{}}} b".format, st.sampled_from(["", "#", "=", "~", "T#"]), NEAR_NUMBERS)
FILE_TEXTS = HOSTILE.map("".join) | ASKED | st.text()


def entries(text: str) -> int:
    """Count the entries of a file by another road than the parser's: blocks of lines."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.strip(" \t") for line in text.split("\n")]
    lines = ["\n\n" if line.startswith("$CATEGORY:") else line for line in lines]
    kept = "\n".join(line for line in lines if not line.startswith("//"))
    blocks = [block for block in re.split(r"\n\n+", kept) if block.strip("\n")]
    return len(blocks) + lines.count("\n\n")


@given(FILES)
def test_what_is_written_is_read_as_the_same_items(items: tuple[Item, ...]) -> None:
    parsed = parse(write(items))
    assert (parsed.items, parsed.faults) == (items, ())


@given(FILES)
def test_an_item_is_written_in_one_way_only(items: tuple[Item, ...]) -> None:
    assert write(parse(write(items)).items) == write(items)


@given(FILES)
def test_each_item_knows_its_line(items: tuple[Item, ...]) -> None:
    expected, start = [], 1
    for item in items:
        comments = isinstance(item, Question) and (item.id is not None) + bool(item.tags)
        expected.append(start + comments)
        start += write([item]).count("\n") + 1
    assert [item.line for item in parse(write(items)).items] == expected


@given(FILE_TEXTS)
def test_every_entry_of_any_text_is_an_item_or_a_fault(text: str) -> None:
    parsed = parse(text)
    assert len(parsed.items) + len(parsed.faults) == entries(text)


@given(FILE_TEXTS)
def test_whatever_is_read_can_be_written(text: str) -> None:
    items = parse(text).items
    assert parse(write(items)).items == items


@given(FILE_TEXTS)
def test_a_fault_is_on_a_line_of_the_file_and_is_one_or_more_sentences(text: str) -> None:
    last = len(re.split("\r\n|\r|\n", text))
    for fault in parse(text).faults:
        assert 1 <= fault.line <= last
        assert re.fullmatch(r"[A-Z].*\.", fault.message)


@given(FILES, FILE_TEXTS, FILES)
def test_what_cannot_be_read_spoils_nothing_around_it(
    before: tuple[Item, ...], text: str, after: tuple[Item, ...]
) -> None:
    text = text.lstrip("\ufeff")  # a mark of the byte order is one at the start of a file alone
    alone = parse(text)
    around = parse(f"{write(before)}\n\n{text}\n\n{write(after)}")
    assert around.items == (*before, *alone.items, *after)
    assert [fault.message for fault in around.faults] == [fault.message for fault in alone.faults]
