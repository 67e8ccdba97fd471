"""Imports are carried out exactly as they were shown; exports say what they leave out."""

import os

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from assessments.admin.questions.imports import MOST_BYTES
from assessments.models import Course, User
from question_bank.models import Draft, Question
from tests.assessments.admin.conftest import SignedIn, staff

pytestmark = pytest.mark.django_db

LIST = "/admin/question_bank/question/"
SUN = "// [id:sun]\n::Sun::The sun is cold.{F}\n"


def look(client: Client, text: str | bytes = SUN, name: str = "gift") -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    told = {"format": name, "file": SimpleUploadedFile("file", data)}
    return client.post(f"{LIST}import/", told)  # type: ignore[return-value]


def confirm(client: Client, page: HttpResponse, **changed: str) -> HttpResponse:
    context = page.context  # type: ignore[attr-defined]
    told = {key: context[key] for key in ("format", "shown", "signed")}
    return client.post(f"{LIST}import/confirm/", told | changed)  # type: ignore[return-value]


def test_looking_imports_nothing(course: Course, author: User, signed_in: SignedIn) -> None:
    page = look(signed_in(author))
    assert "1 new, 0 changed, 0 unchanged" in page.content.decode()
    assert not Question.objects.filter(slug="sun").exists()


def test_what_was_shown_is_imported_as_drafts(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    client = signed_in(author)
    assert confirm(client, look(client)).status_code == 302
    draft = Draft.objects.get(question__slug="sun")
    assert (draft.question.live, draft.saved_by) == (None, author)


def test_what_the_bank_has_made_of_it_meanwhile_is_looked_at_again(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    client = signed_in(author)
    page = look(client)
    Question.objects.create(slug="sun", kind="choice", title="Sun")
    refused = confirm(client, page)
    assert refused.status_code == 409
    assert "Nothing was imported" in refused.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("changed", ["signed", "shown", "format"])
def test_nothing_else_is_put_in_the_place_of_what_was_shown(
    course: Course, author: User, signed_in: SignedIn, changed: str
) -> None:
    client = signed_in(author)
    page = look(client)
    other = look(client, SUN.replace("cold", "hot"))
    swapped = {"format": "csv"}.get(changed) or other.context[changed]  # type: ignore[attr-defined]
    assert confirm(client, page, **{changed: swapped}).status_code == 422
    assert not Draft.objects.exists()


def test_what_somebody_else_looked_at_is_not_imported(
    course: Course, author: User, editor: User, signed_in: SignedIn
) -> None:
    page = look(signed_in(author))
    assert confirm(signed_in(editor), page).status_code == 422


def test_errors_are_told_by_line_and_offer_no_import(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    page = look(signed_in(author), SUN + "\nBroken?{").content.decode()
    assert "line 4" in page
    assert "Import exactly this" not in page


@pytest.mark.parametrize("name", ["gift", "csv", "xlsx"])
def test_bytes_that_are_no_such_file_are_an_error_on_the_page(
    course: Course, author: User, signed_in: SignedIn, name: str
) -> None:
    page = look(signed_in(author), b"\xff\xfe\x00PK\x03\x04" * 9, name)
    assert page.status_code == 200
    assert page.context["plan"].errors  # type: ignore[attr-defined]


def test_a_file_that_is_too_large_is_refused(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    page = look(signed_in(author), b"x" * (MOST_BYTES + 1))
    assert page.status_code == 422
    assert "Split the file; it is larger than 1.5 MB." in page.content.decode()


def test_a_file_of_the_largest_size_can_be_confirmed(
    course: Course, author: User, signed_in: SignedIn
) -> None:
    noise = os.urandom(MOST_BYTES // 2 - 50).hex()
    client = signed_in(author)
    page = look(client, f"{SUN}\n// {noise}\n")
    assert confirm(client, page).status_code == 302


@pytest.mark.parametrize("told", [{}, {"format": "gift"}, {"format": "nonsense"}])
def test_a_form_without_file_or_format_says_so(
    course: Course, author: User, signed_in: SignedIn, told: dict[str, str]
) -> None:
    page = signed_in(author).post(f"{LIST}import/", told)
    assert page.status_code == 422
    assert "Choose" in page.content.decode()


def test_only_who_writes_questions_imports(
    course: Course, reviewer: User, signed_in: SignedIn
) -> None:
    assert signed_in(reviewer).get(f"{LIST}import/").status_code == 403
    assert signed_in(reviewer).post(f"{LIST}import/confirm/").status_code == 403


def test_an_export_says_what_it_leaves_out_before_it_is_saved(
    course: Course, reviewer: User, signed_in: SignedIn
) -> None:
    client = signed_in(reviewer)
    pks = list(Question.objects.values_list("pk", flat=True))
    client.post(LIST, {"action": "export", ACTION_CHECKBOX_NAME: pks})
    told = {"questions": ",".join(map(str, pks)), "format": "gift"}
    page = client.post(f"{LIST}export/", told).content.decode()
    assert "sliding-window: " in page
    file = client.post(f"{LIST}export/", told | {"download": ""})
    assert file["Content-Disposition"] == 'attachment; filename="questions.gift"'
    assert b"which-cut" in file.content
    assert b"sliding-window" not in file.content


@pytest.mark.parametrize("name", ["gift", "csv", "xlsx"])
def test_what_was_exported_is_unchanged_when_it_is_looked_at(
    course: Course, author: User, signed_in: SignedIn, name: str
) -> None:
    client = signed_in(author)
    pk = Question.objects.get(slug="which-cut").pk
    told = {"questions": str(pk), "format": name, "download": ""}
    file = client.post(f"{LIST}export/", told).content
    assert "0 new, 0 changed, 1 unchanged" in look(client, file, name).content.decode()


def test_staff_without_a_role_export_nothing(course: Course, signed_in: SignedIn) -> None:
    assert signed_in(staff("nobody")).post(f"{LIST}export/").status_code == 403
