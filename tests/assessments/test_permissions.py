"""Who may open what: every address of the pages and of the admin, asked by the whole cast.

An address without a row in ``PAGES`` or ``MODELS`` fails the first test. The course is closed, so
that to whoever is not in it nothing of it exists; nothing that they get may hold its words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from assessments.models import Accommodation, Course, Enrolment, Grading, Scope, User
from assessments.services import attempt_for, enrol_people, mark_text, record_response, review
from assessments.services.sittings import begin
from assessments.services.tokens import make_token
from assessments.services.votes import vote
from question_bank.models import Question
from tests.assessments.web import verdicts
from tests.cast.essays import ALL as ALL_LEVELS
from tests.cast.essays import essay, given, handed_in
from tests.cast.people import person
from tests.cast.sittings import assessment

LEARNERS = {"owner", "teammate"}
OF_COURSE = {*LEARNERS, "assistant", "instructor"}
MARKERS = {"assistant", "instructor", "admin"}
TEACHERS = {"instructor", "admin"}
STAFF = {"assistant", "instructor", "other instructor", "admin"}
OWN_WORK = {"owner", "assistant", "instructor"}
ALL = {"owner", "teammate", "assistant", "instructor", "other instructor", "stranger", "admin"}
NOBODY: set[str] = set()
ADMIN = {"admin"}
OUTSIDERS = ("other instructor", "stranger", "nobody")
#: Words that only those in the course may read.
SECRETS = ("A small course", "Sliding window", "Which cut", "Keys that one", "owner-of-it")


@dataclass(frozen=True)
class Page:
    """An address, how it is asked for, and who of the cast gets in."""

    name: str
    allowed: set[str]
    kwargs: dict[str, object] = field(default_factory=dict)
    method: str = "get"
    data: dict[str, object] = field(default_factory=dict)
    public: bool = False


PAGES = [
    Page("web:home", ALL),
    Page("web:search", ALL, data={"q": "window"}),
    Page("web:help", ALL, public=True),
    Page("web:tokens", ALL),
    Page("web:revoke_token", {"owner"}, {"pk": "token"}, "post"),
    Page("web:offline", ALL, public=True),
    Page("web:offline_worker", ALL, public=True),
    Page("web:course", OF_COURSE, {"slug": "course"}),
    Page("web:join", OF_COURSE, {"slug": "course"}, "post"),
    Page("web:map", OF_COURSE, {"slug": "course"}),
    Page("web:glossary", OF_COURSE, {"slug": "course"}),
    Page("web:marks", OF_COURSE, {"slug": "course"}),
    Page("web:gradebook", {"assistant", "instructor"}, {"slug": "course"}),
    Page("web:gradebook_file", {"assistant", "instructor"}, {"slug": "course"}),
    Page("web:gradebook_questions", {"assistant", "instructor"},
         {"slug": "course", "assessment": "assessment"}),
    Page("web:gradebook_questions_file", {"assistant", "instructor"},
         {"slug": "course", "assessment": "assessment"}),
    Page("web:mastery", OF_COURSE, {"slug": "course"}),
    Page("web:recalls", OF_COURSE, {"slug": "course"}, "post"),
    Page("web:journal", {"owner"}, {"pk": "attempt"}),
    Page("web:assessment", OF_COURSE, {"course": "course", "slug": "assessment"}),
    Page("web:begin", OF_COURSE, {"course": "course", "slug": "assessment"}, "post",
         {"ready": "on"}),
    Page("web:sitting", {"owner"}, {"pk": "sitting"}),
    Page("web:sitting_page", {"owner"}, {"pk": "sitting", "number": 1}),
    Page("web:sitting_place", {"owner"}, {"pk": "sitting", "place": 0}),
    Page("web:sitting_figures", NOBODY, {"pk": "sitting", "place": 0}, "post"),  # no design in it
    Page("web:summary", {"owner"}, {"pk": "sitting"}),
    Page("web:over", {"owner"}, {"pk": "sitting"}),
    Page("web:hand_in", {"owner"}, {"pk": "sitting"}, "post"),
    Page("web:review", OWN_WORK, {"pk": "sitting"}),
    Page("web:concept", OF_COURSE, {"slug": "concept"}),
    Page("web:pattern", OF_COURSE, {"slug": "concept"}),
    Page("web:vote", OF_COURSE, {"slug": "concept"}, "post", {"helped": "yes"}),
    Page("web:question", OF_COURSE, {"slug": "question"}),
    Page("web:question", OF_COURSE, {"slug": "question"}, "post", {"choice": "0"}),
    Page("web:again", OF_COURSE, {"slug": "question"}, "post"),
    Page("web:figures", NOBODY, {"slug": "question"}, "post"),  # there is no design in this course
    Page("web:answers", OF_COURSE, {"slug": "question"}),
    Page("web:compare", OWN_WORK, {"slug": "code"},
         data={"a": "submission", "b": "submission"}),
    Page("web:reading", ALL, data={"number": "1"}),
    Page("web:history", OF_COURSE, {"slug": "code"}),
    Page("web:submission", OWN_WORK, {"pk": "submission"}),
    Page("web:progress", OWN_WORK, {"pk": "submission"}),
    Page("web:verdict", OWN_WORK, {"pk": "submission"}),
    Page("web:source", OWN_WORK, {"pk": "submission"}),
    Page("admin:index", STAFF),
    Page("admin:password_change", STAFF),
    Page("admin:password_change_done", STAFF),
    Page("admin:jsi18n", STAFF),
    Page("admin:autocomplete", NOBODY),  # without a field to complete, it is for nobody
    Page("admin:view_on_site", NOBODY, {"content_type_id": "1", "object_id": "1"}),
    Page("admin:app_list", STAFF, {"app_label": "assessments"}),
    Page("admin:app_list", ADMIN, {"app_label": "auth"}),
    Page("admin:auth_user_password_change", ADMIN, {"id": "owner"}),
    Page("admin:assessments_course_people", TEACHERS, {"pk": "course_pk"}),
    Page("admin:assessments_course_people_enrol", TEACHERS, {"pk": "course_pk"}, "post",
         {"listed": "stranger", "role": "learner"}),
    Page("admin:assessments_course_people_role", TEACHERS,
         {"pk": "course_pk", "person": "enrolment"}, "post", {"role": "learner"}),
    Page("admin:assessments_course_people_remove", TEACHERS,
         {"pk": "course_pk", "person": "enrolment"}),
    Page("admin:assessments_course_change", TEACHERS, {"object_id": "course_pk"}, "post"),
    Page("admin:assessments_assessment_preview", MARKERS, {"pk": "assessment_pk"}),
    Page("admin:assessments_assessment_do", TEACHERS, {"pk": "assessment_pk", "verb": "publish"},
         "post"),
    Page("admin:assessments_heldgrading_decide", TEACHERS, {"pk": "grading"}, "post"),
    Page("admin:assessments_waitingtext_onward", MARKERS,
         data={"course": "course_pk", "question": "essay"}),
    Page("admin:question_bank_draft_begin", ADMIN, {"pk": "question_pk"}, "post"),
    Page("admin:question_bank_draft_duplicate", ADMIN, {"pk": "question_pk"}, "post"),
    Page("admin:question_bank_draft_preview", ADMIN, {"pk": "draft"}, "post"),
    Page("admin:question_bank_draft_pattern_new", ADMIN, {}, "post"),
    Page("admin:question_bank_draft_pattern_preview", ADMIN, {}, "post"),
    Page("admin:question_bank_draft_pattern", ADMIN, {"pk": "draft"}, "post"),
    Page("admin:question_bank_draft_pattern_again", ADMIN, {"pk": "draft"}, "post"),
    Page("admin:question_bank_question_trial", ADMIN, {"pk": "question_pk", "number": 1}, "post"),
    Page("admin:question_bank_question_bulk", ADMIN, {"name": "publish"}, "post"),
    Page("admin:question_bank_question_do", ADMIN, {"pk": "question_pk", "verb": "publish"},
         "post"),
    Page("admin:question_bank_question_import", ADMIN),
    Page("admin:question_bank_question_import_confirm", ADMIN, {}, "post"),
    Page("admin:question_bank_question_export", ADMIN, {}, "post"),
]  # fmt: skip

#: Of each model's standard pages: who opens the list, one row, the form for a new one, deletes.
MODELS: dict[str, tuple[set[str], set[str], set[str], set[str]]] = {
    "assessments_course": (STAFF, MARKERS, ADMIN, ADMIN),
    "assessments_assessment": (STAFF, MARKERS, STAFF - {"assistant"}, NOBODY),  # it is being sat
    "assessments_accommodation": (STAFF - {"assistant"}, TEACHERS, STAFF - {"assistant"}, TEACHERS),
    "assessments_enrolment": (STAFF, MARKERS, ADMIN, ADMIN),
    "assessments_attempt": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_response": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_submission": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_grading": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_heldgrading": (STAFF - {"assistant"}, TEACHERS, NOBODY, NOBODY),
    "assessments_review": (STAFF, TEACHERS, NOBODY, NOBODY),
    "assessments_rubricmark": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_waitingtext": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_vote": (STAFF, MARKERS, NOBODY, NOBODY),
    "assessments_worker": (ADMIN, ADMIN, NOBODY, NOBODY),
    "assessments_user": (ADMIN, ADMIN, ADMIN, ADMIN),
    "auth_group": (ADMIN, ADMIN, ADMIN, ADMIN),
    "account_emailaddress": (ADMIN, ADMIN, ADMIN, ADMIN),
    "socialaccount_socialaccount": (ADMIN, ADMIN, ADMIN, ADMIN),
    "axes_accessattempt": (ADMIN, ADMIN, NOBODY, ADMIN),
    "axes_accesslog": (ADMIN, ADMIN, NOBODY, ADMIN),
    "axes_accessfailurelog": (ADMIN, ADMIN, NOBODY, ADMIN),
    "question_bank_concept": (ADMIN, ADMIN, ADMIN, ADMIN),
    "question_bank_draft": (ADMIN, ADMIN, ADMIN, ADMIN),
    "question_bank_question": (ADMIN, ADMIN, NOBODY, NOBODY),
    "question_bank_questionversion": (ADMIN, ADMIN, NOBODY, NOBODY),
}
#: Pages of the admin that are for everybody, or lead on to another of its pages.
OPEN = {"admin:login", "admin:logout"}


def standard() -> Iterator[Page]:
    for model, (listed, seen, added, deleted) in MODELS.items():
        yield Page(f"admin:{model}_changelist", listed)
        yield Page(f"admin:{model}_add", added)
        yield Page(f"admin:{model}_change", seen, {"object_id": model})
        yield Page(f"admin:{model}_history", seen, {"object_id": model})
        yield Page(f"admin:{model}_delete", deleted, {"object_id": model})


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}:{pattern.name}"


def test_every_address_has_a_row() -> None:
    ours = {name for name in names(get_resolver()) if name.startswith(("web:", "admin:"))}
    assert ours == {page.name for page in (*PAGES, *standard())} | OPEN


@pytest.fixture
def cast(course: Course, admin_user: User) -> dict[str, User]:
    Course.objects.update(is_open=False)
    other = Course.objects.create(slug="other", title="Other", summary="Another.", is_open=False)
    people = {"admin": admin_user, "stranger": person("stranger")}
    roles = {"assistant": Enrolment.Role.ASSISTANT, "instructor": Enrolment.Role.INSTRUCTOR}
    for name in sorted(OF_COURSE):
        people[name] = person("owner-of-it" if name == "owner" else name)
        enrol_people(course, [people[name]], roles.get(name, Enrolment.Role.LEARNER))
    people["other instructor"] = person("elsewhere")
    enrol_people(other, [people["other instructor"]], Enrolment.Role.INSTRUCTOR)
    return people


@pytest.fixture
def things(cast: dict[str, User], course: Course) -> dict[str, object]:
    """What the addresses are about: all of it the owner's, or the course's."""
    owner = cast["owner"]
    code = attempt_for(owner, Question.objects.get(slug="sliding-window"))
    submission = verdicts.record(verdicts.submission(code), verdicts.passed())
    Grading.objects.update(held="Very fast.", passed=None)
    grading = Grading.objects.get()
    decided = review(grading, cast["instructor"], accepted=True)
    asked = Question.objects.get(slug="which-cut")
    response = record_response(attempt_for(owner, asked), {"choice": "0"})
    exam = assessment(course, "keys-seen", title="A small course's exam")
    sitting = begin(owner, exam)
    accommodation = Accommodation.objects.create(
        learner=owner, course=course, given_by=cast["instructor"], given_at=timezone.now()
    )
    text = handed_in(owner, essay(course))
    mark = mark_text(text, cast["instructor"], given(ALL_LEVELS), seen=None)
    voted = vote(owner, course.concepts.get(slug="window"), helped=True, comment="owner-of-it")
    return {
        "token": make_token(owner, "owner-of-it", [Scope.COURSES_READ], 1)[0].pk,
        "assessments_waitingtext": text.pk, "assessments_rubricmark": mark.pk,
        "assessments_vote": voted.pk, "essay": text.attempt.question_id,
        "assessment:assessment": exam.slug,
        "course:course": course.slug, "slug:assessment": exam.slug, "sitting": sitting.pk,
        "assessment_pk": exam.pk, "assessments_assessment": exam.pk,
        "assessments_accommodation": accommodation.pk,
        "slug:course": course.slug, "slug:concept": "window", "slug:question": asked.slug,
        "slug:code": "sliding-window", "submission": submission.pk, "grading": grading.pk,
        "attempt": code.pk, "course_pk": course.pk, "owner": owner.pk, "question_pk": asked.pk,
        "draft": 10**6, "enrolment": Enrolment.objects.get(user=owner).pk,
        "assessments_course": course.pk, "assessments_attempt": code.pk,
        "assessments_enrolment": Enrolment.objects.get(user=owner).pk,
        "assessments_response": response.pk, "assessments_submission": submission.pk,
        "assessments_grading": grading.pk, "assessments_heldgrading": grading.pk,
        "assessments_review": decided.pk, "assessments_user": owner.pk,
        "question_bank_question": asked.pk, "question_bank_questionversion": asked.live_id,
        "question_bank_concept": course.concepts.first().pk,  # type: ignore[union-attr]
    }  # fmt: skip


def address(page: Page, things: dict[str, object]) -> str:
    filled = {}
    for name, meant in page.kwargs.items():
        value = things.get(f"{name}:{meant}", things.get(str(meant), meant))
        filled[name] = quote(value) if name == "object_id" else value
    return reverse(page.name, kwargs=filled or None)


def got_in(path: str, response: HttpResponse) -> bool:
    """Whether somebody was let in: what they asked for, or on to a page that follows from it."""
    if response.get("HX-Refresh"):
        return False  # a part of a page that sends its page to the log-in
    if response.status_code == 302:
        leads = response["Location"]
        away = (settings.LOGIN_URL, "/accounts/login/", "/admin/login/")
        # What the admin does not find, it answers by its index.
        return not leads.startswith(away) and leads != "/admin/"
    return response.status_code < 400


def asked(page: Page, path: str, user: User | None, things: dict[str, object]) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    data = {name: things.get(str(value), value) for name, value in page.data.items()}
    return getattr(client, page.method)(path, data)


def label(page: Page) -> str:
    return f"{page.method} {page.name} {' '.join(str(each) for each in page.kwargs.values())}"


_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
#: Rows that exist in this cast; the others have the standing pages of Django or of libraries.
WITHOUT_A_ROW = {
    *("auth_group", "account_emailaddress", "socialaccount_socialaccount"),
    *("axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"),
    *("assessments_worker", "question_bank_draft"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PAGES, *standard()], ids=label)
def test_an_address_lets_in_those_of_its_row_and_nobody_else(
    page: Page, cast: dict[str, User], things: dict[str, object]
) -> None:
    path = address(page, things)
    for name, user in (*cast.items(), ("nobody", None)):
        response = asked(page, path, user, things)
        body = response.content.decode(errors="replace")
        if user is None:
            assert got_in(path, response) == page.public, name
        elif name == "admin" and (page.name.startswith("web:") or not _is_there(page)):
            assert response.status_code < 500, name
        else:
            assert got_in(path, response) == (name in page.allowed), (name, response.status_code)
        if name in OUTSIDERS:
            assert [word for word in SECRETS if word in body + response.get("Location", "")] == []


def _is_there(page: Page) -> bool:
    """Whether this cast has what the address is about; a superuser gets a 404 for what is not."""
    about = {str(meant) for meant in page.kwargs.values()}
    return not about & {*WITHOUT_A_ROW, "draft"} and page.method == "get"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/courses/{}/", "/concepts/{}/", "/questions/{}/"])
def test_what_is_closed_answers_a_stranger_as_what_does_not_exist(
    path: str, cast: dict[str, User], course: Course
) -> None:
    there = {"/courses/{}/": course.slug, "/concepts/{}/": "window", "/questions/{}/": "which-cut"}
    client = Client()
    client.force_login(cast["stranger"])
    hidden, missing = (client.get(path.format(slug)) for slug in (there[path], "no-such-thing"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    told = [_TOKEN.sub("", response.content.decode()) for response in (hidden, missing)]
    assert told[0] == told[1]


@pytest.mark.django_db
def test_an_open_course_that_shares_a_concept_with_a_closed_one_tells_nothing_of_it(
    cast: dict[str, User], course: Course
) -> None:
    shared = course.concepts.get(slug="window")
    Course.objects.filter(slug="other").update(is_open=True)
    Course.objects.get(slug="other").concepts.add(shared)
    hidden = [concept.title for concept in shared.learn_before.all()]
    assert hidden
    client = Client()
    client.force_login(cast["stranger"])
    for path in ("/", "/courses/other/", "/concepts/window/"):
        body = client.get(path).content.decode()
        assert [word for word in ("A small course", *hidden) if f">{word}<" in body] == [], path


@pytest.mark.django_db
@pytest.mark.parametrize("model", [name for name in MODELS if name.startswith("assessments_")])
def test_the_admin_finds_nothing_for_those_of_another_course(
    model: str, cast: dict[str, User], things: dict[str, object]
) -> None:
    """Search, filters and the choices of filters hold no word of the course either."""
    client = Client()
    client.force_login(cast["other instructor"])
    listed = reverse(f"admin:{model}_changelist")
    for query in ("", "?q=owner", "?q=small", "?all="):
        body = client.get(listed + query).content.decode()
        assert [word for word in SECRETS if word in body] == []


def test_the_admin_offers_a_page_of_its_own_for_each_model() -> None:
    shown = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert shown == set(MODELS)
    assert resolve("/admin/").url_name == "index"
