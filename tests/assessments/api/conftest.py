"""Clients of the API: by token, with whatever scopes a test asks for."""

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import Scope, User
from assessments.services.tokens import make_token

Api = Callable[..., Client]


@pytest.fixture
def api() -> Api:
    """Make a client that signs in by a token of a person's; with all scopes unless told."""

    def client(user: User, *scopes: Scope) -> Client:
        _token, text = make_token(user, "tests", [*scopes] or Scope.values, 1)
        return Client(headers={"Authorization": f"Bearer {text}"})

    return client
