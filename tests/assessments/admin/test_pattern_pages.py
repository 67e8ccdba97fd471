"""A code exercise typed as a pattern: what is told meanwhile, and the draft made of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Course, User
from grader.exercises.typed import declare
from question_bank import authoring
from question_bank.models import Draft, Question
from question_bank.retyping import made_content
from tests.assessments.admin.conftest import SignedIn
from tests.assessments.admin.forms import sent_by
from tests.cast.code import DECLARED, code_content

pytestmark = pytest.mark.django_db

NEW = "/admin/question_bank/draft/pattern/"
TYPED = {
    "title": DECLARED.title,
    "slug": DECLARED.slug,
    "pattern": DECLARED.pattern,
    "names": "w",
    "p.w.low": "1",
    "p.w.high": "400",
    "p.w.step": "1",
    "p.w.at": "64",
    "p.w.given": "on",
    "function": "attention",
    "probe_n": "1024",
}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def client(author: User, signed_in: SignedIn) -> Client:
    return signed_in(author)


@pytest.fixture
def made(author: User) -> Draft:
    """A draft as typing the pattern makes it."""
    content = code_content() | made_content(DECLARED)
    return authoring.new_question(DECLARED.slug, content, author.pk)


def posted(client: Client, **changed: str) -> Any:
    told = {name.replace("__", "."): value for name, value in changed.items()}
    return client.post(NEW, TYPED | {"do": "make"} | told)


def previewed(client: Client, **changed: str) -> str:
    told = {name.replace("__", "."): value for name, value in changed.items()}
    return client.post(f"{NEW}preview/", TYPED | told).content.decode()


def again(draft: Draft) -> str:
    return reverse("admin:question_bank_draft_pattern", args=[draft.pk])


def test_the_page_of_a_new_question_offers_it(client: Client) -> None:
    page = client.get(reverse("admin:question_bank_draft_add")).content.decode()
    assert f'href="{NEW}"' in page
    assert client.get(NEW).status_code == 200


def test_a_typed_pattern_becomes_a_draft_with_all_that_is_made_of_it(client: Client) -> None:
    answer = posted(client)
    draft = Draft.objects.get(question__slug=DECLARED.slug)
    assert answer.status_code == 302
    assert str(draft.pk) in answer["Location"]
    made = declare(DECLARED)
    assert draft.content["statement"] == made.statement
    assert draft.content["starter"] == made.starter
    assert draft.content["exercise"] == made.exercise.model_dump(mode="json")
    assert [one["source"] for one in draft.content["solutions"]] == [
        made.model,
        *(wrong.source for wrong in made.wrong),
    ]


def test_a_name_that_is_taken_is_told_at_its_field(client: Client, course: Course) -> None:
    page = posted(client, slug="which-cut").content.decode()
    assert "There is a question which-cut already" in page
    assert not Draft.objects.exists()


def test_as_one_types_the_mask_and_the_remarks_are_shown_and_nothing_is_kept(
    client: Client,
) -> None:
    shown = previewed(client)
    assert "<svg" in shown
    assert "Only correctness and pairs are checked" in shown
    assert not Draft.objects.exists()


def test_before_title_and_name_are_typed_the_exercise_is_shown(client: Client) -> None:
    shown = previewed(client, title="", slug="")
    assert "What is asked, and why" in shown
    page = posted(client, title="", slug="").content.decode()
    assert page.count("Fill this in.") == 2
    assert not Draft.objects.exists()


def test_rows_for_parameters_follow_the_pattern_and_keep_what_was_typed(client: Client) -> None:
    shown = previewed(client, pattern="causal & (window(w) | sinks(s))", p__w__high="300")
    assert 'name="p.s.low" value="1"' in shown
    assert 'name="p.w.high" value="300"' in shown
    assert 'id="parameters"' not in previewed(client, p__w__high="300")


def test_rows_stay_while_a_pattern_is_half_typed(client: Client) -> None:
    page = posted(client, pattern="causal & window(w) |", p__w__high="300").content.decode()
    assert 'name="p.w.high" value="300"' in page


@pytest.mark.parametrize(
    ("field", "changed", "told"),
    [
        ("pattern", {"pattern": "causal & windw(w)"}, "windw"),
        ("pattern", {"pattern": "window(w) - causal"}, "sees no key"),
        ("pattern", {"pattern": " | ".join(["window(w)"] * 50)}, "at most 400 characters"),
        ("parameters", {"p__w__low": "500"}, "upside down"),
        ("parameters", {"p__w__at": "few"}, "w, counted at: Type a whole number"),
        ("parameters", {"p__w__at": "401"}, "never drawn"),
        ("probe_n", {"probe_n": "9"}, "from 64 to 2048"),
        ("function", {"function": "lambda"}, "taken by Python"),
        ("slug", {"slug": "Not A Slug"}, "not a slug"),
        ("work", {"work": "on", "p__w__high": "4000", "p__w__at": "3000"}, "too little to skip"),
        (
            "pattern",
            {"pattern": "causal & (random_blocks(w, 2, 7) | window(3))", "p__w__at": "1"}
            | {"work": "on"},
            "takes too long",
        ),
    ],
)
def test_what_makes_no_exercise_is_told_at_its_field(
    client: Client, field: str, changed: dict[str, str], told: str
) -> None:
    for page in (previewed(client, **changed), posted(client, **changed).content.decode()):
        _before, _, after = page.partition(f'id="told-{field}"')
        assert told in after.partition("</div>")[0]
    assert not Draft.objects.exists()


def test_hostile_texts_are_escaped(client: Client) -> None:
    changed = {"title": HOSTILE, "pattern": HOSTILE, "function": HOSTILE, "probe_n": HOSTILE}
    assert HOSTILE not in previewed(client, **changed)
    assert HOSTILE not in posted(client, **changed).content.decode()


def test_only_authors_type_patterns(made: Draft, reviewer: User, signed_in: SignedIn) -> None:
    client = signed_in(reviewer)
    for path in (NEW, f"{NEW}preview/", again(made), f"{again(made)}preview/"):
        assert client.post(path, TYPED).status_code == 403
        assert client.get(path).status_code in {403, 405}


# The draft's form


def test_the_form_shows_the_facts_of_the_exercise(client: Client, made: Draft) -> None:
    page = client.get(reverse("admin:question_bank_draft_change", args=[made.pk])).content.decode()
    assert "attention(q, k, v, w)" in page
    assert "63,520 at n = 1024, w = 64: 6.1% of all" in page
    assert again(made) in page
    assert "c.typed" not in page


def test_solutions_are_edited_in_the_form_and_the_rest_stays(client: Client, made: Draft) -> None:
    address = reverse("admin:question_bank_draft_change", args=[made.pk])
    sent = sent_by(client.get(address).content)
    changed = {"c.solutions.1.source": "def attention():\r\n    ...\r\n", "do": "save"}
    assert client.post(address, sent | changed).status_code == 302
    before, now = made.content, Draft.objects.get().content
    assert now["solutions"][1] == before["solutions"][1] | {"source": "def attention():\n    ...\n"}
    assert now | {"solutions": before["solutions"]} == before


# Typing it again


def test_a_draft_that_nobody_changed_is_made_anew_as_a_whole(client: Client, made: Draft) -> None:
    sent = sent_by(client.get(again(made)).content)
    assert sent["pattern"] == DECLARED.pattern
    answer = client.post(again(made), sent | {"pattern": "window(w)", "do": "make"})
    assert answer.status_code == 302
    other = DECLARED.model_copy(update={"pattern": "window(w)"})
    made.refresh_from_db()
    assert made.content == code_content() | made_content(other)


@pytest.mark.parametrize("ticked", [False, True])
def test_what_was_changed_by_hand_is_made_anew_only_where_that_is_ticked(
    client: Client, made: Draft, author: User, ticked: bool
) -> None:
    own = made.content | {"statement": "My own words."}
    authoring.save_draft(made, own, author.pk, revision=1)
    page = client.get(again(made)).content
    assert b"Make the statement anew" in page
    assert b"Make the starter anew" not in page
    anew = {"anew.statement": "on"} if ticked else {}
    sent = sent_by(page) | anew | {"pattern": "window(w)", "do": "make"}
    client.post(again(made), sent)
    made.refresh_from_db()
    assert (made.content["statement"] == "My own words.") is not ticked
    assert made.content["exercise"]["pattern"] == "window(w)"


def test_what_somebody_saved_meanwhile_is_not_overwritten(
    client: Client, made: Draft, author: User
) -> None:
    sent = sent_by(client.get(again(made)).content)
    authoring.save_draft(made, made.content | {"title": "Theirs"}, author.pk, revision=1)
    answer = client.post(again(made), sent | {"pattern": "window(w)", "do": "make"})
    assert "has saved this draft since you opened it" in answer.content.decode()
    made.refresh_from_db()
    assert made.content["title"] == "Theirs"
    assert made.content["exercise"]["pattern"] == DECLARED.pattern


def test_a_built_in_exercise_can_give_way_to_a_typed_one(
    client: Client, course: Course, author: User
) -> None:
    draft = authoring.draft_of(Question.objects.get(slug="sliding-window"), author.pk)
    page = client.get(again(draft)).content
    assert b"Make the statement anew" in page
    anew = {"anew.statement": "on", "anew.starter": "on", "anew.solutions": "on"}
    client.post(again(draft), sent_by(page) | TYPED | anew | {"do": "make"})
    draft.refresh_from_db()
    assert draft.content["exercise"]["slug"] == "sliding-window"
    assert draft.content["exercise"]["pattern"] == DECLARED.pattern
    assert len(draft.content["solutions"]) > 2


def test_a_draft_of_another_kind_has_no_pattern_page(client: Client, draft: Draft) -> None:
    assert client.get(again(draft)).status_code == 404


@pytest.mark.parametrize("title", ["", " ", "x" * 200])
def test_a_draft_whose_title_is_no_good_yet_is_made_anew_all_the_same(
    client: Client, made: Draft, author: User, title: str
) -> None:
    authoring.save_draft(made, made.content | {"title": title}, author.pk, revision=1)
    sent = sent_by(client.get(again(made)).content)
    assert (
        client.post(again(made), sent | {"pattern": "window(w)", "do": "make"}).status_code == 302
    )
    made.refresh_from_db()
    assert made.content["title"] == title
    assert made.content["exercise"]["pattern"] == "window(w)"
