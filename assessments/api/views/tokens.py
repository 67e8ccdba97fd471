"""Whoever asks, and their tokens."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.repeats import once
from assessments.api.resources import Listed, Resource, Shown
from assessments.api.schema import example, readable
from assessments.api.serializers.tokens import (
    NewTokenSerializer,
    PersonSerializer,
    TokenSerializer,
    ToldTokenSerializer,
)
from assessments.models import Scope, Token
from assessments.services.tokens import make_token, revoke

_TOKEN = {
    "id": 7,
    "name": "marks to the school's sheet",
    "start": "sparring_4fQx2A",
    "scopes": ["gradebook:read"],
    "created_at": "2026-11-26T09:00:00Z",
    "expires_at": "2027-02-24T09:00:00Z",
    "used_at": None,
    "revoked_at": None,
}


class Me(Resource):
    """Whoever asks."""

    scopes = (Scope.COURSES_READ, None)
    serializer_class = PersonSerializer
    pagination_class = None

    @extend_schema(
        operation_id="me_retrieve",
        examples=[
            example(
                "A learner of one course",
                {
                    "id": 3,
                    "username": "ada",
                    "name": "Ada Byron",
                    "email": "ada@school.example",
                    "courses": [{"course": "sparse-attention", "role": "learner"}],
                },
            )
        ],
    )
    def retrieve(self, _request: Request) -> Response:
        """Tell who you are, and in which courses."""
        return Response(self.sparse(self.get_serializer(self.person).data))


_ASKED = {"name": "marks", "scopes": ["gradebook:read"], "days": 90}


@readable(
    "tokens", "your tokens, the revoked and expired ones included", "one of your tokens", _TOKEN
)
class Tokens(Listed, Shown):
    """Your own tokens.

    They are made and revoked by somebody who has signed in: no token can make another.
    """

    serializer_class = TokenSerializer
    repeatable = {"create"}

    def get_queryset(self) -> QuerySet[Token]:
        """Return the person's own."""
        return Token.objects.filter(user=self.person.pk)

    @extend_schema(
        operation_id="tokens_create",
        request=NewTokenSerializer,
        responses={201: ToldTokenSerializer},
        examples=[
            example(
                "What is asked for",
                {"name": "marks", "scopes": ["gradebook:read"], "days": 90},
                of_request=True,
            ),
            example("Its text, told this once", _TOKEN | {"token": "sparring_4fQx2A…"}),
        ],
    )
    def create(self, request: Request) -> Response:
        """Make a token; its text is told in this answer and never again."""
        asked = self.read(NewTokenSerializer)

        def work() -> Response:
            token, text = make_token(self.person, **asked)
            shown = ToldTokenSerializer(token, context={"text": text})
            where = {"Location": f"{request.path}{token.pk}/"}
            return Response(shown.data, status=201, headers=where)

        return once(request, work, untold=("token",))

    @extend_schema(operation_id="tokens_revoke", request=None, responses={204: None})
    def destroy(self, _request: Request, **_place: Any) -> Response:
        """Revoke a token: it opens nothing any more."""
        revoke(self.get_object())
        return Response(status=204)
