"""What every resource has: scopes, conditional requests, sparse fields, repeatable POSTs."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from assessments.api.problems import Problem
from assessments.api.rates import tell
from assessments.models import Scope, User

FIELDS = "fields"


class Resource(GenericViewSet[Any]):
    """A resource of the API.

    ``scopes`` is what a token must be for, to read and to change; ``orderings`` by what lists can
    be ordered, as name and field, the first one unless told. Answers to GET have an ``ETag``; where
    an overwrite would lose somebody's work, a change calls ``check_unchanged``.
    """

    scopes: tuple[Scope | None, Scope | None] = (None, None)
    orderings: dict[str, str] = {"id": "pk"}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a request, all times in UTC whatever zone the pages show them in."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the body, so that its size is known to be bounded, before anything is done."""
        super().initial(request, *args, **kwargs)
        if any("\0" in str(value) for value in kwargs.values()):
            # Nothing is called so, and not every database can be asked for it.
            raise Http404
        if request.method not in SAFE_METHODS:
            _body = request._request.body
        else:
            self._check_parameters(request)

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks; whoever tries tokens out is counted by address."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            request.user = AnonymousUser()
            self.check_throttles(request)
            raise

    def _check_parameters(self, request: Request) -> None:
        """Refuse parameters that do nothing: a misspelt one would be passed over in silence."""
        known = parameters_of(self)
        if unknown := sorted(set(request.query_params) - known):
            told = _("There is no such parameter; there are: %(names)s.")
            words = told % {"names": ", ".join(sorted(known))}
            raise ValidationError({name: [words] for name in unknown})

    @property
    def person(self) -> User:
        """Who asks: permissions have made sure that somebody does, but where it is described."""
        return cast(User, self.request.user)

    def read(self, kind: type[Serializer[Any]], *, partial: bool = False) -> Any:
        """Return the body as a serializer reads it. Raises ``ValidationError``."""
        form = kind(data=self.request.data, partial=partial)
        form.is_valid(raise_exception=True)
        return form.validated_data

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add what the headers tell, and leave out what was not asked for or is known already."""
        response = super().finalize_response(request, response, *args, **kwargs)
        tell(request, response)
        response["Cache-Control"] = "private, no-cache"
        if request.method in SAFE_METHODS and response.status_code == 200:
            self._make_conditional(request, response)
        return response

    def _make_conditional(self, request: Request, response: Response) -> None:
        packed = JSONRenderer().render(response.data)
        tag = _tag_of(packed)
        response["ETag"] = tag
        if {tag, "*"} & _tags(request.headers.get("If-None-Match", "")):
            response.status_code, response.data = 304, None
        elif request.accepted_media_type == JSONRenderer.media_type:
            # It need not be packed a second time.
            response.content = packed
            response["Content-Type"] = JSONRenderer.media_type

    def sparse(self, data: Any) -> Any:
        """Return of what a list or a thing says those fields that ``?fields=`` names.

        Raises ``ValidationError``.
        """
        text = self.request.query_params.get(FIELDS)
        if text is None:
            return data
        wanted = text.split(",")
        there: Any = self.get_serializer().fields  # type: ignore[attr-defined]
        if unknown := [name for name in wanted if name not in there]:
            told = _("There is no field %(name)s; there are: %(names)s.")
            words = told % {"name": unknown[0], "names": ", ".join(there)}
            raise ValidationError({FIELDS: [words]})
        if isinstance(data, list):
            return [_some(row, wanted) for row in data]
        return _some(data, wanted)

    def check_unchanged(self, data: Any) -> None:
        """Make sure that whoever changes a thing has seen it as it is: ``data`` in full.

        Raises ``Problem``.
        """
        match = self.request.headers.get("If-Match")
        if match is None:
            told = _("Send the ETag of what you have seen as If-Match.")
            raise Problem(428, "if-match-missing", told)
        if not {etag_of(data), "*"} & _tags(match):
            told = _("It has been changed since. Read it again, and decide then.")
            raise Problem(412, "changed-since", told)


class Listed(Resource):
    """With GET on the collection."""

    def list(self, _request: Request, **_place: Any) -> Response:
        """Return a page of what there is."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        data = self.get_serializer(page, many=True).data
        return self.get_paginated_response(self.sparse(data))


class Shown(Resource):
    """With GET on one of them."""

    def retrieve(self, _request: Request, **_place: Any) -> Response:
        """Return one thing."""
        return Response(self.sparse(self.get_serializer(self.get_object()).data))


def parameters_of(view: Resource) -> set[str]:
    """Return the names of the query parameters that a view's GET takes."""
    if view.action != "list":
        return {FIELDS} if view.action == "retrieve" else set()
    paging = {"limit", "cursor", "order"} if view.pagination_class else set()
    filters = getattr(view, "filterset_class", None)
    return {FIELDS, *paging, *(filters.base_filters if filters else ())}


def etag_of(data: Any) -> str:
    """Return the tag of an answer: the same for the same data, in whatever process."""
    return _tag_of(JSONRenderer().render(data))


def _tag_of(packed: bytes) -> str:
    return f'"{hashlib.blake2b(packed, digest_size=12).hexdigest()}"'


def _tags(header: str) -> set[str]:
    """Return the tags of a header, where ``*`` is whatever there is.

    Compression made them weak, which changes nothing here.
    """
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _some(row: Mapping[str, Any], wanted: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in wanted if name in row}
