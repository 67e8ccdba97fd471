"""The list of assessments and the form that builds one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import access
from assessments.admin.assessments import pages
from assessments.admin.assessments.slots import Pools, Questions
from assessments.admin.scoped import OfCourses, OfRows
from assessments.models import Assessment
from assessments.services.building import problems_of
from assessments.services.sittings import reschedule

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Assessment]
else:
    ModelForm = forms.ModelForm


class AssessmentForm(ModelForm):
    """What is asked of an assessment as a whole."""

    def clean(self) -> dict[str, Any]:
        """Refuse to close before opening."""
        typed = super().clean() or self.cleaned_data
        opens, closes = typed.get("opens_at"), typed.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It has to close after it opens."))
        return typed


@admin.register(Assessment)
class AssessmentAdmin(OfCourses):
    """Assessments of the courses that a person teaches."""

    form = AssessmentForm
    list_display = ["title", "course", "kind", "state", "opens_at", "closes_at", "taken"]
    list_filter = [("course", OfRows), "kind", "feedback"]
    list_select_related = ["course"]
    search_fields = ["title", "slug"]
    ordering = ["course", "position", "pk"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [Questions, Pools]
    change_form_template = "admin/assessments/assessment/change_form.html"
    fieldsets = [
        (None, {"fields": ["course", "title", "slug", "kind", "introduction", "position"]}),
        (
            gettext_lazy("When"),
            {
                "fields": [
                    ("opens_at", "closes_at"),
                    ("minutes", "grace_seconds"),
                    "sittings_allowed",
                ],
                "description": gettext_lazy(
                    "Empty times set no bound. A learner's accommodation scales the minutes, the "
                    "time from opening to closing and the grace time alike."
                ),
            },
        ),
        (gettext_lazy("How"), {"fields": ["shuffles", "counts", "feedback"]}),
    ]

    class Media:
        css = {"all": ["question_bank/admin.css", "admin/assessments.css"]}

    def within(self, user: access.Person) -> QuerySet[Assessment]:
        """Return the assessments of the courses that the person teaches or assists."""
        return Assessment.objects.filter(course__in=access.courses_marked(user))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the sittings that learners have handed in."""
        handed_in = Q(sittings__handed_in_at__isnull=False, sittings__is_test=False)
        rows = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(taken_by=Count("sittings", filter=handed_in))
        return counted

    @admin.display(description=gettext_lazy("state"))
    def state(self, assessment: Assessment) -> str:
        """Return whether learners see it."""
        return _("published") if assessment.published_at else _("not published")

    @admin.display(description=gettext_lazy("handed in"), ordering="taken_by")
    def taken(self, assessment: Any) -> int:
        """Return how many sittings were handed in."""
        return int(assessment.taken_by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person teaches any course."""
        return request.user.is_superuser or access.courses_taught(request.user).exists()

    def has_change_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person teaches the course; without a row, any."""
        if row is None:
            return self.has_add_permission(request)
        return pages.may_build(request, row)

    def has_delete_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person teaches the course, and nobody has begun it."""
        allowed = self.has_change_permission(request, row)
        return allowed and not (isinstance(row, Assessment) and row.sittings.exists())

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Assessment | None = None
    ) -> dict[str, Any]:
        """Return none for those who may only look."""
        fits = self.has_change_permission(request, obj)
        return dict(super().get_prepopulated_fields(request, obj)) if fits else {}

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: Any, **kwargs: Any
    ) -> Any:
        """Offer only the courses that the person teaches."""
        if request and db_field.name == "course" and not request.user.is_superuser:
            kwargs["queryset"] = access.courses_taught(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the places, move the ends of open sittings, and say what is still missing."""
        super().save_related(request, form, formsets, change)
        assessment = form.instance
        reschedule(assessment)
        if assessment.published_at:
            for reason in problems_of(assessment):
                self.message_user(request, reason, messages.WARNING)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show beside the form what may be done."""
        found = self.get_object(request, object_id)
        facts = pages.facts(request, found) if isinstance(found, Assessment) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **facts})

    def get_urls(self) -> list[URLPattern]:
        """Add the preview and the verbs."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/",
                wrap(lambda request, pk: pages.preview(self, request, pk)),
                name="assessments_assessment_preview",
            ),
            path(
                "<int:pk>/do/<slug:verb>/",
                wrap(lambda request, pk, verb: pages.do(self, request, pk, verb)),
                name="assessments_assessment_do",
            ),
            *super().get_urls(),
        ]
