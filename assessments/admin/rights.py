"""Who may do what with questions, asked of a request of the admin."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from assessments.access import Right, may
from assessments.models import User

__all__ = ["Right", "may", "person"]


def person(request: HttpRequest, *rights: Right) -> User:
    """Return who asks. Raises ``PermissionDenied`` without each of these rights."""
    user = request.user
    if not isinstance(user, User) or not may(user, *rights):
        raise PermissionDenied
    return user
