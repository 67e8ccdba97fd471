"""Tables as files, CSV and XLSX, by django-import-export; ``question_bank.formats.table`` has rows.

An uploaded workbook is bounded before it is opened: what it says of its own size, how far it
unpacks, how many rows and columns are looked at.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal

import tablib

from grader.words import gettext as _
from grader.words import gettext_noop
from question_bank.formats.decoding import check_size, text_of
from question_bank.formats.entries import (
    Entry,
    FileError,
    Other,
    Outgoing,
    Read,
    UnrepresentableError,
    Written,
    sentence,
)
from question_bank.formats.gift.checks import ItemError
from question_bank.formats.table import COLUMNS, NEEDED, entry_of, guarded, row_of, unguarded

MOST_ROWS = 5_000
MOST_UNPACKED_BYTES = 50 * 2**20
MOST_PARTS_OF_A_WORKBOOK = 500
LONGEST_CELL = 32_767
"""A cell of a workbook holds so many characters; what is beyond would be cut off."""

_SPARE_COLUMNS = 20
_UNREADABLE = gettext_noop("This is no table that can be read.")


def from_csv(data: bytes) -> tablib.Dataset:
    """Return the table of comma-separated values in UTF-8, or of those with semicolons.

    Raises ``ValueError``.
    """
    text = text_of(data).removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _dataset(rows)


def from_xlsx(data: bytes) -> tablib.Dataset:
    """Return the table of a workbook's active sheet. Raises ``ValueError``."""
    check_size(data)
    _check_unpacked(data)
    try:
        rows = list(_sheet(data))
    except Exception as fault:
        # Readers of broken archives and of hostile XML raise of many types, in words of their own.
        raise ValueError(_(_UNREADABLE)) from fault
    return _dataset(rows)


def _sheet(data: bytes) -> Iterator[list[str]]:
    # Imported where it is used: numpy comes with it where there is one, and a web process has none.
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = book.active.iter_rows(
        max_row=MOST_ROWS + 2, max_col=len(COLUMNS) + _SPARE_COLUMNS, values_only=True
    )
    for row in rows:
        yield [_text(value) for value in row]


class Table:
    """A format of files whose rows are questions."""

    def __init__(
        self,
        read: Callable[[bytes], tablib.Dataset],
        name: Literal["CSV", "XLSX"],
        longest_cell: int | None = None,
    ) -> None:
        self._dataset, self._name, self._longest_cell = read, name, longest_cell

    def read(self, data: bytes) -> Read:
        """Read a file; raises nothing."""
        try:
            dataset = self._dataset(data)
            _check_columns(dataset.headers or [])
        except ValueError as fault:
            return Read(errors=(FileError("", str(fault)),))
        except csv.Error:
            return Read(errors=(FileError("", _(_UNREADABLE)),))
        return _read(dataset)

    def write(self, questions: Iterable[Outgoing]) -> Written:
        """Write a file that ``read`` reads as these questions, sorted by folder and slug."""
        dataset = tablib.Dataset(headers=COLUMNS)
        unsupported: list[tuple[str, str]] = []
        for question in sorted(questions, key=lambda one: (one.folder, one.slug)):
            try:
                dataset.append(self._cells(question))
            except (UnrepresentableError, ItemError) as fault:
                unsupported.append((question.slug, sentence(str(fault))))
        from import_export.formats import base_formats

        data = getattr(base_formats, self._name)().export_data(dataset)
        whole = data.encode() if isinstance(data, str) else data
        return Written(whole, dataset.height, tuple(unsupported))

    def _cells(self, question: Outgoing) -> list[str]:
        row = row_of(question)
        for column, cell in row.items():
            if self._longest_cell and len(cell) >= self._longest_cell:
                raise UnrepresentableError(
                    _("its %(column)s is too long for a cell") % {"column": column}
                )
        return [guarded(row[column]) for column in COLUMNS]


CSV = Table(from_csv, "CSV")
XLSX = Table(from_xlsx, "XLSX", LONGEST_CELL)


def _read(dataset: tablib.Dataset) -> Read:
    entries: list[Entry] = []
    others: list[Other] = []
    errors: list[FileError] = []
    for where, row in _rows(dataset):
        try:
            entries.append(entry_of(row, where))
        except UnrepresentableError as fault:
            others.append(Other(f"{where}: {row['title']}", sentence(str(fault))))
        except ItemError as fault:
            errors.append(FileError(where, sentence(str(fault))))
    return Read(tuple(entries), tuple(others), tuple(errors))


def _rows(dataset: tablib.Dataset) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what is in each row that is not blank, with the row's number in the sheet."""
    columns = [header.strip() for header in dataset.headers]
    for number, row in enumerate(dataset, start=2):
        if any(cell.strip() for cell in row):
            cells = zip(columns, map(unguarded, row), strict=True)
            yield (
                _("row %(number)s") % {"number": number},
                {column: cell for column, cell in cells if column},
            )


def _dataset(rows: Iterable[Sequence[str]]) -> tablib.Dataset:
    """Return a table of so many columns as are named. Raises ``ValueError``."""
    rows = iter(rows)
    headers = list(next(rows, []))
    while headers and not headers[-1].strip():
        headers.pop()
    dataset = tablib.Dataset(headers=headers)
    for number, row in enumerate(islice(rows, MOST_ROWS + 1), start=2):
        if any(cell.strip() for cell in row[len(headers) :]):
            raise ValueError(
                _("Row %(number)s has more cells than there are names in row 1.")
                % {"number": number}
            )
        if number > MOST_ROWS + 1 and any(cell.strip() for cell in row):
            raise ValueError(
                _("Split the table; it has more than %(most_rows)s rows.")
                % {"most_rows": MOST_ROWS}
            )
        missing = [""] * (len(headers) - len(row))
        dataset.append([*row[: len(headers)], *missing])
    return dataset


def _check_columns(headers: Sequence[str]) -> None:
    names = [header.strip() for header in headers]
    for name in names:
        if name not in COLUMNS:
            raise ValueError(
                _("Row 1 names a column %(name)s; those known are %(columns)s.")
                % {"name": name, "columns": ", ".join(COLUMNS)}
            )
    if len(set(names)) < len(names):
        raise ValueError(_("Row 1 names a column twice."))
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ValueError(_("Row 1 has to name the column %(missing)s.") % {"missing": missing[0]})


def _check_unpacked(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as fault:
        raise ValueError(_("This is no XLSX workbook.")) from fault
    # A part is never read beyond the size that it is said to have.
    if len(parts) > MOST_PARTS_OF_A_WORKBOOK or (
        sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES
    ):
        raise ValueError(_("Split the workbook; it is too large once unpacked."))


def _text(value: object) -> str:
    """Return a cell as it was typed: a spreadsheet takes what looks like a number for one."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
