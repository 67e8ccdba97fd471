"""Bodies that nobody sends by accident: refused as problems, by whatever operation takes a body."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.renderers import JSONRenderer

from assessments.models import Attempt, Course, Submission, User
from tests.assessments.api.conftest import Api
from tests.assessments.api.world import made

BODIES = {
    "a name that is half a surrogate": b'{"\\ud800": 1}',
    "a name that is a null byte": b'{"\\u0000": 1}',
    "a name that is long": b'{"' + b"x" * 100_000 + b'": 1}',
    "no object": b"[1, 2]",
    "a number": b"12",
    "nothing": b"",
    "null": b"null",
    "a text": b'"x"',
    "no JSON": b"{",
    "NaN": b'{"question": NaN, "answer": NaN, "assessment": NaN, "source": NaN}',
    "infinity": b'{"assessment": Infinity, "attempt": 1e999}',
    "a long number": b'{"assessment": ' + b"9" * 400 + b', "attempt": -' + b"9" * 400 + b"}",
    "deep": b'{"answer": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    "no UTF-8": b'{"question": "\xff\xfe"}',
    "UTF-16": '{"question": "which-cut"}'.encode("utf-16"),
    "texts that are objects": b'{"question": {}, "source": [], "answer": "x", "is_flagged": {}}',
    "surrogates": b'{"question": "\\ud800", "source": "\\udfff", "answer": {"choice": "\\ud800"}}',
    "null bytes": b'{"question": "a\\u0000", "source": "\\u0000", "answer": {"choice": "\\u0000"}}',
    "booleans": b'{"question": true, "attempt": true, "source": false, "answer": {"choice": true}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_such_a_body_is_a_problem_and_changes_nothing(
    body: bytes, course: Course, admin_user: User, api: Api
) -> None:
    world = made(course, admin_user)
    owner, things = world.people["owner"], world.things
    client: Any = api(owner)
    client.raise_request_exception = False
    before = (Attempt.objects.count(), Submission.objects.count(), owner.sittings.count())
    for method, path in (
        ("POST", "/attempts/"),
        ("PATCH", f"/attempts/{things['sat']}/"),
        ("PUT", f"/attempts/{things['attempt']}/answer/"),
        ("POST", f"/attempts/{things['attempt']}/responses/"),
        ("POST", "/submissions/"),
        ("POST", "/sittings/"),
    ):
        answer = client.generic(method, f"/api/v1{path}", body, "application/json")
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.content)
        assert answer["Content-Type"] == "application/problem+json", path
        assert answer.json()["status"] == answer.status_code
    assert before == (Attempt.objects.count(), Submission.objects.count(), owner.sittings.count())


@pytest.mark.parametrize(
    "path",
    [
        "/attempts/%ED%A0%80/", "/attempts/%00/", "/questions/%00/", "/questions/%ff/",
        "/questions/which-cut/variants/99999999999999999999999/", "/courses/%00/results/",
        "/attempts/?question=%00", "/attempts/?cursor=%ff%fe",
        "/submissions/?attempt=-1", "/sittings/?handed_in=perhaps", "/responses/?sitting=1e400",
        "/assessments/?limit=1e3", "/assessments/?fields=", "/assessments/?order=-",
        "/assessments/?cursor=" + "A" * 5_000,
    ],
)  # fmt: skip
def test_such_an_address_is_a_problem(path: str, learner: User, api: Api) -> None:
    client: Client = api(learner)
    client.raise_request_exception = False
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code in {400, 404}, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_what_fails_outside_the_views_is_a_problem_too(client: Client, db: None) -> None:
    answer = client.get("/api/v1/me/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    page = client.get("/", headers={"Host": "elsewhere.example"})
    assert page["Content-Type"].startswith("text/html")


def test_what_fails_while_an_answer_is_packed_is_a_problem_too(
    learner: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_told: Any, **_more: Any) -> bytes:
        raise UnicodeEncodeError("utf-8", "x", 0, 1, "the secret of the house")

    client = api(learner)
    client.raise_request_exception = False
    monkeypatch.setattr(JSONRenderer, "render", fail)
    answer = client.get("/api/v1/nowhere/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in answer.content
