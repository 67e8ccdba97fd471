"""The bank by the API: drafts by revisions, a second person, keys for authors, hostile content."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Course, User
from question_bank.models import Draft, Question, QuestionVersion
from tests.assessments.api.bank_world import staff
from tests.assessments.api.test_who_may import signed_in
from tests.cast.questions import published

BANK = "/api/v1/bank/questions/"
HERE = f"{BANK}which-cut/"
DRAFT = f"{HERE}draft/"


@pytest.fixture
def author(course: Course) -> Client:
    return signed_in(staff("author", "Question authors"))


@pytest.fixture
def editor(course: Course) -> Client:
    return signed_in(staff("editor", "Question editors"))


def sent(client: Client, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
    data = b"" if body is None else json.dumps(body)
    return client.generic(method, path, data, "application/json", headers=headers)


def begun(client: Client) -> tuple[str, dict[str, Any]]:
    """Begin a draft; return its tag and what it says."""
    made = sent(client, "POST", DRAFT)
    assert made.status_code == 201
    return made["ETag"], made.json()["content"]  # type: ignore[attr-defined]


def put(client: Client, tag: str, content: Any) -> HttpResponse:
    return sent(client, "PUT", DRAFT, {"content": content}, **{"If-Match": tag})


def handed_in(client: Client, **changed: Any) -> HttpResponse:
    tag, content = begun(client)
    saved = put(client, tag, content | changed)
    assert saved.status_code == 200, saved.content
    return sent(client, "POST", f"{DRAFT}hand-in/", **{"If-Match": saved["ETag"]})


def errors(answer: HttpResponse) -> list[str]:
    return [one["field"] for one in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_a_draft_goes_from_an_author_by_an_editor_to_learners(
    author: Client, editor: Client, course: Course
) -> None:
    Course.objects.update(second_person=True)
    assert handed_in(author, title="Another title").json()["handed_in"] == 2
    early = sent(editor, "POST", f"{DRAFT}publish/", {"version": 2})
    assert early.status_code == 409
    assert sent(editor, "POST", f"{DRAFT}approve/", {"version": 2}).status_code == 200
    assert editor.get(HERE).json()["is_approved"] is True
    live = sent(editor, "POST", f"{DRAFT}publish/", {"version": 2})
    assert (live.status_code, live.json()["is_live"]) == (200, True)
    assert Question.objects.get(slug="which-cut").title == "Another title"
    actions = [one["action"] for one in editor.get(f"{HERE}events/?order=-id").json()["results"]]
    assert actions[:3] == ["published", "approved", "proposed"]


def test_nobody_approves_what_they_wrote(editor: Client) -> None:
    handed_in(editor, title="Mine")
    answer = sent(editor, "POST", f"{DRAFT}approve/", {"version": 2})
    assert answer.status_code == 409
    assert "Somebody else" in answer.json()["detail"]


def test_what_was_handed_in_meanwhile_is_not_approved_unseen(
    author: Client, editor: Client
) -> None:
    handed_in(author, title="Another title")
    answer = sent(editor, "POST", f"{DRAFT}approve/", {"version": 1})
    assert (answer.status_code, errors(answer)) == (409, ["version"])


def test_withdrawn_and_rolled_back(editor: Client) -> None:
    handed_in(editor, title="Another title")
    sent(editor, "POST", f"{DRAFT}publish/", {"version": 2})
    assert sent(editor, "POST", f"{HERE}withdraw/", {"version": 1}).status_code == 409
    assert sent(editor, "POST", f"{HERE}withdraw/", {"version": 2}).json()["live"] is None
    assert sent(editor, "POST", f"{HERE}roll-back/", {"version": 1}).json()["live"] == 1
    assert sent(editor, "POST", f"{HERE}roll-back/", {"version": 9}).status_code == 409


def test_a_second_writer_overwrites_nothing(author: Client, editor: Client) -> None:
    tag, content = begun(author)
    assert put(editor, tag, content | {"title": "First"}).status_code == 200
    assert put(author, tag, content | {"title": "Second"}).status_code == 412
    assert sent(author, "PUT", DRAFT, {"content": content}).status_code == 428
    assert Draft.objects.get().content["title"] == "First"


def test_the_tests_of_a_draft_are_run_and_nothing_is_changed(author: Client) -> None:
    tag, content = begun(author)
    assert sent(author, "POST", f"{DRAFT}test/").json() == {"passed": True, "faults": []}
    wrong = content | {"tests": [{"answer": "1", "credit": "0.5"}]}
    assert put(author, tag, wrong).status_code == 200
    told = sent(author, "POST", f"{DRAFT}test/").json()
    assert told["passed"] is False
    assert "test 1" in told["faults"][0]["reason"]
    assert QuestionVersion.objects.filter(question__slug="which-cut").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"stem": ""}, "content.stem"),
        ({"stem": 7}, "content.stem"),
        ({"difficulty": 10**30}, "content.difficulty"),
        ({"choices": "abc"}, "content.choices"),
        ({"choices": [1, 2]}, "content.choices.0"),
        ({"unknown": 1}, "content.unknown"),
        ({"kind": "poem"}, "content.kind"),
        ({"kind": ["choice"]}, "content"),
    ],
)
def test_a_fault_in_a_content_is_told_at_its_field(
    author: Client, changed: dict[str, Any], field: str
) -> None:
    tag, content = begun(author)
    answer = put(author, tag, content | changed)
    assert answer.status_code == 422
    assert errors(answer)[0].startswith(field)
    assert Draft.objects.get().content == content


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


HOSTILE = {
    "a null byte": {"stem": "a\0b"},
    "a null byte in a name": {"a\0b": 1},
    "half a surrogate": {"stem": "\ud800"},
    "a name that is half a surrogate": {"\ud800": 1},
    "many values": {"choices": [1] * 100_000},
    "many names": {str(n): n for n in range(100_000)},
    "deep": {"choices": nested(400)},
    "long": {"stem": "x" * 300_000},
    "a long number": {"difficulty": 10**4000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_a_problem(author: Client, name: str) -> None:
    tag, content = begun(author)
    answer = put(author, tag, content | HOSTILE[name])
    assert 400 <= answer.status_code < 500, answer.status_code
    assert answer["Content-Type"] == "application/problem+json"
    assert Draft.objects.get().content == content
    created = sent(author, "POST", BANK, {"slug": "new", "content": content | HOSTILE[name]})
    assert 400 <= created.status_code < 500
    assert not Question.objects.filter(slug="new").exists()


@pytest.mark.parametrize("slug", ["", "a b", "A", "-", "x" * 90, "a\0", None, "which-cut"])
def test_a_name_that_is_none_is_refused(author: Client, slug: object) -> None:
    _tag, content = begun(author)
    answer = sent(author, "POST", BANK, {"slug": slug, "content": content})
    assert answer.status_code in {400, 409}
    assert errors(answer) == ["slug"]


def test_a_number_that_is_infinite_is_refused(author: Client) -> None:
    tag, content = begun(author)
    body = json.dumps({"content": content}).replace('"difficulty": 2', '"difficulty": 1e999')
    assert "1e999" in body
    headers = {"If-Match": tag}
    answer = author.generic("PUT", DRAFT, body, "application/json", headers=headers)
    assert 400 <= answer.status_code < 500


def test_a_question_that_is_begun_twice_with_a_key_is_begun_once(author: Client) -> None:
    _tag, content = begun(author)
    key = {"Idempotency-Key": "k"}
    body = {"slug": "new", "content": content}
    first, again = (sent(author, "POST", BANK, body, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert author.get(first["Location"]).json()["has_draft"] is True
    assert author.get(f"{BANK}new/draft/").json()["content"]["title"] == content["title"]


def test_publishing_twice_with_a_key_is_answered_alike(editor: Client) -> None:
    handed_in(editor, title="Another title")
    body, key = {"version": 2}, {"Idempotency-Key": "k"}
    first, again = (sent(editor, "POST", f"{DRAFT}publish/", body, **key) for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"


def test_authors_see_what_a_learner_is_asked_and_the_key(author: Client) -> None:
    told = author.get(f"{HERE}versions/1/variants/5/").json()
    assert len(told["asked"]["choices"]) == 3
    assert "1.0000" in [one["credit"] for one in told["answers"]]
    for path in ("versions/1/variants/64/", "versions/2/variants/0/", "versions/9/"):
        assert author.get(f"{HERE}{path}").status_code == 404


@pytest.mark.parametrize("slug", ["which-cut", "keys-seen", "sliding-window"])
def test_every_kind_of_variant_is_told(author: Client, slug: str) -> None:
    answer = author.get(f"{BANK}{slug}/versions/1/variants/63/")
    assert answer.status_code == 200
    assert answer.json()["explanation"]


@pytest.mark.parametrize("state", ["live", "draft", "waiting", "approved", "withdrawn", "never"])
def test_questions_are_found_by_where_they_stand(author: Client, state: str) -> None:
    handed_in(author, title="Another title")
    found = {row["slug"] for row in author.get(f"{BANK}?state={state}").json()["results"]}
    every = {"which-cut", "keys-seen", "sliding-window"}
    expected = {"live": every, "draft": {"which-cut"}, "waiting": {"which-cut"}}
    assert found == expected.get(state, set())


def test_a_page_of_fifty_takes_ten_queries(
    author: Client, course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    content = Question.objects.get(slug="which-cut").live.content  # type: ignore[union-attr]
    for number in range(55):
        published(course, f"copy-{number:02}", content)
    with django_assert_max_num_queries(10):
        rows = author.get(BANK).json()["results"]
    assert len(rows) == 50
    with django_assert_max_num_queries(10):
        author.get(f"{HERE}events/")


def test_what_a_learner_of_the_bank_may_not_is_no_page(learner: User) -> None:
    assert signed_in(learner).get(BANK).json()["results"] == []
    assert signed_in(learner).get(HERE).status_code == 404
