"""Requests of people who have signed in, and what they may look up."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from assessments.models import User

Found = TypeVar("Found", bound=Model)


class SignedIn(HttpRequest):
    """A request behind ``login_required``, with what the middleware adds."""

    user: User
    htmx: HtmxDetails


def find(visible: QuerySet[Found], **wanted: object) -> Found:
    """Return the one row wanted among those that the person sees; else the page is a 404."""
    return get_object_or_404(visible, **wanted)
