"""Lists, by cursor: stable while rows come and go."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

_CURSOR = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Cursors(CursorPagination):
    """``limit`` rows (50 unless told, at most 200); ``next`` and ``previous`` are addresses.

    A view's ``orderings`` says by what its lists can be ordered: of rows that are alike the key
    decides, so that none is passed over.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering_param = "order"

    def get_page_size(self, request: Request) -> int:
        """Return how many rows are asked for. Raises ``ValidationError``."""
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= self.max_page_size):
            told = _("A whole number from 1 to %(most)d.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [told]})
        return int(text)

    def get_ordering(self, request: Request, _queryset: Any, view: Any) -> tuple[str, ...]:
        """Return by what rows are ordered. Raises ``ValidationError``."""
        offered: dict[str, str] = view.orderings
        wanted = request.query_params.get(self.ordering_param, next(iter(offered)))
        field = offered.get(wanted.removeprefix("-"))
        if field is None:
            told = _("One of %(names)s, with - before it to turn it round.")
            raise ValidationError({self.ordering_param: [told % {"names": ", ".join(offered)}]})
        sign = "-" if wanted.startswith("-") else ""
        return (sign + field,) if field == "pk" else (sign + field, sign + "pk")

    def decode_cursor(self, request: Request) -> Any:
        """Return where the page begins. Raises ``ValidationError``."""
        fault = ValidationError(
            {self.cursor_query_param: [_("Take it from next or previous of an answer.")]}
        )
        text = request.query_params.get(self.cursor_query_param)
        if text is not None and not _CURSOR.fullmatch(text):
            raise fault
        try:
            cursor = super().decode_cursor(request)
        except NotFound as reason:
            raise fault from reason
        if text is not None and cursor == (0, False, None):
            # What says nothing would be read as the beginning.
            raise fault
        return cursor
