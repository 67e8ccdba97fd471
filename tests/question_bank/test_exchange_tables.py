"""Tables as files: what spreadsheets make of them, and files that are made to do harm."""

import io
import itertools
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings

from question_bank.exchange import FORMATS, tables
from question_bank.exchange.tables import MOST_ROWS
from question_bank.formats.entries import Entry, Outgoing, Read
from question_bank.formats.sameness import said
from question_bank.formats.table import COLUMNS
from tests.question_bank.formats.contents import CONTENTS, outgoing

HEAD = "title,stem,answers\n"
ROW = "A,What?,{=yes ~no}\n"
SHEET = "xl/worksheets/sheet1.xml"
TABLES = pytest.mark.parametrize("name", ["csv", "xlsx"])


def csv(text: str) -> Read:
    return FORMATS["csv"].read(text.encode())


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, text: str) -> bytes:
    """Return an archive with one of its parts in other words."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return stream.getvalue()


def again(entries: tuple[Entry, ...]) -> list[Outgoing]:
    return [Outgoing(str(e.slug), e.content, e.folder or "", e.tags or ()) for e in entries]


def error(read: Read) -> str:
    """Return the one thing that is wrong with a file of which nothing is read."""
    assert (read.entries, read.others) == ((), ())
    (found,) = read.errors
    return str(found)


@TABLES
@settings(max_examples=25, deadline=None)
@given(outgoing(CONTENTS))
def test_what_is_written_is_read_as_the_same_questions(
    name: str, questions: tuple[Outgoing, ...]
) -> None:
    written = FORMATS[name].write(questions)
    read = FORMATS[name].read(written.data)
    assert (read.others, read.errors) == ((), ())
    assert len(read.entries) == written.written == len(questions) - len(written.unsupported)
    by_slug = {one.slug: one for one in questions}
    for entry in read.entries:
        assert entry.slug is not None
        assert said(entry.content) == said(by_slug[entry.slug].content)
        assert (entry.tags, entry.folder) == (
            by_slug[entry.slug].tags,
            by_slug[entry.slug].folder,
        )
    once_more = FORMATS[name].write(again(read.entries))
    assert FORMATS[name].read(once_more.data) == read


def test_no_cell_of_an_exported_workbook_is_a_formula() -> None:
    (entry,) = csv(HEAD + "'=HYPERLINK(1),@SUM(1),{=yes ~no}\n").entries
    assert entry.content.title == "=HYPERLINK(1)"
    data = FORMATS["xlsx"].write([Outgoing("a", entry.content)]).data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert {"'=HYPERLINK(1)", "'@SUM(1)"} <= {cell.value for cell in cells}


def test_semicolons_and_a_mark_of_the_byte_order_are_read() -> None:
    (entry,) = csv("\ufefftitle;stem;answers\nA;What, then?;{=yes ~no}\n").entries
    assert entry.label == "row 2: A"
    assert said(entry.content)["stem"] == "What, then?"


def test_a_number_that_a_spreadsheet_made_of_a_cell_is_its_text() -> None:
    data = workbook(["title", "stem", "answers", "difficulty"], [12, 3.5, "{=yes ~no}", 4.0])
    (entry,) = FORMATS["xlsx"].read(data).entries
    assert (entry.content.title, said(entry.content)["stem"]) == ("12", "3.5")
    assert entry.content.difficulty == 4


def test_each_row_with_a_fault_is_named_and_the_others_are_read() -> None:
    read = csv(HEAD + ROW + ",What?,{=a}\n\n" + "B,What?,{=a =b ~c}\n" + ROW)
    assert [entry.where for entry in read.entries] == ["row 2", "row 6"]
    assert [str(one) for one in read.errors] == ["row 3: Title: write one of 1 to 120 characters."]
    assert [other.label for other in read.others] == ["row 5: B"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Row 1 has to name the column title."),
        ("title,stem\nA,What?\n", "Row 1 has to name the column answers."),
        ("title,stem,answers,colour\n", "Row 1 names a column colour; those known are slug,"),
        ("title,stem,answers,stem\n", "Row 1 names a column twice."),
        (HEAD + "A,What?,{T},more\n", "Row 2 has more cells than there are names in row 1."),
        (HEAD + ROW * (MOST_ROWS + 1), f"Split the table; it has more than {MOST_ROWS} rows."),
        (HEAD + "A,What?,\0\n", "line 2 holds a null character"),
        (HEAD + "A," + "x" * 200_000 + ",{T}\n", "This is no table that can be read."),
        (HEAD + " " * (10 * 2**20), "Split the file; it is larger than 10 MB."),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_whole(text: str, why: str) -> None:
    assert why in error(csv(text))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 and no more", HEAD.encode(), b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_workbook_is_told(data: bytes) -> None:
    assert error(FORMATS["xlsx"].read(data)) == "This is no XLSX workbook."


def test_an_archive_that_is_no_workbook_is_told() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    assert error(FORMATS["xlsx"].read(stream.getvalue())) == "This is no table that can be read."


def test_a_workbook_that_unpacks_far_is_not_unpacked() -> None:
    bomb = with_part(workbook(["title"]), SHEET, " " * (51 * 2**20))
    assert len(bomb) < 100_000
    said_of_it = error(FORMATS["xlsx"].read(bomb))
    assert said_of_it == "Split the workbook; it is too large once unpacked."


def test_entities_of_a_workbook_are_never_expanded() -> None:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 12))
    sheet = (
        f'<!DOCTYPE x [<!ENTITY e0 "x">{names}]><worksheet><sheetData>&e11;</sheetData></worksheet>'
    )
    hostile = with_part(workbook(["title"]), SHEET, sheet)
    tracemalloc.start()
    try:
        read = FORMATS["xlsx"].read(hostile)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error(read) == "This is no table that can be read."
    assert most < 10 * 2**20  # the entity stands for 30 GB


def test_a_workbook_that_names_the_farthest_cell_is_read_in_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    cells = itertools.count(1)
    text_of, most = tables._text, (MOST_ROWS + 10) * 4 * len(COLUMNS)

    def counted(value: object) -> str:
        assert next(cells) <= most
        return text_of(value)

    monkeypatch.setattr(tables, "_text", counted)
    read = FORMATS["xlsx"].read(with_part(workbook(["title"]), SHEET, sheet))
    assert error(read) == "Row 1 has to name the column title."
    assert next(cells) > MOST_ROWS
