"""Who may do what: every operation of the schema, asked by the whole cast and by tokens."""

import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from assessments.models import Course, Scope, User
from assessments.services.tokens import make_token
from tests.assessments.api import bank_rows
from tests.assessments.api.rows import ROWS, Row
from tests.assessments.api.world import OUTSIDERS, SECRETS, World, made

_SCOPE = re.compile(r"Scope of a token: `([a-z:]+)`")


@pytest.fixture
def world(course: Course, admin_user: User) -> World:
    return made(course, admin_user)


def operations() -> dict[str, str]:
    """Return the operations of the schema, each with what it says."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": told["description"]
        for path, methods in paths.items()
        for method, told in methods.items()
    }


def asked(row: Row, client: Client, world: World) -> HttpResponse:
    values = {name: world.things[thing] for name, thing in row.things.items()}
    body = {name: world.things.get(str(value), value) for name, value in (row.body or {}).items()}
    path = "/api/v1" + row.path.format(**values)
    headers = {}
    if row.method == "PUT":
        seen = client.get(path)
        headers = {"If-Match": seen.get("ETag", '"none"')}
    return client.generic(
        row.method, path, json.dumps(body) if row.body else b"", "application/json", headers=headers
    )


def signed_in(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def by_token(user: User, scopes: list[Scope]) -> Client:
    text = make_token(user, "tests", scopes, 1)[1]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})


def test_every_operation_has_its_row() -> None:
    assert sorted(operations()) == sorted(row.name for row in (*ROWS, *bank_rows.ROWS))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_operation_is_for_those_of_its_row_and_nobody_else(row: Row, world: World) -> None:
    # Those who may not come first: what they could change would show.
    for name, user in sorted(world.people.items(), key=lambda one: one[0] in row.may):
        answer = asked(row, signed_in(user), world)
        told = answer.content.decode()
        if row.lists:
            assert answer.status_code == 200, (name, told)
            assert bool(answer.json()["results"]) == (name in row.may), name
        elif name in row.may:
            assert answer.status_code < 300, (name, told)
        else:
            assert answer.status_code == (403 if name in row.seen else 404), (name, told)
        if name in OUTSIDERS - row.may:
            assert [word for word in SECRETS if word in told] == [], name
    assert asked(row, signed_in(None), world).status_code == 401


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_token_does_what_its_scope_says_and_its_person_may(row: Row, world: World) -> None:
    found = _SCOPE.search(operations()[row.name])
    owner = world.people["owner"]
    if found is None:
        assert asked(row, by_token(owner, list(Scope)), world).status_code == 403
        return
    needed = Scope(found[1])
    others = [scope for scope in Scope if scope != needed]
    refused = asked(row, by_token(owner, others), world)
    assert refused.status_code == 403
    assert needed.value in refused.json()["detail"]
    if not row.lists:
        for name in OUTSIDERS - row.may - row.seen:
            assert asked(row, by_token(world.people[name], list(Scope)), world).status_code == 404
    # What is changed is read first, by its ETag.
    scopes = [needed, Scope.WORK_READ] if row.method == "PUT" else [needed]
    if "owner" in row.may:
        assert asked(row, by_token(owner, scopes), world).status_code < 300
