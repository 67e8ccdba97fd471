"""The formats of files to import and export, by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from question_bank.exchange import tables
from question_bank.formats.entries import Outgoing, Read, Written
from question_bank.formats.gift import files as gift


@dataclass(frozen=True)
class FileFormat:
    """A format: how its files are called, read and written.

    ``read`` raises nothing. What ``write`` writes ``read`` reads as the same questions.
    """

    title: str
    suffix: str
    content_type: str
    read: Callable[[bytes], Read]
    write: Callable[[Iterable[Outgoing]], Written]


FORMATS = {
    "gift": FileFormat("GIFT", ".gift", "text/plain; charset=utf-8", gift.read, gift.write),
    "csv": FileFormat("CSV", ".csv", "text/csv; charset=utf-8", tables.CSV.read, tables.CSV.write),
    "xlsx": FileFormat(
        "XLSX",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        tables.XLSX.read,
        tables.XLSX.write,
    ),
}
