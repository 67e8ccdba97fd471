"""Writing questions in the admin: every kind has a form, and nothing typed is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Course, User
from question_bank import authoring
from question_bank.courses import BUILT_IN
from question_bank.kinds import KINDS
from question_bank.models import Draft, Question
from question_bank.roles import AUTHORS, EDITORS
from tests.assessments.admin.forms import sent_by
from tests.cast.courses import loaded

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
Post = Callable[..., Any]


def member(name: str, group: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def author() -> User:
    return member("author", AUTHORS)


@pytest.fixture
def draft(course: Course, author: User) -> Draft:
    return authoring.draft_of(Question.objects.get(slug="keys-seen"), author.pk)


def address(draft: Draft) -> str:
    return reverse("admin:question_bank_draft_change", args=[draft.pk])


@pytest.fixture
def post(client: Client, author: User, draft: Draft) -> Post:
    """Open the draft's form, change what is named, press a button."""
    client.force_login(author)

    def press(button: str, **changed: str) -> Any:
        page = sent_by(client.get(address(draft)).content)
        fields = {name.replace("__", "."): value for name, value in changed.items()}
        return client.post(address(draft), page | fields | {"do": button})

    return press


def kept(draft: Draft) -> dict[str, Any]:
    draft.refresh_from_db()
    return dict(draft.content)


def test_every_question_of_the_built_in_course_is_saved_as_it_was(
    client: Client, author: User
) -> None:
    loaded(BUILT_IN)
    client.force_login(author)
    changed = []
    for question in Question.objects.all():
        draft = authoring.draft_of(question, author.pk)
        before = json.dumps(draft.content, sort_keys=True)
        sent = sent_by(client.get(address(draft)).content)
        assert client.post(address(draft), sent | {"do": "save"}).status_code == 302
        if json.dumps(kept(draft), sort_keys=True) != before or draft.revision != 1:
            changed.append(question.slug)
    assert changed == []
    assert {draft.question.kind for draft in Draft.objects.all()} == set(KINDS)


def test_a_changed_field_is_saved(post: Post, draft: Draft) -> None:
    post("save", c__title="Another title")
    assert kept(draft)["title"] == "Another title"
    assert draft.revision == 2


def test_a_row_is_added_without_script_and_nothing_typed_is_lost(post: Post, draft: Draft) -> None:
    count = len(draft.content["misconceptions"])
    sent = sent_by(post("add:c.misconceptions", c__title="Typed").content)
    assert sent["c.misconceptions.rows"] == str(count + 1)
    assert sent["c.title"] == "Typed"
    assert kept(draft)["title"] != "Typed"


def test_rows_are_moved_and_removed_without_script(post: Post, draft: Draft) -> None:
    rows = {"c__concepts__rows": "3"}
    rows |= {f"c__concepts__{place}": name for place, name in enumerate("abc")}
    moved = sent_by(post("up:c.concepts:1", **rows).content)
    assert [moved[f"c.concepts.{place}"] for place in range(3)] == ["b", "a", "c"]
    left = sent_by(post("remove:c.concepts:1", **rows).content)
    assert [left[f"c.concepts.{place}"] for place in range(2)] == ["a", "c"]
    assert left["c.concepts.rows"] == "2"


def test_a_button_for_rows_that_are_not_there_changes_nothing(post: Post, draft: Draft) -> None:
    before = kept(draft)
    for button in ("up:c.nothing:1", "remove:c.concepts:99", "add:", "down:c.concepts:x"):
        assert post(button).status_code == 200
    assert kept(draft) == before


def test_a_number_typed_wrongly_is_kept_and_told_at_its_field(
    client: Client, post: Post, draft: Draft
) -> None:
    post("save", c__difficulty="two or three")
    assert kept(draft)["difficulty"] == "two or three"
    page = client.get(address(draft)).content.decode()
    assert 'href="#c.difficulty"' in page
    assert 'value="two or three"' in page
    assert 'aria-invalid="true"' in page


def test_a_stale_form_shows_both_texts_and_saves_on_the_second_press(
    client: Client, post: Post, draft: Draft, author: User
) -> None:
    sent = sent_by(client.get(address(draft)).content)
    authoring.save_draft(draft, draft.content | {"title": "Theirs"}, author.pk, revision=1)
    answer = client.post(address(draft), sent | {"c.title": "Mine", "do": "save"})
    page = answer.content.decode()
    assert "<del>Theirs</del>" in page
    assert "<ins>Mine</ins>" in page
    assert kept(draft)["title"] == "Theirs"
    client.post(address(draft), sent_by(answer.content) | {"do": "save"})
    assert kept(draft)["title"] == "Mine"


def test_hostile_texts_are_escaped_in_form_and_preview(
    client: Client, post: Post, draft: Draft
) -> None:
    texts = dict.fromkeys(["c__title", "c__stem", "c__explanation", "c__pattern"], HOSTILE)
    assert HOSTILE not in post("preview", **texts).content.decode()
    sent = sent_by(client.get(address(draft)).content) | {"c.stem": HOSTILE, "c.title": HOSTILE}
    preview = reverse("admin:question_bank_draft_preview", args=[draft.pk])
    shown = client.post(preview, sent).content.decode()
    assert HOSTILE not in shown
    assert "&lt;script&gt;" in shown


def test_the_preview_draws_the_mask_and_keeps_nothing(
    client: Client, post: Post, draft: Draft
) -> None:
    before = kept(draft)
    sent = sent_by(client.get(address(draft)).content) | {"c.title": "Not saved"}
    preview = reverse("admin:question_bank_draft_preview", args=[draft.pk])
    shown = client.post(preview, sent).content.decode()
    assert "<svg" in shown
    assert "Not saved" in shown
    assert kept(draft) == before


def test_a_fault_in_a_pattern_is_told_with_its_place(post: Post) -> None:
    page = post("preview", c__pattern="causal & windw(4)").content.decode()
    assert "At character 10" in page


def test_handing_in_tells_the_failures_of_the_author_tests(post: Post, draft: Draft) -> None:
    tests = {"c__tests__rows": "1", "c__tests__0__answer": "-5", "c__tests__0__credit": "1"}
    page = post("propose", **tests).content.decode()
    assert "test 1, variant 0" in page
    assert kept(draft)["tests"] == [{"answer": "-5", "credit": "1"}]
    assert draft.proposed is None


def test_handing_in_makes_a_version(post: Post, draft: Draft) -> None:
    post("propose", c__title="Another title")
    draft.refresh_from_db()
    assert draft.proposed is not None
    assert draft.proposed.content["title"] == "Another title"


def test_an_author_does_not_publish(post: Post, draft: Draft) -> None:
    assert post("publish", c__title="Another title").status_code == 403


def test_an_editor_hands_in_and_publishes(client: Client, draft: Draft) -> None:
    client.force_login(member("editor", EDITORS))
    sent = sent_by(client.get(address(draft)).content)
    client.post(address(draft), sent | {"c.title": "Live now", "do": "publish"})
    live = Question.objects.get(slug="keys-seen").live
    assert live is not None
    assert live.content["title"] == "Live now"


def test_a_discarded_draft_is_gone(post: Post, draft: Draft) -> None:
    post("discard:yes")
    assert not Draft.objects.exists()


def test_discarding_asks_first_and_says_what_is_lost(
    client: Client, post: Post, draft: Draft
) -> None:
    post("save", c__title="Another title")
    asked = post("discard", c__stem="Not saved").content.decode()
    assert Draft.objects.exists()
    assert "<li>title</li>" in asked
    assert "have not saved is lost too: stem" in asked
    assert "stays live" in asked
    kept_typed = post("preview", c__stem="Not saved").content
    assert sent_by(kept_typed)["c.stem"] == "Not saved"


def test_discarding_says_when_the_draft_was_saved_and_in_which_zone(
    post: Post, draft: Draft
) -> None:
    post("save", c__title="Another title")
    with override_settings(TIME_ZONE="Asia/Tokyo"):
        timezone.get_default_timezone.cache_clear()
        draft.refresh_from_db()
        at = timezone.localtime(draft.saved_at)
        asked = post("discard").content.decode()
    timezone.get_default_timezone.cache_clear()
    assert f"on {at.day} {at:%b %Y, %H:%M} JST. This cannot be undone." in asked


def test_a_draft_saved_meanwhile_is_not_discarded_unseen(
    client: Client, post: Post, draft: Draft, author: User
) -> None:
    sent = sent_by(client.get(address(draft)).content)
    authoring.save_draft(draft, draft.content | {"title": "Theirs"}, author.pk, revision=1)
    asked = client.post(address(draft), sent | {"do": "discard:yes"}).content.decode()
    assert "has been saved since you opened it" in asked
    assert Draft.objects.exists()


def test_the_preview_brings_the_problems_of_the_fields_as_typed(
    client: Client, post: Post, draft: Draft
) -> None:
    sent = sent_by(client.get(address(draft)).content)
    preview = reverse("admin:question_bank_draft_preview", args=[draft.pk])
    wrong = client.post(preview, sent | {"c.difficulty": "nine"}).content.decode()
    assert '<template data-told-of="c.difficulty"><p class="draft-problem">Write a whole' in wrong
    assert 'href="#c.difficulty"' in wrong
    assert "data-told-of" not in client.post(preview, sent).content.decode()


def test_folder_and_tags_are_the_questions(post: Post, draft: Draft) -> None:
    post("save", folder="masks/easy", tags="exam, warm up")
    question = Question.objects.get(pk=draft.question_id)
    assert question.folder == "masks/easy"
    assert set(question.tags.values_list("name", flat=True)) == {"exam", "warm up"}


def test_a_folder_that_is_too_long_is_told_and_nothing_is_cut(post: Post, draft: Draft) -> None:
    page = post("save", folder="x" * 300).content.decode()
    assert "Shorten the path" in page
    assert "x" * 300 in page
    assert Question.objects.get(pk=draft.question_id).folder == ""


@pytest.mark.parametrize(
    "kind",
    ["choice", "multi", "matching", "numeric", "short", "ordering", "essay", "case", "design"],
)
def test_a_new_question_of_each_kind_begins_with_its_form(
    client: Client, author: User, kind: str
) -> None:
    client.force_login(author)
    named = {"kind": kind, "title": "A new one", "slug": "a-new-one"}
    answer = client.post(reverse("admin:question_bank_draft_add"), named, follow=True)
    assert answer.status_code == 200
    assert sent_by(answer.content)["c.title"] == "A new one"
    assert Question.objects.get(slug="a-new-one").kind == kind


def test_a_draft_of_a_live_question_is_begun_and_duplicated(
    client: Client, course: Course, author: User
) -> None:
    client.force_login(author)
    question = Question.objects.get(slug="which-cut")
    client.post(reverse("admin:question_bank_draft_begin", args=[question.pk]))
    assert Draft.objects.get().question == question
    client.post(
        reverse("admin:question_bank_draft_duplicate", args=[question.pk]), {"slug": "copied"}
    )
    assert Draft.objects.get(question__slug="copied").content["title"].endswith("(copy)")


def test_who_may_only_look_changes_nothing(client: Client, draft: Draft, author: User) -> None:
    looker = User.objects.create_user("looker", is_staff=True)

    looker.user_permissions.add(Permission.objects.get(codename="view_question"))
    client.force_login(looker)
    page = client.get(address(draft))
    assert page.status_code == 200
    assert client.post(address(draft), sent_by(page.content) | {"do": "save"}).status_code == 403
    begin = reverse("admin:question_bank_draft_begin", args=[draft.question_id])
    assert client.post(begin).status_code == 403
    assert client.get(reverse("admin:question_bank_draft_add")).status_code == 403


def test_a_count_that_would_take_long_is_refused_beforehand(post: Post) -> None:
    asked = {"c__pattern": "blocks(3, 1) | window(9)", "c__answer__total__rows": "1"}
    asked |= {"c__answer__row_count__rows": "0"}
    page = post("preview", **asked, c__answer__total__n="1000000").content.decode()
    assert "pattern: counting this in every variant takes too long" in page


def test_what_learners_may_set_in_a_design_is_edited(client: Client, author: User) -> None:
    loaded(BUILT_IN)
    question = Question.objects.get(slug="design-long-context-low-latency")
    design = authoring.draft_of(question, author.pk)
    client.force_login(author)
    sent = sent_by(client.get(address(design)).content)
    assert sent["c.form.dense"] == "0 to 32"
    assert sent["c.form.bits"] == "16, 8, 4"
    assert sent["c.form.batch"] == "8"
    assert sent["c.model"] == "llama-3-8b"
    changed = {"c.form.batch": "4 to 8", "c.form.bits": "8,", "c.weight_bits": "8"}
    client.post(address(design), sent | changed | {"do": "save"})
    form = kept(design)["form"]
    assert form["batch"] == {"least": 4, "most": 8, "one_of": []}
    assert form["bits"] == {"least": None, "most": None, "one_of": [8]}
    assert design.content["weight_bits"] == 8


def test_bounds_that_cannot_be_read_stay_as_typed_and_are_told_at_their_field(
    client: Client, author: User
) -> None:
    loaded(BUILT_IN)
    question = Question.objects.get(slug="design-long-context-low-latency")
    design = authoring.draft_of(question, author.pk)
    client.force_login(author)
    sent = sent_by(client.get(address(design)).content)
    client.post(address(design), sent | {"c.form.batch": "a few", "do": "save"})
    assert kept(design)["form"]["batch"] == "a few"
    answer = client.get(address(design)).content
    # Once in the list above the form, once in what the preview would put in its place.
    assert answer.decode().count('href="#c.form.batch"') == 2
    assert "what learners may set: 0 to 32" in answer.decode()
    client.post(address(design), sent_by(answer) | {"c.form.batch": "9 to 8", "do": "save"})
    page = client.get(address(design)).content.decode()
    assert "give least and most, the first no more than the second" in page
    assert "valid integer" not in page
