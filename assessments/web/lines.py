"""The parts of a verdict's page that its checks are told in."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

EMPTY = SafeString()


@dataclass(frozen=True)
class Table:
    """Numbers behind a picture, for those who read rather than look."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True)
class CheckLine:
    """One check: what it is called, its result in one line, and what lies behind it.

    ``passed`` is None for what explains and is no check; ``opened`` shows its evidence at once.
    """

    key: str
    name: str
    passed: bool | None
    result: str
    meaning: str
    picture: SafeString = EMPTY
    table: Table | None = None
    legend: tuple[tuple[str, str], ...] = ()
    caption: str = ""
    opened: bool = False


def drawn(markup: str) -> SafeString:
    """Return SVG that we drew ourselves, every text in it escaped, as markup."""
    return mark_safe(markup)  # noqa: S308 (see above)
