"""The admin of what stands alone in the bank; questions are shown with their use, above it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from question_bank.models import Concept

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
