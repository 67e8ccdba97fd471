"""The page of a question, and the verbs on it."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from assessments.models import Course, User
from question_bank import authoring
from question_bank.models import Concept, Draft, Question
from tests.assessments.admin.conftest import SignedIn
from tests.cast.questions import published, put_live
from tests.question_bank.test_case import CHOICE

pytestmark = pytest.mark.django_db


def address(question: Question) -> str:
    return f"/admin/question_bank/question/{question.pk}/change/"


def text_of(client: Client, question: Question, **asked: object) -> str:
    response = client.get(address(question), asked)
    assert response.status_code == 200
    return response.content.decode()


def do(client: Client, question: Question, verb: str, **told: object) -> HttpResponse:
    return client.post(f"/admin/question_bank/question/{question.pk}/do/{verb}/", told)  # type: ignore[return-value]


@pytest.mark.parametrize("slug", ["which-cut", "keys-seen", "sliding-window"])
def test_every_kind_is_shown_as_a_learner_sees_it(
    admin_client: Client, course: Course, slug: str
) -> None:
    page = text_of(admin_client, Question.objects.get(slug=slug))
    assert "learners-view" in page
    assert "cannot be shown" not in page


def test_the_variants_can_be_stepped_through(admin_client: Client, course: Course) -> None:
    question = Question.objects.get(slug="keys-seen")
    first, last = (text_of(admin_client, question, seed=seed) for seed in (0, 63))
    assert "Variant 1 of 64" in first
    assert "The one before" not in first
    assert "Variant 64 of 64" in last
    assert "The next one" not in last


@pytest.mark.parametrize("seed", ["-1", "64", "x", "٣", "9" * 30])
def test_a_seed_that_no_learner_is_given_shows_the_first_variant(
    admin_client: Client, question: Question, seed: str
) -> None:
    assert "Variant 1 of 64" in text_of(admin_client, question, seed=seed)


def test_what_the_draft_changes_stands_in_words_and_marks(
    admin_client: Client, question: Question, draft: Draft
) -> None:
    page = text_of(admin_client, question)
    assert "From version 1 to the draft" in page
    assert re.search(r"<ins><span[^>]*> added: </span>Another", page)
    assert re.search(r"<del><span[^>]*> removed: </span>Which", page)


def test_any_two_versions_can_be_compared(admin_client: Client, question: Question) -> None:
    for title in ("Second", "Third"):
        question.refresh_from_db()
        put_live(question, title=title)
    page = text_of(admin_client, question, **{"from": "3", "to": "2"})
    assert "From version 3 to version 2" in page
    assert re.search(r"<ins><span[^>]*> added: </span>Second", page)


def test_hostile_text_stays_text_in_the_difference(
    admin_client: Client, question: Question, author: User
) -> None:
    begun = authoring.draft_of(question, author.pk)
    hostile = begun.content | {"title": "<script>alert(1)</script>", "</ins><b>": "x"}
    authoring.save_draft(begun, hostile, author.pk, revision=1)
    page = text_of(admin_client, question)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "</ins><b>" not in page


def test_links_from_texts_are_where_used(
    admin_client: Client, course: Course, question: Question
) -> None:
    concept = Concept.objects.all()[0]
    Concept.objects.filter(pk=concept.pk).update(body="See [it](question:which-cut).")
    published(course, "linking", CHOICE | {"title": "Links", "stem": "[It](question:which-cut)?"})
    published(course, "other", CHOICE | {"title": "Beside", "stem": "[It](question:which-cut-2)?"})
    used = admin_client.get(address(question)).context["used"]
    assert [each.slug for each in used.questions] == ["linking"]
    assert used.concepts == [concept]
    assert used.courses == [course]


def test_the_history_says_who_when_in_which_zone_and_why(
    admin_client: Client, question: Question, author: User
) -> None:
    authoring.withdraw(question, author.pk, note="It was wrong.")
    with override_settings(TIME_ZONE="Asia/Tokyo"):
        timezone.get_default_timezone.cache_clear()
        at = timezone.localtime(question.events.all()[0].at)
        page = text_of(admin_client, question)
    timezone.get_default_timezone.cache_clear()
    assert "It was wrong." in page
    assert "<td>author</td><td>withdrawn</td>" in page
    assert f"{at:%H:%M} JST</time>" in page
    assert "in the zone Asia/Tokyo" in page


def test_a_longer_history_takes_no_more_queries(
    admin_client: Client, question: Question, author: User
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(admin_client, question)
        return len(queries)

    put_live(question, title="Second")
    text_of(admin_client, question)
    before = count()
    for number in range(5):
        question.refresh_from_db()
        put_live(question, title=f"Title {number}")
    assert count() == before


def test_a_reviewer_approves_and_an_editor_publishes(
    course: Course,
    question: Question,
    handed_in: Draft,
    reviewer: User,
    editor: User,
    signed_in: SignedIn,
) -> None:
    Course.objects.update(second_person=True)
    version = handed_in.proposed
    assert version is not None
    early = do(signed_in(editor), question, "publish", version=version.pk)
    assert early.status_code == 409
    done = do(signed_in(reviewer), question, "approve", version=version.pk, note="Read.")
    assert done.status_code == 302
    assert do(signed_in(editor), question, "publish", version=version.pk).status_code == 302
    question.refresh_from_db()
    assert question.live == version


def test_nobody_approves_their_own_work_on_the_page_either(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    begun = authoring.draft_of(question, editor.pk)
    mine = authoring.save_draft(begun, begun.content | {"title": "Mine"}, editor.pk, revision=1)
    version = authoring.propose(mine, editor.pk, revision=mine.revision)
    page = text_of(signed_in(editor), question)
    assert "Somebody else approves" in page
    assert ">Approve<" not in page
    refused = do(signed_in(editor), question, "approve", version=version.pk, note="Fine.")
    assert refused.status_code == 409
    assert "Somebody else approves" in refused.content.decode()
    assert not authoring.is_approved(version)


def test_what_was_handed_in_meanwhile_is_not_approved_unseen(
    question: Question, handed_in: Draft, author: User, reviewer: User, signed_in: SignedIn
) -> None:
    seen = handed_in.proposed_id
    changed = handed_in.content | {"title": "Quite another title"}
    saved = authoring.save_draft(handed_in, changed, author.pk, revision=handed_in.revision)
    newer = authoring.propose(saved, author.pk, revision=saved.revision)
    refused = do(signed_in(reviewer), question, "approve", version=seen, note="Fine.")
    assert refused.status_code == 409
    assert "Something else was handed in" in refused.content.decode()
    assert not authoring.is_approved(newer)


def test_sending_back_asks_for_a_note(
    question: Question, handed_in: Draft, reviewer: User, signed_in: SignedIn
) -> None:
    client, version = signed_in(reviewer), handed_in.proposed_id
    assert do(client, question, "send-back", version=version, note=" ").status_code == 409
    assert do(client, question, "send-back", version=version, note="Why 4?").status_code == 302
    handed_in.refresh_from_db()
    assert handed_in.proposed is None


def test_a_refused_note_is_still_there(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    told = do(signed_in(editor), question, "withdraw", version=question.live_id, note="x" * 401)
    assert told.status_code == 409
    assert "Shorten the note" in told.content.decode()
    assert "x" * 401 in told.content.decode()
    question.refresh_from_db()
    assert question.live is not None


def test_an_editor_withdraws_and_rolls_back(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    first = question.live
    assert first is not None
    second = put_live(question, title="Second")
    client = signed_in(editor)
    assert do(client, question, "withdraw", version=second.pk, note="Wrong.").status_code == 302
    question.refresh_from_db()
    assert question.live is None
    assert do(client, question, "roll-back", version=first.pk, note="Better.").status_code == 302
    question.refresh_from_db()
    assert (question.live, question.title) == (first, "Which cut saves time")


def test_what_went_live_meanwhile_is_not_withdrawn_unseen(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    seen = question.live_id
    newer = put_live(question, title="Second")
    assert do(signed_in(editor), question, "withdraw", version=seen).status_code == 409
    question.refresh_from_db()
    assert question.live == newer


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("author", ["approve", "send-back", "publish", "withdraw", "roll-back"]),
        ("reviewer", ["publish", "withdraw", "roll-back"]),
        ("nobody", ["approve", "send-back", "publish", "withdraw", "roll-back"]),
    ],
)
def test_each_role_is_refused_what_it_may_not_do(
    request: pytest.FixtureRequest,
    handed_in: Draft,
    question: Question,
    signed_in: SignedIn,
    role: str,
    verbs: list[str],
) -> None:
    client = signed_in(request.getfixturevalue(role))
    told = {"version": handed_in.proposed_id, "note": "Because."}
    assert {do(client, question, verb, **told).status_code for verb in verbs} == {403}


def test_staff_without_a_role_do_not_see_the_page(
    question: Question, nobody: User, signed_in: SignedIn
) -> None:
    assert signed_in(nobody).get(address(question)).status_code == 403


def test_a_verb_is_posted(admin_client: Client, question: Question) -> None:
    told = admin_client.get(f"/admin/question_bank/question/{question.pk}/do/withdraw/")
    assert told.status_code == 405
