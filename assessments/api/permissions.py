"""What a token is for; what its person may do is asked of ``assessments.access``."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from assessments.models import Scope, Token

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopeMissingError(PermissionDenied):
    """The token is for something else, or no token would do: then the scope is None."""

    def __init__(self, scope: Scope | None) -> None:
        lacking = _("This token lacks the scope %(scope)s.")
        super().__init__(lacking % {"scope": scope} if scope else _("No token does this: sign in."))


class InScope(BasePermission):
    """A token opens what its scopes say; a session what its person may."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the token is for this operation. Raises ``ScopeMissingError``."""
        if not isinstance(request.auth, Token):
            return True
        scope = scope_of(view, request.method or "GET")
        if scope is None or scope.value not in request.auth.scopes:
            raise ScopeMissingError(scope)
        return True


def scope_of(view: "APIView", method: str) -> Scope | None:
    """Return the scope that a token needs for a method of a view; None where none suffices.

    A view says so in ``scopes``: for reading, and for changing.
    """
    reads, writes = getattr(view, "scopes", (None, None))
    found: Scope | None = reads if method in SAFE_METHODS else writes
    return found
