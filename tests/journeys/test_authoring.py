"""An author writes a number question from nothing to published, and sees it as they type."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from assessments.models import Course, User
from question_bank import authoring
from question_bank.models import Question
from question_bank.roles import EDITORS, make_roles
from tests.journeys.conftest import Visitor
from tests.journeys.test_every_page import NARROW, WIDE, barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(course: Course) -> User:
    make_roles()
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def add(page: Page, name: str) -> None:
    page.locator(f'button[value="add:{name}"]').click()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f'[name="c.{name.replace("__", ".")}"]').fill(value)


def test_a_number_question_is_written_from_nothing_to_published(
    visitor: Visitor, editor: User
) -> None:
    with visitor.at("/admin/question_bank/draft/add/", editor) as page:
        page.get_by_label("Number:").check()
        page.get_by_label("Title").fill("Keys in a short window")
        expect(page.get_by_label("Slug")).to_have_value("keys-in-a-short-window")
        page.get_by_role("button", name="Begin a draft").click()
        add(page, "c.concepts")
        page.locator('[name="c.concepts.0"]').select_option("local-window")
        add(page, "c.parameters")
        fill(page, parameters__0__name="w", parameters__0__low="2", parameters__0__high="9")
        add(page, "c.answer.total")
        fill(page, answer__total__n="16", difficulty="2", source="Written here.")
        fill(page, stem="How many pairs has a causal window of [[w]] over 16 tokens?")
        fill(page, explanation="There are [[answer]].", pattern="causal & windw(w)")
        expect(page.get_by_text("At character 10")).to_be_visible()
        fill(page, pattern="causal & window(w)")
        expect(page.locator('[data-mask="c.pattern"] svg')).to_be_visible()
        expect(page.locator("[data-shown]")).to_contain_text("causal window of")
        page.get_by_role("button", name="Hand in and publish").click()
        expect(page.get_by_text("Published.")).to_be_visible()
    live = Question.objects.get(slug="keys-in-a-short-window").live
    assert live is not None
    assert live.content["pattern"] == "causal & window(w)"


@pytest.mark.parametrize(
    "slug", ["keys-of-one-query", "case-long-conversations", "flash-in-a-design-review"]
)
def test_the_form_of_a_draft_is_without_barriers(visitor: Visitor, editor: User, slug: str) -> None:
    draft = authoring.draft_of(Question.objects.get(slug=slug), editor.pk)
    with visitor.at(f"/admin/question_bank/draft/{draft.pk}/change/", editor) as page:
        for scheme, size in (("light", WIDE), ("dark", NARROW)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert barriers(page) == []
