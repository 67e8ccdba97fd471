"""Who asks: a script by its token, or a browser by its session."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from assessments.models import Token, User
from assessments.services.tokens import token_of


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer sparring_…``; ``request.auth`` is the ``Token``."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the token's person and the token, None where there is no such header."""
        kind, _space, rest = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        token = token_of(rest.strip().decode("ascii", errors="replace"))
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return token.user, token

    def authenticate_header(self, _request: Request) -> str:
        """Return what a 401 asks for."""
        return 'Bearer realm="sparring"'
