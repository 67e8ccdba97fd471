"""What the page of a search shows."""

from typing import Any

from django.core.paginator import Paginator

from assessments.models import User
from assessments.web.search.finding import find_all
from assessments.web.search.words import LONGEST, query_words

FIRST = 5
PER_PAGE = 20


def context(user: User, typed: str, group: str, number: str) -> dict[str, Any]:
    """Return the first hits of each group, or a page of the one that is asked for."""
    typed = " ".join(typed.replace("\0", " ").split())[:LONGEST]
    words = query_words(typed)
    groups = find_all(user, words) if words else []
    shown: dict[str, Any] = {
        "typed": typed,
        "words": words,
        "found": sum(len(one.hits) for one in groups),
    }
    chosen = next((one for one in groups if one.key == group), None)
    if chosen is not None:
        return shown | {
            "group": chosen,
            "hits": Paginator(chosen.hits, PER_PAGE).get_page(number),
        }
    return shown | {
        "groups": [
            {"group": one, "hits": one.hits[:FIRST], "more": len(one.hits) > FIRST}
            for one in groups
        ]
    }
