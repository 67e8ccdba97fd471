"""The admin of drafts: the list, the form of one, and the verbs that begin, hand in and drop it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments.admin.drafts import pattern_pages
from assessments.admin.drafts.pages import DraftForm, lost_with
from assessments.admin.drafts.shapes import shape_of_kind
from assessments.admin.drafts.starting import NameForm, NewQuestionForm
from assessments.admin.rights import may, person
from assessments.services.authoring import hand_in_and_publish
from question_bank import authoring
from question_bank.admin import Admin
from question_bank.authoring import AuthoringError, SavedMeanwhileError
from question_bank.models import Draft, Question

_TEMPLATES = "admin/question_bank/draft"
_VERBS = {"save", "propose", "publish"}


class Mine(admin.SimpleListFilter):
    """What one has written oneself comes first to mind."""

    title = gettext_lazy("writer")
    parameter_name = "writer"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("me", _("mine"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Draft]) -> QuerySet[Draft]:
        """Filter by who has written."""
        return rows.filter(writers=request.user.pk) if self.value() == "me" else rows


@admin.register(Draft)
class DraftAdmin(Admin):
    """Drafts of questions, each with the form of its kind and a live preview."""

    list_display = ["question", "kind", "saved_at", "saved_by", "handed_in"]
    list_filter = [Mine, "question__kind", "saved_at"]
    list_select_related = ["question", "saved_by"]
    search_fields = ["question__slug", "question__title"]
    actions = None

    @admin.display(description=gettext_lazy("kind"), ordering="question__kind")
    def kind(self, draft: Draft) -> str:
        """Return the kind in words."""
        return draft.question.get_kind_display()

    @admin.display(description=gettext_lazy("handed in"), boolean=True)
    def handed_in(self, draft: Draft) -> bool:
        """Tell whether a version of it waits for approval or publishing."""
        return draft.proposed_id is not None

    def has_view_permission(self, request: HttpRequest, _row: Any = None) -> bool:
        """Whoever may see questions may look."""
        return may(request.user, "write") or may(request.user, "view")

    def has_change_permission(self, request: HttpRequest, _row: Any = None) -> bool:
        """Authors write."""
        return may(request.user, "write")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Authors begin."""
        return may(request.user, "write")

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        """Drafts are discarded on their own page."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses that begin drafts, and the one that previews."""

        def named(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"question_bank_draft_{name}")

        return [
            named("begin/<int:pk>/", require_POST(self.begin), "begin"),
            named("duplicate/<int:pk>/", self.duplicate, "duplicate"),
            named("<int:pk>/preview/", require_POST(self.preview), "preview"),
            named("pattern/", partial(pattern_pages.begin, self), "pattern_new"),
            named(
                "pattern/preview/",
                require_POST(partial(pattern_pages.preview, self)),
                "pattern_preview",
            ),
            named("<int:pk>/pattern/", partial(pattern_pages.change, self), "pattern"),
            named(
                "<int:pk>/pattern/preview/",
                require_POST(partial(pattern_pages.preview, self)),
                "pattern_again",
            ),
            *super().get_urls(),
        ]

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open the draft of a question, started if there is none."""
        by = person(request, "write")
        question = get_object_or_404(Question, pk=pk)
        return self._to(authoring.draft_of(question, by.pk))

    def duplicate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a name, then begin a copy of a question under it."""
        by = person(request, "write")
        question = get_object_or_404(Question, pk=pk)
        form = NameForm(request.POST or None, initial={"slug": f"{question.slug}-copy"[:80]})
        if form.is_valid():
            try:
                slug = form.cleaned_data["slug"]
                return self._to(authoring.duplicate(question, slug, by.pk))
            except AuthoringError as refusal:
                form.add_error("slug", str(refusal))
        return self._start_page(request, form, _("Duplicate %(title)s") % {"title": question.title})

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask for kind, title and name, then begin a draft."""
        by = person(request, "write")
        form = NewQuestionForm(request.POST or None)
        if form.is_valid():
            told = form.cleaned_data
            content = shape_of_kind(told["kind"]).blank() | {"title": told["title"]}
            try:
                return self._to(authoring.new_question(told["slug"], content, by.pk))
            except AuthoringError as refusal:
                form.add_error("slug", str(refusal))
        pattern = reverse("admin:question_bank_draft_pattern_new")
        return self._start_page(request, form, _("New question"), pattern)

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Show the form of a draft; do what its buttons say."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        drafts = Draft.objects.select_related("question", "saved_by", "proposed")
        draft = get_object_or_404(drafts, pk=object_id)
        if request.method != "POST":
            return self._page(request, DraftForm(draft))
        form = DraftForm(draft, request.POST)
        verb = request.POST.get("do", "")
        if verb in {"discard", "discard:yes"}:
            return self._discard(request, form, sure=verb == "discard:yes")
        if verb in _VERBS and (done := self._verb(request, form, verb)):
            return done
        return self._page(request, form)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the preview of what a form holds; nothing is kept."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        draft = get_object_or_404(Draft.objects.select_related("question"), pk=pk)
        context = DraftForm(draft, request.POST).context()
        return render(request, f"{_TEMPLATES}/preview.html", context)

    def _verb(self, request: HttpRequest, form: DraftForm, verb: str) -> HttpResponse | None:
        """Save, and hand in or publish where that is asked; None where the form is shown again."""
        by = person(request, "write", *(("publish",) if verb == "publish" else ()))
        question = form.draft.question
        try:
            form.save(by)
            if verb == "propose":
                authoring.propose(form.draft, by.pk, revision=form.revision)
            elif verb == "publish":
                hand_in_and_publish(form.draft, by, revision=form.revision)
        except SavedMeanwhileError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            form.compare()
            return None
        except AuthoringError as refusal:
            form.failures = refusal.reasons
            form.draft.refresh_from_db()
            return None
        told = {"save": _("Saved."), "propose": _("Handed in."), "publish": _("Published.")}[verb]
        self.message_user(request, f"{question.slug}: {told}", messages.SUCCESS)
        if verb == "publish":
            return redirect("admin:question_bank_draft_changelist")
        return HttpResponseRedirect(f"{self._address(form.draft)}?seed={form.seed}")

    def _discard(self, request: HttpRequest, form: DraftForm, *, sure: bool) -> HttpResponse:
        """Ask first, and again where somebody has saved since; then drop the draft."""
        draft = form.draft
        by, slug = person(request, "write"), draft.question.slug
        if not sure or form.revision != draft.revision:
            return self._ask_to_discard(request, form)
        try:
            authoring.discard_draft(draft, by.pk)
        except AuthoringError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._to(draft)
        self.message_user(
            request, _("The draft of %(slug)s is discarded.") % {"slug": slug}, messages.SUCCESS
        )
        return redirect("admin:question_bank_draft_changelist")

    def _ask_to_discard(self, request: HttpRequest, form: DraftForm) -> HttpResponse:
        own = {
            "title": _("Discard the draft of %(slug)s?") % {"slug": form.draft.question.slug},
            "opts": self.opts,
            "changed_meanwhile": form.revision != form.draft.revision,
            "held": [
                (name, value)
                for name, value in request.POST.items()
                if name not in {"csrfmiddlewaretoken", "do", "revision"}
            ],
        }
        context = {**self.admin_site.each_context(request), **lost_with(form), **own}
        return render(request, f"{_TEMPLATES}/discard.html", context)

    def _page(self, request: HttpRequest, form: DraftForm) -> HttpResponse:
        own = {
            "title": _("Draft of %(slug)s") % {"slug": form.draft.question.slug},
            "opts": self.opts,
            "may_write": self.has_change_permission(request),
            "may_publish": may(request.user, "publish"),
        }
        context = {**self.admin_site.each_context(request), **form.context(), **own}
        return render(request, f"{_TEMPLATES}/form.html", context)

    def _start_page(
        self, request: HttpRequest, form: NameForm, title: str, pattern: str = ""
    ) -> HttpResponse:
        own = {"title": title, "form": form, "opts": self.opts, "pattern_address": pattern}
        context = {**self.admin_site.each_context(request), **own}
        return render(request, f"{_TEMPLATES}/start.html", context)

    def _to(self, draft: Draft) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._address(draft))

    def _address(self, draft: Draft) -> str:
        return reverse("admin:question_bank_draft_change", args=[draft.pk])
