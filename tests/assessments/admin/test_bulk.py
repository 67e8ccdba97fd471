"""Many questions at once: foreseen first, each done by itself, what is refused says why."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.test import Client

from assessments.models import Course, User
from question_bank import authoring
from question_bank.models import Draft, Question, Tag
from tests.assessments.admin.conftest import SignedIn

pytestmark = pytest.mark.django_db

LIST = "/admin/question_bank/question/"


def chosen() -> str:
    return ",".join(str(pk) for pk in Question.objects.values_list("pk", flat=True))


def bulk(client: Client, name: str, given: str = "", *, confirm: bool = True) -> HttpResponse:
    told = {"questions": chosen(), "given": given, "seen": given} | (
        {"confirm": ""} if confirm else {}
    )
    return client.post(f"{LIST}bulk/{name}/", told)  # type: ignore[return-value]


def lines(response: HttpResponse) -> dict[str, tuple[bool, str]]:
    context = response.context  # type: ignore[attr-defined]
    return {line.question.slug: (line.done, line.words) for line in context["lines"]}


def test_the_list_leads_to_a_page_that_changes_nothing_yet(
    course: Course, editor: User, signed_in: SignedIn
) -> None:
    pks = list(Question.objects.values_list("pk", flat=True))
    told = {"action": "withdraw", ACTION_CHECKBOX_NAME: pks}
    page = signed_in(editor).post(LIST, told)
    assert page.status_code == 200
    assert "What will happen" in page.content.decode()
    assert not Question.objects.filter(live=None).exists()


def test_too_many_are_refused_before_anything_is_foreseen(
    course: Course, editor: User, signed_in: SignedIn
) -> None:
    Question.objects.bulk_create(
        Question(slug=f"q-{n}", kind="choice", title="Many") for n in range(60)
    )
    pks = list(Question.objects.values_list("pk", flat=True))
    told = {"action": "publish", ACTION_CHECKBOX_NAME: pks}
    page = signed_in(editor).post(LIST, told, follow=True)
    assert "Choose at most 50 questions" in page.content.decode()


def test_tags_are_added_where_they_are_missing_and_kept_in_the_history(
    course: Course, question: Question, author: User, signed_in: SignedIn
) -> None:
    question.tags.add(Tag.objects.create(name="exam"))
    page = bulk(signed_in(author), "add-tags", "exam, exam")
    assert lines(page)["which-cut"] == (False, "It has these tags already.")
    assert lines(page)["keys-seen"] == (True, "gets exam")
    assert Question.objects.filter(tags__name="exam").count() == 3
    told = signed_in(author).get(f"{LIST}{Question.objects.get(slug='keys-seen').pk}/change/")
    assert "gets exam" in told.content.decode()
    assert LogEntry.objects.count() == 2


def test_a_new_tag_is_made_only_by_whoever_may(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    group = author.groups.get()
    group.permissions.remove(group.permissions.get(codename="add_tag"))
    page = bulk(signed_in(author), "add-tags", "brand-new")
    assert "you may not make one" in page.content.decode()
    assert not Tag.objects.exists()


def test_tags_are_removed_where_they_are(
    course: Course, question: Question, author: User, signed_in: SignedIn
) -> None:
    question.tags.add(Tag.objects.create(name="exam"))
    page = bulk(signed_in(author), "remove-tags", "exam")
    assert lines(page)["which-cut"] == (True, "loses exam")
    assert lines(page)["keys-seen"] == (False, "It has none of these tags.")
    assert not question.tags.exists()


def test_a_folder_is_a_path(course: Course, author: User, signed_in: SignedIn) -> None:
    assert "path of names" in bulk(signed_in(author), "set-folder", "a//b").content.decode()
    bulk(signed_in(author), "set-folder", " a / b /")
    assert set(Question.objects.values_list("folder", flat=True)) == {"a/b"}


def test_what_will_happen_is_shown_and_not_done(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    page = bulk(signed_in(author), "set-folder", "masks", confirm=False)
    assert lines(page)["which-cut"] == (True, "goes from no folder to masks")
    assert set(Question.objects.values_list("folder", flat=True)) == {""}


def test_what_is_typed_after_looking_is_shown_before_it_is_done(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    told = {"questions": chosen(), "seen": "masks", "given": "rings", "confirm": ""}
    page = signed_in(author).post(f"{LIST}bulk/set-folder/", told)
    assert lines(page)["which-cut"] == (True, "goes from no folder to rings")  # type: ignore[arg-type]
    assert set(Question.objects.values_list("folder", flat=True)) == {""}


def test_drafts_are_published_and_the_rest_says_why_not(
    course: Course, draft: Draft, editor: User, signed_in: SignedIn
) -> None:
    begun = authoring.draft_of(Question.objects.get(slug="keys-seen"), editor.pk)
    authoring.save_draft(begun, begun.content | {"stem": ""}, editor.pk, revision=1)
    page = bulk(signed_in(editor), "publish")
    told = lines(page)
    assert told["which-cut"] == (True, "version 2 is live")
    assert told["sliding-window"] == (False, "It has no draft.")
    assert told["keys-seen"][0] is False
    assert "stem" in told["keys-seen"][1]
    assert Question.objects.get(slug="which-cut").title == "Another title"


def test_where_a_second_person_is_asked_for_a_draft_is_handed_in_and_waits(
    course: Course, draft: Draft, editor: User, signed_in: SignedIn
) -> None:
    Course.objects.update(second_person=True)
    ahead = lines(bulk(signed_in(editor), "publish", confirm=False))
    assert "waits for a second person" in ahead["which-cut"][1]
    done, words = lines(bulk(signed_in(editor), "publish"))["which-cut"]
    assert not done
    assert words.startswith("Handed in, but not live.")
    draft.refresh_from_db()
    assert draft.proposed is not None


def test_what_is_not_live_is_not_withdrawn_again(
    course: Course, question: Question, editor: User, signed_in: SignedIn
) -> None:
    authoring.withdraw(question, editor.pk)
    told = lines(bulk(signed_in(editor), "withdraw", "End of term"))
    assert told["which-cut"] == (False, "This question is not live.")
    assert told["keys-seen"] == (True, "withdrawn")
    event = Question.objects.get(slug="keys-seen").events.all()[0]
    assert (event.note, event.by) == ("End of term", editor)


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("author", ["publish", "withdraw"]),
        ("reviewer", ["add-tags", "remove-tags", "set-folder", "publish", "withdraw"]),
        ("nobody", ["add-tags", "remove-tags", "set-folder", "publish", "withdraw"]),
    ],
)
def test_each_role_is_refused_what_it_may_not_do(
    request: pytest.FixtureRequest, signed_in: SignedIn, role: str, refused: list[str]
) -> None:
    client = signed_in(request.getfixturevalue(role))
    assert {bulk(client, name, "x").status_code for name in refused} == {403}


@pytest.mark.parametrize("typed", ["1,x", "1;2", ",".join(["1"] * 501)])
def test_what_no_page_sends_is_refused(
    course: Course, author: User, signed_in: SignedIn, typed: str
) -> None:
    told = {"questions": typed, "given": "x", "seen": "x", "confirm": ""}
    assert signed_in(author).post(f"{LIST}bulk/add-tags/", told).status_code == 403
