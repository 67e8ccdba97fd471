"""Requests of people who have signed in, and what they may look up."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from assessments.models import User

Found = TypeVar("Found", bound=Model)
Rest = ParamSpec("Rest")


class SignedIn(HttpRequest):
    """A request behind ``login_required``, with what the middleware adds."""

    user: User
    htmx: HtmxDetails


def fragment(
    view: Callable[Concatenate[SignedIn, Rest], HttpResponse],
) -> Callable[Concatenate[SignedIn, Rest], HttpResponse]:
    """Let a part of a page, asked for after its session has ended, send the whole page to log in.

    A redirect would put the log-in page inside the page that asked.
    """

    @wraps(view)
    def guarded(request: SignedIn, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseClientRefresh()
        return view(request, *args, **kwargs)

    return guarded


def kept_for(user: User, response: HttpResponse) -> HttpResponse:
    """Let this person's browser show a page again while there is no connection.

    The service worker keeps it until they sign out or somebody else signs in.
    """
    response["X-Kept-For"] = str(user.pk)
    return response


def find(visible: QuerySet[Found], **wanted: object) -> Found:
    """Return the one row wanted among those that the person sees; else the page is a 404."""
    return get_object_or_404(visible, **wanted)


def the_one(found: Found | None) -> Found:
    """Return the row that was looked for; where there is none, the page is a 404."""
    if found is None:
        raise Http404
    return found
