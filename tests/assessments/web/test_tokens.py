"""The page of one's tokens: made there, told once, revoked."""

import html
import re

import pytest
from django.test import Client

from assessments.models import Scope, Token, User
from assessments.services.tokens import token_of

FORM = {"name": "marks to a sheet", "scopes": ["courses:read"], "days": "30"}


@pytest.fixture
def mine(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def told(page: str) -> str:
    found = re.search(r'value="(sparring_[^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_a_new_one_is_told_once_and_opens_the_api(mine: Client, learner: User) -> None:
    text = told(mine.post("/tokens/", FORM).content.decode())
    token = token_of(text)
    assert token is not None
    assert (token.user, token.scopes) == (learner, [Scope.COURSES_READ])
    assert text not in mine.get("/tokens/").content.decode()
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.get("/api/v1/courses/").status_code == 200


def test_a_revoked_one_stays_in_the_list_and_opens_nothing(mine: Client) -> None:
    text = told(mine.post("/tokens/", FORM).content.decode())
    page = mine.post(f"/tokens/{Token.objects.get().pk}/revoke/", follow=True).content.decode()
    assert "marks to a sheet" in page
    assert ">revoked<" in page
    assert token_of(text) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"days": "400"}, "days")],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
    mine: Client, change: dict[str, object], field: str
) -> None:
    answer = mine.post("/tokens/", FORM | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not Token.objects.exists()


def test_with_fifty_good_ones_another_is_refused(mine: Client) -> None:
    for _ in range(50):
        mine.post("/tokens/", FORM)
    page = mine.post("/tokens/", FORM)
    assert page.status_code == 422
    assert "revoke one first" in page.content.decode()
    assert Token.objects.count() == 50


def test_the_list_takes_few_queries(mine: Client, django_assert_max_num_queries: object) -> None:
    for _ in range(10):
        mine.post("/tokens/", FORM)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        mine.get("/tokens/")
