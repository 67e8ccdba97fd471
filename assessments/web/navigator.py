"""The way between the pages of a sitting, with where each question stands."""

from collections.abc import Sequence
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assessments.web.papers import PlaceLine


def navigator(lines: Sequence[PlaceLine], number: int) -> SafeString:
    """Return a button for each question; ``number`` is the page that is shown.

    It says nothing of who sits it, so that each process remembers those that were shown last.
    """
    return _rendered(tuple(lines), number, get_language())


@lru_cache(maxsize=2048)
def _rendered(lines: tuple[PlaceLine, ...], number: int, _language: str | None) -> SafeString:
    context = {"lines": lines, "number": number}
    return render_to_string("web/sittings/navigator.html", context)
