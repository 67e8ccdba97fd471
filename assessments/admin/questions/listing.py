"""The list of questions: found, narrowed, and acted on many at a time."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.admin.questions import (
    addresses,
    bulk_pages,
    exports,
    imports,
    page,
    trial,
    verbs,
)
from assessments.admin.questions.bulk import BULK
from assessments.admin.questions.filters import Folder, ForYou, InCourse, State, Usage
from assessments.admin.questions.usage import share_solved, with_usage
from assessments.admin.rights import may
from assessments.models import User
from assessments.services.question_states import told, waiting_for, with_states
from question_bank.admin import ReadOnly
from question_bank.models import Question


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    """Questions with their state and their use; what they say is changed in drafts."""

    list_display = [
        *("title", "state", "kind", "difficulty", "courses_with_it", "attempts_begun"),
        *("full_credit", "bloom", "tested", "tagged", "folder", "slug"),
    ]
    list_filter = [
        *(ForYou, State, "kind", "difficulty", "bloom", Usage, InCourse),
        *(Folder, "tags", "concepts"),
    ]
    search_fields = [
        *("title", "slug", "live__content__stem", "live__content__statement"),
        "draft__content__stem",
    ]
    search_help_text = gettext_lazy("Title, slug, and the text of what is live or drafted")
    ordering = ["title", "slug"]
    list_per_page = 50
    list_max_show_all = 500

    class Media:
        css = {"all": ["question_bank/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Return questions with what the list says of them, in three queries."""
        rows = with_usage(with_states(super().get_queryset(request)))
        return rows.prefetch_related("concepts", "tags")

    @admin.display(description=gettext_lazy("concepts"))
    def tested(self, question: Question) -> str:
        """Return the concepts that a question tests."""
        return _in_two_lines(concept.title for concept in question.concepts.all())

    @admin.display(description=gettext_lazy("tags"))
    def tagged(self, question: Question) -> str:
        """Return the tags of a question."""
        return _in_two_lines(tag.name for tag in question.tags.all())

    @admin.display(description=gettext_lazy("state"), ordering="live_number")
    def state(self, question: Question) -> str:
        """Return what is live and what is to follow."""
        return format_html('<span class="question-state">{}</span>', told(question))

    @admin.display(description=gettext_lazy("courses"), ordering="in_courses")
    def courses_with_it(self, question: Any) -> int:
        """Return how many courses have a question."""
        return int(question.in_courses)

    @admin.display(description=gettext_lazy("attempts"), ordering="begun")
    def attempts_begun(self, question: Any) -> int:
        """Return how many attempts there are."""
        return int(question.begun)

    @admin.display(description=gettext_lazy("full credit"))
    def full_credit(self, question: Question) -> str:
        """Return the share of decided attempts with full credit."""
        return share_solved(question)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the person may do with many questions at once."""
        bulk = {
            name: (partial(bulk_pages.begin, name=name), name, kind.title)
            for name, kind in BULK.items()
            if may(request.user, *kind.rights)
        }
        return bulk | {"export": (exports.begin, "export", _("Export"))}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, and beside it what waits for the person."""
        reviews = isinstance(request.user, User) and may(request.user, "view", "approve")
        waiting = with_states(Question.objects.all())
        mine = waiting_for(waiting, request.user).count() if reviews else 0  # type: ignore[arg-type]
        context = {
            "waiting_for_you": mine,
            "new_address": addresses.of_draft("add") if may(request.user, "write") else "",
            "import_address": addresses.of_import() if may(request.user, "write") else "",
            "drafts_address": addresses.of_draft("changelist"),
            "any_question": Question.objects.exists(),
            "title": _("Questions"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Show a question; what is done with it has addresses of its own."""
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return page.show(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of what is done with one question and with many."""
        guarded = self.admin_site.admin_view
        name = "question_bank_question"
        return [
            path(
                "bulk/<slug:name>/", guarded(partial(bulk_pages.go_on, self)), name=f"{name}_bulk"
            ),
            path("<int:pk>/do/<slug:verb>/", guarded(partial(verbs.do, self)), name=f"{name}_do"),
            path(
                "<int:pk>/trial/<int:number>/",
                guarded(partial(trial.progress, self)),
                name=f"{name}_trial",
            ),
            path("import/", guarded(partial(imports.bring_in, self)), name=f"{name}_import"),
            path(
                "import/confirm/",
                guarded(partial(imports.carry_out, self)),
                name=f"{name}_import_confirm",
            ),
            path("export/", guarded(partial(exports.send_out, self)), name=f"{name}_export"),
            *super().get_urls(),
        ]


def _in_two_lines(names: Iterable[str]) -> str:
    """Return names for a cell of two lines; all of them are told where they are more."""
    text = ", ".join(names)
    return format_html('<span class="question-two-lines" title="{}">{}</span>', text, text)
