"""Addresses of the admin's pages of questions and drafts."""

from django.urls import reverse

from question_bank.models import Question


def of_list() -> str:
    """Return the list of questions."""
    return reverse("admin:question_bank_question_changelist")


def of_question(question: Question) -> str:
    """Return a question's page."""
    return reverse("admin:question_bank_question_change", args=[question.pk])


def of_import() -> str:
    """Return where a file is brought in."""
    return reverse("admin:question_bank_question_import")


def of_draft(page: str, *arguments: object) -> str:
    """Return a page of drafts."""
    return reverse(f"admin:question_bank_draft_{page}", args=arguments)
