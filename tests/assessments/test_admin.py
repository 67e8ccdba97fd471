"""The admin opens on every model, and changes nothing that was written once."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Accommodation,
    Attempt,
    Grading,
    HeldGrading,
    Response,
    Review,
    RubricMark,
    Submission,
    User,
    Worker,
)
from assessments.services import attempt_for, mark_text, record_response, review, submit_code
from assessments.services.workers import note_worker
from question_bank.authoring import draft_of
from question_bank.models import Question, QuestionVersion
from tests.cast.essays import ALL, essay, given, handed_in
from tests.cast.sittings import assessment

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label != "auth"]
OURS = [model for model in OURS if model._meta.app_label in {"assessments", "question_bank"}]
WRITTEN_ONCE = [
    *(Attempt, Grading, HeldGrading, Response, Review, RubricMark, Submission, Worker),
    *(Question, QuestionVersion),
]


@pytest.fixture
def activity(learner: User, instructor: User, code_attempt: Attempt) -> None:
    grading = submit_code(learner, code_attempt, b"print('<b>')").grading
    Grading.objects.update(state=Grading.State.DONE, failure="inconclusive", held="Very fast.")
    review(grading, instructor, accepted=True)
    note_worker("host:1", "cpu", timezone.now())
    question = Question.objects.get(slug="keys-seen")
    record_response(attempt_for(learner, question), {"number": "1"})
    draft_of(question, instructor.pk)
    course = question.courses.get()
    exam = assessment(course, "keys-seen")
    Accommodation.objects.create(
        learner=learner,
        course=course,
        assessment=exam,
        given_by=instructor,
        given_at=timezone.now(),
    )
    text = handed_in(learner, essay(course))
    mark_text(text, instructor, given(ALL), seen=None)


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS)
def test_its_list_and_its_page_open(
    admin_client: Client, activity: None, model: type[Model]
) -> None:
    assert admin_client.get(address(model, "changelist")).status_code == 200
    row = model._default_manager.last()
    assert row is not None
    assert admin_client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", WRITTEN_ONCE)
def test_even_a_superuser_changes_and_deletes_none(
    admin_client: Client, activity: None, model: type[Model]
) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert admin_client.get(address(model, "delete", row.pk)).status_code == 403
    assert admin_client.post(address(model, "change", row.pk), {}).status_code == 403
    assert admin_client.get(address(model, "add")).status_code == 403


def test_the_admin_is_for_staff(client: Client, learner: User) -> None:
    client.force_login(learner)
    assert client.get("/admin/").status_code == 302


def test_a_token_digest_is_not_shown(admin_client: Client, activity: None) -> None:
    grading = Grading.objects.get()
    page = admin_client.get(address(Grading, "change", grading.pk)).content.decode()
    assert grading.token_digest not in page
