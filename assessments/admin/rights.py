"""Who may do what with questions: the permissions of ``question_bank.roles``, in one place."""

from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from assessments.models import User

Right = Literal["view", "write", "approve", "publish", "add_tag"]

_PERMISSIONS: dict[Right, str] = {
    "view": "question_bank.view_question",
    "write": "question_bank.write_question",
    "approve": "question_bank.approve_question",
    "publish": "question_bank.publish_question",
    "add_tag": "question_bank.add_tag",
}


def may(user: User | AnonymousUser, *rights: Right) -> bool:
    """Whether a person has each of these rights."""
    return all(user.has_perm(_PERMISSIONS[right]) for right in rights)


def person(request: HttpRequest, *rights: Right) -> User:
    """Return who asks. Raises ``PermissionDenied`` without each of these rights."""
    user = request.user
    if not isinstance(user, User) or not may(user, *rights):
        raise PermissionDenied
    return user
