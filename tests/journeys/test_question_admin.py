"""The pages of questions in the admin: no barrier that axe finds, no scrolling sideways."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Course, Grading, User
from assessments.services import record_verdict
from assessments.services.jobs import job_for, token_digest
from grader.contract import Failure
from question_bank import authoring
from question_bank.models import Draft, Question
from tests.cast.questions import put_live
from tests.cast.queues import verdict_of
from tests.journeys.conftest import Visitor
from tests.journeys.test_every_page import all_barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/question_bank/question/"


@pytest.fixture
def admin(course: Course) -> User:
    return User.objects.create_superuser("admin", password="kept-in-the-tests")


@pytest.fixture
def handed_in(learner: User) -> Draft:
    """A question of two versions, another handed in by somebody else than the admin."""
    question = Question.objects.get(slug="masked-dense-flaw")
    put_live(question, title="A title between")
    begun = authoring.draft_of(question, learner.pk)
    changed = begun.content | {"title": "A title to come"}
    draft = authoring.save_draft(begun, changed, learner.pk, revision=1)
    authoring.propose(draft, learner.pk, revision=draft.revision)
    return draft


def pages(*slugs: str) -> list[str]:
    keys = Question.objects.filter(slug__in=slugs).values_list("pk", flat=True)
    return [f"{LIST}{pk}/change/" for pk in keys]


def test_pages_of_questions_are_without_barriers(
    visitor: Visitor, admin: User, handed_in: Draft
) -> None:
    a_kind_each = dict(Question.objects.values_list("kind", "slug")).values()
    paths = pages(*a_kind_each, "masked-dense-flaw")
    assert all_barriers(visitor, [*paths, f"{LIST}import/"], admin) == []


def test_the_list_is_without_barriers(visitor: Visitor, admin: User, handed_in: Draft) -> None:
    paths = [LIST, f"{LIST}?for=approval", f"{LIST}?q=nonsense"]
    found = all_barriers(visitor, paths, admin)
    # The field for searching is Django's own.
    assert [told for told in found if 'id="searchbar"' not in told] == []


def test_a_question_is_approved_and_published_by_keyboard(
    visitor: Visitor, admin: User, handed_in: Draft
) -> None:
    question = handed_in.question
    with visitor.at(pages(question.slug)[0], admin) as page:
        page.get_by_label("Note").first.fill("Read it through.")
        page.get_by_role("button", name="Approve").press("Enter")
        page.get_by_text("Approved; it can be published.").wait_for()
        page.get_by_role("button", name="Publish version 3").press("Enter")
        page.get_by_text("Version 3 is live").wait_for()
    question.refresh_from_db()
    assert question.title == "A title to come"


def test_tags_are_added_to_many_by_way_of_what_will_happen(
    visitor: Visitor, admin: User, course: Course
) -> None:
    with visitor.at(f"{LIST}?kind__exact=choice", admin) as page:
        page.locator("#action-toggle").check()
        page.get_by_label("Action:").select_option("add-tags")
        page.get_by_role("button", name="Go").click()
        page.get_by_label("Tags to add").fill("exam")
        page.get_by_role("button", name="Show what will happen").click()
        page.get_by_role("button", name="Add the tags").click()
        page.get_by_text("0 refused").wait_for()
    tagged = Question.objects.filter(tags__name="exam")
    assert set(tagged) == set(Question.objects.filter(kind="choice"))


def type_a_pattern(page: Page) -> None:
    page.get_by_role("link", name="Code exercise from a pattern").click()
    page.wait_for_url("**/pattern/")
    page.get_by_label("Title").fill("A causal window")
    expect(page.get_by_label("Name")).to_have_value("a-causal-window")
    page.get_by_label("Pattern", exact=True).fill("causal & windw(w)")
    expect(page.locator("#told-pattern")).to_contain_text("windw")
    page.get_by_label("Pattern", exact=True).fill("causal & window(w)")
    expect(page.locator("#pattern-preview svg")).to_be_visible()
    expect(page.get_by_role("group", name="Parameter w")).to_be_visible()
    page.get_by_label("Work is bounded").uncheck()
    expect(page.get_by_text("Only correctness and pairs are checked")).to_be_visible()
    page.get_by_role("button", name="Begin a draft").click()


def give_verdicts(question: Question) -> None:
    """Let every solution of the trial get the verdict that is expected of it, as machines do."""
    token = "a-token-of-the-tests"
    for grading in Grading.objects.filter(submission__attempt__question=question).order_by("pk"):
        solutions = grading.submission.attempt.version.content["solutions"]
        (expected,) = solutions[grading.submission.number - 1]["expected"]
        Grading.objects.filter(pk=grading.pk).update(token_digest=token_digest(token))
        failure = None if expected == "passed" else Failure(expected)
        assert record_verdict(verdict_of(job_for(grading, token), failure))


def test_a_typed_pattern_is_published_only_after_its_trial(
    visitor: Visitor, admin: User, learner: User
) -> None:
    with visitor.at("/admin/question_bank/draft/add/", admin) as page:
        type_a_pattern(page)
        page.locator('[name="c.difficulty"]').fill("3")
        page.get_by_role("button", name="Hand in", exact=True).click()
        expect(page.get_by_text("Handed in.")).to_be_visible()
        question = Question.objects.get(slug="a-causal-window")
        page.goto(pages(question.slug)[0])
        expect(page.get_by_text("Run the trial of version 1 first")).to_be_visible()
        expect(page.get_by_role("button", name="Publish version 1")).to_have_count(0)
        page.get_by_role("button", name="Run the trial").click()
        expect(page.locator("#trial-words")).to_contain_text("It is being graded")
        give_verdicts(question)
        expect(page.locator("#trial-words")).to_contain_text("It passed")
        page.get_by_role("button", name="Publish version 1").click()
        expect(page.get_by_text("Version 1 is live")).to_be_visible()
    question.refresh_from_db()
    assert question.live is not None


def test_the_pages_of_a_typed_exercise_are_without_barriers(
    visitor: Visitor, admin: User, course: Course
) -> None:
    with visitor.at("/admin/question_bank/draft/add/", admin) as page:
        type_a_pattern(page)
        page.locator('[name="c.difficulty"]').fill("3")
        page.get_by_role("button", name="Hand in", exact=True).click()
        question = Question.objects.get(slug="a-causal-window")
        page.goto(pages(question.slug)[0])
        page.get_by_role("button", name="Run the trial").click()
        expect(page.locator("#trial-words")).to_contain_text("It is being graded")
        give_verdicts(question)
        expect(page.locator("#trial-words")).to_contain_text("It passed")
    draft = Draft.objects.get(question=question).pk
    drafts = "/admin/question_bank/draft/"
    paths = [
        *(f"{drafts}pattern/", f"{drafts}{draft}/pattern/", f"{drafts}{draft}/change/"),
        *pages(question.slug),
        f"/submissions/{Grading.objects.earliest('pk').submission_id}/",
    ]
    assert all_barriers(visitor, paths, admin) == []
