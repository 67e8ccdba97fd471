"""Texts for people in their language, where nothing knows of Django.

Whoever runs this (``question_bank.apps``) says once where translations are; until then, as on a
grading machine, every text stays as it is written.
"""

from gettext import NullTranslations
from typing import Protocol


class Catalogue(Protocol):
    """Where translations are looked up: a module or an object with gettext's functions."""

    def gettext(self, message: str, /) -> str:
        """Return the translation of a text."""

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Return the translation of the form that goes with a number."""


_catalogue: Catalogue = NullTranslations()


def translate_by(catalogue: Catalogue) -> None:
    """Look every text up in this catalogue from now on."""
    global _catalogue
    _catalogue = catalogue


def gettext(message: str) -> str:
    """Return the translation of a text."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the translation of the form that goes with a number."""
    return _catalogue.ngettext(one, many, number)


def gettext_noop(message: str) -> str:
    """Mark a text for translators that is translated where it is shown."""
    return message
