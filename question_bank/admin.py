"""The admin: concepts can be edited; questions and their versions come from files."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from question_bank.models import Concept, Question, QuestionVersion

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
else:
    # Django's own class takes no parameters at run time.
    Admin = admin.ModelAdmin


@admin.register(Concept)
class ConceptAdmin(Admin):
    """Concepts by chapter."""

    list_display = ["title", "slug", "chapter", "position"]
    list_filter = ["chapter"]
    search_fields = ["title", "slug", "summary"]
    filter_horizontal = ["learn_before"]


class ReadOnly(Admin):
    """Shows rows that are written elsewhere, and changes none."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Model | None = None) -> bool:
        """Nobody changes one."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Model | None = None) -> bool:
        """Nobody deletes one."""
        return False


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    """Questions by kind."""

    list_display = ["title", "slug", "kind"]
    list_filter = ["kind", "concepts"]
    search_fields = ["title", "slug"]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnly):
    """What questions said, version by version."""

    list_display = ["question", "number", "made_at", "author", "digest"]
    list_filter = ["question__kind", "question"]
    list_select_related = ["question"]
