"""Which questions were chosen, on their way from page to page."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied


def written(pks: Iterable[int]) -> str:
    """Return keys as a form carries them."""
    return ",".join(map(str, pks))


def read(typed: str, most: int) -> list[int]:
    """Return the keys that a form carries. Raises ``PermissionDenied`` for what no page wrote."""
    words = typed.split(",") if typed else []
    if len(words) > most or not all(word.isascii() and word.isdigit() for word in words):
        raise PermissionDenied
    return [int(word) for word in words]
