"""Versions of all questions, as they were made; each is shown on its question's page."""

from django.contrib import admin

from question_bank.admin import ReadOnly
from question_bank.models import QuestionVersion


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnly):
    """What questions said, version by version."""

    list_display = ["question", "number", "made_at", "author", "digest"]
    list_filter = ["question__kind", "made_at"]
    list_select_related = ["question", "author"]
    search_fields = ["question__slug", "question__title", "digest"]
