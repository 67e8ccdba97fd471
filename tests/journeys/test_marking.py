"""A text on its way: written by a learner, marked in the admin by keyboard, read by the learner."""

import pytest
from playwright.sync_api import expect

from assessments.models import Course, Enrolment, User
from assessments.services import mark_text
from question_bank.models import Question
from tests.cast.essays import HALF, essay, given, handed_in
from tests.journeys.conftest import Visitor
from tests.journeys.test_every_page import NARROW, WIDE, barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/assessments/waitingtext/"


@pytest.fixture
def question(course: Course) -> Question:
    return essay(course)


@pytest.fixture
def assistant(course: Course) -> User:
    user = User.objects.create_user("assistant", is_staff=True)
    Enrolment.objects.create(user=user, course=course, role=Enrolment.Role.ASSISTANT)
    return user


def test_a_text_is_written_marked_and_its_comments_read(
    visitor: Visitor, learner: User, assistant: User, question: Question
) -> None:
    with visitor.at(f"/questions/{question.slug}/", learner) as page:
        page.get_by_label("Your text").fill("The cache grows with n.")
        page.get_by_role("button", name="Hand in").last.click()
        expect(page.get_by_text("100 % of the credit waits for a person")).to_be_visible()
    with visitor.at(LIST, assistant) as page:
        expect(page.get_by_text("1 answer waits for a person")).to_be_visible()
        page.get_by_role("link", name=question.title).click()
        expect(page.get_by_text("The cache grows with n.")).to_be_visible()
        assert "learner" not in page.locator("#content").inner_text().replace("The learner", "")
        page.keyboard.press("2")
        page.keyboard.press("2")
        page.keyboard.type("Which number?")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("No other answer to this question waits.")).to_be_visible()
    with visitor.at(f"/questions/{question.slug}/", learner) as page:
        expect(page.get_by_text("Marked: 50 % of the credit.")).to_be_visible()
        expect(page.get_by_text("Which number?")).to_be_visible()
        expect(page.get_by_text("Marked by an assistant")).to_be_visible()
        assert barriers(page) == []


def test_marking_without_script(
    visitor: Visitor, learner: User, assistant: User, question: Question
) -> None:
    response = handed_in(learner, question)
    with visitor.at(f"{LIST}{response.pk}/change/", assistant, java_script_enabled=False) as page:
        page.get_by_label("3 The cause, with its number.").check()
        page.get_by_label("1", exact=True).check()
        page.get_by_role("button", name="Save and next").click()
        expect(page.get_by_text("No other answer to this question waits.")).to_be_visible()


def test_the_pages_of_marking_are_without_barriers(
    visitor: Visitor, learner: User, assistant: User, question: Question
) -> None:
    first = handed_in(learner, question)
    mark_text(first, assistant, given(HALF, cause="Which number?"), comment="Go on.", seen=None)
    second = handed_in(learner, question, "It grows with every token.")
    ledger = "/admin/assessments/rubricmark/"
    paths = [LIST, f"{LIST}{first.pk}/change/", f"{LIST}{second.pk}/change/?names=1", ledger]
    told = []
    with visitor.at(LIST, assistant) as page:
        for path in paths:
            page.goto(path)
            for scheme, size in (("light", WIDE), ("dark", NARROW)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(size)
                told += barriers(page)
    assert told == []


def test_two_markers_of_one_text_see_both(
    visitor: Visitor, learner: User, assistant: User, question: Question, course: Course
) -> None:
    other = User.objects.create_user("other", is_staff=True)
    Enrolment.objects.create(user=other, course=course, role=Enrolment.Role.INSTRUCTOR)
    response = handed_in(learner, question)
    with visitor.at(f"{LIST}{response.pk}/change/", assistant) as page:
        mark_text(response, other, given(HALF, cause="Theirs."), seen=None)
        page.get_by_label("3 The cause, with its number.").check()
        page.get_by_label("1", exact=True).check()
        page.get_by_label("Comment on all of it").fill("Mine.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody else has marked this text")
        expect(page.get_by_role("heading", name="What stands now")).to_be_visible()
        expect(page.get_by_label("Comment on all of it")).to_have_value("Mine.")
        assert barriers(page) == []
    visitor.complaints.clear()  # the browser itself reports the 409
