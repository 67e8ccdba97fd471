"""Gradings that a person has to look at: the list of them, and the decision about each."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import access
from assessments.admin.scoped import OfRows, ReadOfCourses, works_somewhere
from assessments.models import Grading, HeldGrading, Review
from assessments.services import NotNowError, ReasonMissingError, review, undo_review

_DECIDED = {
    "accept": gettext_lazy("Accepted; it counts as passed."),
    "reject": gettext_lazy("Rejected; the learner reads your reason."),
    "undo": gettext_lazy("Undone; it is held again."),
}


class Decided(admin.SimpleListFilter):
    """Those that wait for a decision come first, and are what one comes for."""

    title = gettext_lazy("decision")
    parameter_name = "decided"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("no", _("waiting")), ("yes", _("decided"))]

    def queryset(self, _request: HttpRequest, rows: QuerySet[HeldGrading]) -> QuerySet[HeldGrading]:
        """Filter by whether a review stands."""
        standing = Exists(Review.objects.filter(grading=OuterRef("pk"), undone_at=None))
        wanted = {"no": rows.filter(~standing), "yes": rows.filter(standing)}
        return wanted.get(self.value() or "", rows)


@admin.register(HeldGrading)
class HeldGradingAdmin(ReadOfCourses):
    """A held grading with its reason and its code, and what may be decided about it."""

    list_display = ["submission", "held", "decision", "finished_at"]
    list_filter = [Decided, ("submission__attempt__question", OfRows)]
    list_select_related = ["submission__attempt__learner", "submission__attempt__question"]
    search_fields = ["submission__attempt__learner__username"]
    ordering = ["-finished_at"]
    fields = ["submission", "held", "message", "checks", "code", "decision", "decisions"]
    readonly_fields = ["message", "checks", "code", "decision", "decisions"]

    def within(self, user: access.Person) -> QuerySet[HeldGrading]:
        """Return those that the person may decide about."""
        return access.reviewable_gradings(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HeldGrading]:
        """Return the same of superusers too: nobody decides about their own."""
        rows = self.within(request.user).order_by(*self.ordering)
        return rows.prefetch_related("reviews__reviewer")

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person may decide; what an assistant sees of a grading stands elsewhere."""
        teaches = works_somewhere(request, teaches=True)
        return super().has_view_permission(request, row) and (teaches or request.user.is_superuser)

    @admin.display(description=gettext_lazy("decision"))
    def decision(self, grading: Grading) -> str:
        """Return what stands."""
        standing = [each for each in grading.reviews.all() if each.undone_at is None]
        return _told(standing[0]) if standing else _("waits for you")

    @admin.display(description=gettext_lazy("decisions so far"))
    def decisions(self, grading: Grading) -> str:
        """Return every decision, the undone ones too."""
        return "\n".join(_told(each) for each in grading.reviews.all()) or "none"

    @admin.display(description=gettext_lazy("what the judge says"))
    def message(self, grading: Grading) -> str:
        """Return the verdict's message."""
        return str((grading.verdict or {}).get("message", ""))

    @admin.display(description=gettext_lazy("checks"))
    def checks(self, grading: Grading) -> str:
        """Return each check's numbers."""
        found = (grading.verdict or {}).get("checks", [])
        return "\n".join(", ".join(f"{k} {v}" for k, v in check.items()) for check in found)

    @admin.display(description=gettext_lazy("code"))
    def code(self, grading: Grading) -> str:
        """Return the learner's file."""
        return format_html("<pre>{}</pre>", grading.submission.text)

    def get_urls(self) -> list[URLPattern]:
        """Add the address that decisions are sent to."""
        decide = self.admin_site.admin_view(self.decide)
        name = "assessments_heldgrading_decide"
        return [path("<int:pk>/decide/", decide, name=name), *super().get_urls()]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        """Take a decision, or take one back."""
        grading = get_object_or_404(self.get_queryset(request), pk=pk)
        back = HttpResponseRedirect(reverse("admin:assessments_heldgrading_change", args=[pk]))
        decision = next((name for name in _DECIDED if name in request.POST), "")
        if not decision:
            return back
        reason = request.POST.get("reason", "")
        try:
            if decision == "undo":
                undo_review(grading, request.user)  # type: ignore[arg-type] # staff is signed in
            else:
                review(grading, request.user, accepted=decision == "accept", reason=reason)  # type: ignore[arg-type]
        except (NotNowError, ReasonMissingError) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return back
        self.log_change(request, grading, f"{_DECIDED[decision]} {reason}".strip())
        self.message_user(request, _DECIDED[decision], messages.SUCCESS)
        return back


def _told(decided: Review) -> str:
    said = {
        "person": decided.reviewer,
        "time": f"{decided.reviewed_at:%Y-%m-%d %H:%M} UTC",
        "undoer": decided.undone_by,
    }
    if decided.accepted:
        told = _("accepted by %(person)s, %(time)s") % said
    else:
        told = _("rejected by %(person)s, %(time)s") % said
    if decided.reason:
        told += f": {decided.reason}"
    return told + (" " + _("(undone by %(undoer)s)") % said if decided.undone_at else "")
