"""More time for some learners."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest

from assessments import access
from assessments.admin.scoped import OfCourses, OfRows
from assessments.models import Accommodation, Assessment, Course, User
from assessments.services.accommodations import keep, misfits, take_away

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Accommodation]
else:
    ModelForm = forms.ModelForm


class AccommodationForm(ModelForm):
    """Who is given how much more, and where."""

    def clean(self) -> dict[str, Any]:
        """Refuse an assessment of another course, and somebody who is not in the course."""
        typed = super().clean() or self.cleaned_data
        named = (typed.get(name) for name in ("learner", "course", "assessment"))
        for field, reason in misfits(*named).items():
            self.add_error(field, reason)
        return typed


@admin.register(Accommodation)
class AccommodationAdmin(OfCourses):
    """Accommodations in the courses that a person teaches; assistants do not see them."""

    form = AccommodationForm
    list_display = ["learner", "course", "assessment", "factor", "extra_sittings", "given_by"]
    list_filter = [("course", OfRows), ("assessment", OfRows)]
    list_select_related = ["learner", "course", "assessment", "given_by"]
    search_fields = ["learner__username", "learner__email"]
    fields = ["learner", "course", "assessment", "factor", "extra_sittings", "note"]

    def within(self, user: access.Person) -> QuerySet[Accommodation]:
        """Return those in the courses that the person teaches."""
        return Accommodation.objects.filter(course__in=access.courses_taught(user))

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person teaches the course; without a row, any."""
        if request.user.is_superuser:
            return True
        if row is None:
            return access.courses_taught(request.user).exists()
        return self.within(request.user).filter(pk=row.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person teaches any course."""
        return self.has_view_permission(request)

    has_change_permission = has_delete_permission = has_view_permission  # type: ignore[assignment]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: Any, **kwargs: Any
    ) -> Any:
        """Offer only the person's own courses, their assessments and their learners."""
        if request is not None:
            courses = (
                Course.objects.all()
                if request.user.is_superuser
                else access.courses_taught(request.user)
            )
            offered: dict[str, QuerySet[Any]] = {
                "course": courses,
                "assessment": Assessment.objects.filter(course__in=courses),
                "learner": User.objects.filter(enrolments__course__in=courses)
                .distinct()
                .order_by("username"),
            }
            kwargs["queryset"] = offered[db_field.name]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, accommodation: Any, _form: Any, _change: bool
    ) -> None:
        """Keep who gives it and when, and move the ends of open sittings."""
        assert isinstance(request.user, User)
        keep(accommodation, request.user)

    def delete_model(self, _request: HttpRequest, accommodation: Any) -> None:
        """Take it back; open sittings end as they would have without."""
        take_away(accommodation)

    def delete_queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Take each of them back."""
        for accommodation in rows:
            self.delete_model(request, accommodation)
