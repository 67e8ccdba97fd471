"""The glossary of a course, and its terms within texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from assessments.models import Course, Term
from assessments.web.prose import render
from assessments.web.terms import Linked
from question_bank.models import Concept


@dataclass(frozen=True)
class Explained:
    """A term with its address and its definition."""

    slug: str
    name: str
    also: tuple[str, ...]
    href: str
    definition: SafeString
    concept: Concept | None = None


def context(course: Course) -> dict[str, Any]:
    """Return the terms by first letter; two queries."""
    terms = sorted(terms_of(course), key=lambda one: one.name.casefold())
    by_letter = groupby(terms, lambda one: one.name[0].upper())
    return {
        "course": course,
        "letters": [(letter, list(found)) for letter, found in by_letter],
    }


def terms_of(course: Course) -> list[Explained]:
    """Return the terms in the order of their file."""
    page = reverse("web:glossary", args=[course.slug])
    return [_explained(row, page) for row in course.terms.select_related("concept")]


def linked(terms: Iterable[Explained]) -> tuple[Linked, ...]:
    """Return what ``prose.render`` needs to make links of terms."""
    return tuple(Linked(one.slug, (one.name, *one.also), one.href) for one in terms)


def _explained(row: Term, page: str) -> Explained:
    definition = render(row.definition)
    also = tuple(row.also)
    return Explained(row.slug, row.term, also, f"{page}#{row.slug}", definition, row.concept)
