"""Who may do what with the bank, with people and with results; see ``test_who_may``."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from assessments.models import Course, Scope, User
from assessments.services import attempt_for
from question_bank.models import Question
from tests.assessments.api.bank_rows import OF_BANK, OF_COURSE, ROWS
from tests.assessments.api.bank_world import KEY, bank_made
from tests.assessments.api.rows import Row
from tests.assessments.api.test_who_may import by_token, operations, signed_in
from tests.assessments.api.world import OUTSIDERS, SECRETS, World
from tests.cast.sittings import assessment

_SCOPE = re.compile(r"Scope of a token: `([a-z:]+)`")
GUARDED = {"PUT", "PATCH", "DELETE"}


@pytest.fixture
def world(course: Course, admin_user: User) -> World:
    made = bank_made(course, admin_user)
    hidden = assessment(course, "which-cut", slug="hidden")
    own = {"keys": "keys-seen", "number": 1, "hidden": hidden.pk}
    return World(made.people, made.things | own)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside, so that each of the cast finds the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(row: Row, client: Client, world: World, editor: Client) -> HttpResponse:
    values = {name: world.things[thing] for name, thing in row.things.items()}
    body = {
        name: world.things[value] if isinstance(value, str) and value in world.things else value
        for name, value in (row.body or {}).items()
    }
    path = "/api/v1" + row.path.format(**values)
    headers = {}
    if row.method in GUARDED or row.path.endswith("hand-in/"):
        seen = editor.get(path.removesuffix("hand-in/"))
        headers = {"If-Match": seen.get("ETag", '"none"')}
    sent = json.dumps(body) if row.body else b""
    return client.generic(row.method, path, sent, "application/json", headers=headers)


def test_every_operation_has_its_row() -> None:
    ours = [name for name in operations() if name.split()[1].startswith((*OF_BANK, *OF_COURSE))]
    assert sorted(ours) == sorted(row.name for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_operation_is_for_those_of_its_row_and_nobody_else(row: Row, world: World) -> None:
    admin = signed_in(world.people["admin"])
    for name, user in world.people.items():
        with undone():
            answer = asked(row, signed_in(user), world, admin)
        told = answer.content.decode()
        if row.lists:
            assert answer.status_code == 200, (name, told)
            assert bool(answer.json()["results"]) == (name in row.may), (name, told)
        elif name in row.may:
            assert answer.status_code < 300, (name, told)
        else:
            assert answer.status_code == (403 if name in row.seen else 404), (name, told)
        if name in OUTSIDERS - row.may - row.seen:
            assert [word for word in SECRETS if word in told] == [], name
    assert asked(row, signed_in(None), world, admin).status_code == 401


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_token_does_what_its_scope_says_and_its_person_may(row: Row, world: World) -> None:
    found = _SCOPE.search(operations()[row.name])
    assert found is not None
    needed, person = Scope(found[1]), world.people["admin"]
    admin = signed_in(person)
    others = [scope for scope in Scope if scope != needed]
    refused = asked(row, by_token(person, others), world, admin)
    assert refused.status_code == 403
    assert needed.value in refused.json()["detail"]
    assert asked(row, by_token(person, [needed]), world, admin).status_code < 300
    learner = asked(row, by_token(world.people["teammate"], [needed]), world, admin)
    assert learner.json().get("results") == [] if row.lists else learner.status_code == 404


@pytest.mark.parametrize("name", ["owner", "teammate", "assistant", "instructor", "stranger"])
def test_nobody_but_those_of_the_bank_reads_a_draft_or_a_key(world: World, name: str) -> None:
    client = signed_in(world.people[name])
    if name == "owner":
        attempt_for(world.people[name], Question.objects.get(slug="which-cut"))
    for row in ROWS:
        if row.method == "GET":
            told = asked(row, client, world, client).content.decode()
            assert KEY not in told, row.name
            assert '"correct"' not in told, row.name


def test_whoever_lost_the_admin_lost_the_bank(world: World) -> None:
    author = world.people["author"]
    author.is_staff = False
    author.save()
    assert signed_in(author).get("/api/v1/bank/questions/which-cut/draft/").status_code == 404


def test_other_courses_people_are_not_told(world: World) -> None:
    elsewhere = signed_in(world.people["other instructor"]).get("/api/v1/users/").json()["results"]
    assert [row["username"] for row in elsewhere] == ["elsewhere"]
    mine = signed_in(world.people["instructor"]).get("/api/v1/users/").json()["results"]
    assert "stranger" not in [row["username"] for row in mine]
