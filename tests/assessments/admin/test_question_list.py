"""The list of questions: states, use, filters, search, and who finds what waits for them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.admin.questions.usage import share_solved, with_usage
from assessments.models import Course, User
from assessments.services import attempt_for, record_response
from assessments.services.question_states import told, with_states
from question_bank import authoring
from question_bank.kinds import Answerable
from question_bank.models import Draft, Question
from question_bank.variants import variant_of
from tests.assessments.admin.conftest import SignedIn
from tests.cast.people import person
from tests.cast.questions import published
from tests.question_bank.test_case import CHOICE

pytestmark = pytest.mark.django_db

LIST = "/admin/question_bank/question/"


def slugs(client: Client, **asked: object) -> list[str]:
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [row.slug for row in response.context["cl"].result_list]


def state_of(slug: str) -> str:
    return told(with_states(Question.objects.filter(slug=slug)).get())


def test_a_draft_is_told_beside_what_is_live(draft: Draft) -> None:
    assert state_of("which-cut") == "live v1; draft"
    assert state_of("keys-seen") == "live v1"


def test_what_is_handed_in_is_told_until_it_is_approved(handed_in: Draft, reviewer: User) -> None:
    assert state_of("which-cut") == "live v1; v2 handed in"
    authoring.approve(handed_in, reviewer.pk)
    assert state_of("which-cut") == "live v1; v2 approved"


def test_withdrawn_is_not_the_same_as_never_live(question: Question, author: User) -> None:
    authoring.withdraw(question, author.pk)
    authoring.new_question("fresh", CHOICE, author.pk)
    assert state_of("which-cut") == "withdrawn"
    assert state_of("fresh") == "never live; draft"


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("live", ["keys-seen", "sliding-window", "which-cut"]),
        ("draft", ["fresh", "which-cut"]),
        ("waiting", ["which-cut"]),
        ("approved", []),
        ("withdrawn", ["gone"]),
        ("never", ["fresh"]),
    ],
)
def test_each_state_finds_its_own(
    admin_client: Client,
    course: Course,
    handed_in: Draft,
    author: User,
    state: str,
    found: list[str],
) -> None:
    authoring.new_question("fresh", CHOICE, author.pk)
    authoring.withdraw(published(course, "gone", CHOICE), author.pk)
    assert sorted(slugs(admin_client, state=state)) == found


def test_what_is_approved_waits_no_more(
    admin_client: Client, handed_in: Draft, reviewer: User
) -> None:
    authoring.approve(handed_in, reviewer.pk)
    assert slugs(admin_client, state="waiting") == []
    assert slugs(admin_client, state="approved") == ["which-cut"]


def test_a_folder_finds_what_is_below_it_and_not_what_begins_like_it(
    admin_client: Client, course: Course
) -> None:
    for slug, folder in (("which-cut", "a/b"), ("keys-seen", "a"), ("sliding-window", "ab")):
        Question.objects.filter(slug=slug).update(folder=folder)
    assert sorted(slugs(admin_client, folder="a")) == ["keys-seen", "which-cut"]
    assert slugs(admin_client, folder="a/b") == ["which-cut"]


def test_a_course_finds_its_questions(admin_client: Client, course: Course, author: User) -> None:
    authoring.new_question("fresh", CHOICE, author.pk)
    assert slugs(admin_client, course="none") == ["fresh"]
    assert len(slugs(admin_client, course=course.pk)) == 3


def test_use_counts_attempts_and_the_share_with_full_credit(
    admin_client: Client, course: Course, question: Question
) -> None:
    for name, choice in (("one", "1"), ("two", "2"), ("three", "3")):
        attempt = attempt_for(person(name, course), question)
        variant = variant_of(attempt.version, attempt.seed)
        assert isinstance(variant, Answerable)
        record_response(attempt, variant.typed(choice))
    attempt_for(person("four", course), question)
    row = with_usage(Question.objects.filter(slug="which-cut")).get()
    assert (row.in_courses, row.begun) == (1, 4)  # type: ignore[attr-defined]
    assert share_solved(row) == "33 % of 3"
    assert slugs(admin_client, usage="used") == ["which-cut"]
    assert sorted(slugs(admin_client, usage="never")) == ["keys-seen", "sliding-window"]
    assert slugs(admin_client, usage="many") == []


@pytest.mark.parametrize("query", ["which-cut", "Which CUT", "saves time"])
def test_a_question_is_found_by_title_and_slug(
    admin_client: Client, course: Course, query: str
) -> None:
    assert slugs(admin_client, q=query) == ["which-cut"]


def test_a_question_is_found_by_what_it_asks(admin_client: Client, question: Question) -> None:
    assert question.live is not None
    words = " ".join(str(question.live.content["stem"]).split()[:3])
    assert "which-cut" in slugs(admin_client, q=words)


def test_the_course_form_still_finds_questions(admin_client: Client, course: Course) -> None:
    asked = {"app_label": "assessments", "model_name": "courseitem", "field_name": "question"}
    found = admin_client.get(reverse("admin:autocomplete"), asked | {"term": "which-cut"}).json()
    assert [each["text"] for each in found["results"]] == ["Which cut saves time"]


def test_more_questions_take_no_more_queries(admin_client: Client, course: Course) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            slugs(admin_client)
        return len(queries)

    count()
    before = count()
    for number in range(20):
        published(course, f"more-{number}", CHOICE)
    assert count() == before


def test_a_reviewer_sees_how_many_wait_for_them(
    handed_in: Draft, reviewer: User, signed_in: SignedIn
) -> None:
    page = signed_in(reviewer).get(LIST)
    assert "1 waiting for your approval" in page.content.decode()
    assert slugs(signed_in(reviewer), **{"for": "approval"}) == ["which-cut"]


def test_what_one_has_written_waits_for_somebody_else(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    begun = authoring.draft_of(question, editor.pk)
    changed = begun.content | {"title": "Mine"}
    mine = authoring.save_draft(begun, changed, editor.pk, revision=1)
    authoring.propose(mine, editor.pk, revision=mine.revision)
    assert slugs(signed_in(editor), **{"for": "approval"}) == []


def test_without_any_question_the_list_says_how_to_begin(admin_client: Client) -> None:
    assert "write the first question" in admin_client.get(LIST).content.decode()


def test_without_a_fitting_question_the_list_says_how_to_go_on(
    admin_client: Client, course: Course
) -> None:
    assert "No question fits" in admin_client.get(LIST, {"q": "nonsense"}).content.decode()


def test_staff_without_a_role_see_no_question(nobody: User, signed_in: SignedIn) -> None:
    assert signed_in(nobody).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("author", ["add-tags", "remove-tags", "set-folder", "export"]),
        ("reviewer", ["export"]),
        ("editor", ["add-tags", "remove-tags", "set-folder", "publish", "withdraw", "export"]),
    ],
)
def test_each_role_is_offered_what_it_may_do(
    request: pytest.FixtureRequest, signed_in: SignedIn, role: str, offered: list[str]
) -> None:
    page = signed_in(request.getfixturevalue(role)).get(LIST)
    choices = [key for key, _ in page.context["action_form"].fields["action"].choices if key]
    assert choices == offered
