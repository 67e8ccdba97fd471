"""The places of an assessment, as its form shows them: questions on their own, and pools."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import access
from assessments.models import Assessment, Slot
from assessments.services.sittings import pool_of

if TYPE_CHECKING:
    Inline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Slot]
else:
    Inline, ModelForm = admin.TabularInline, forms.ModelForm

_PLACE = forms.NumberInput(attrs={"class": "slot-number", "min": 0})
_FITS = ("concept", "kind", "tag", "easiest", "hardest")


class QuestionForm(ModelForm):
    """One question on its own."""

    class Meta:
        model = Slot
        fields = ["position", "question", "points"]
        widgets = {"position": _PLACE, "points": forms.NumberInput(attrs={"class": "slot-number"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].required = True


class PoolForm(ModelForm):
    """So many questions drawn from those that fit."""

    class Meta:
        model = Slot
        fields = ["position", "draws", *_FITS, "points"]
        widgets = {
            name: forms.NumberInput(attrs={"class": "slot-number"})
            for name in ("position", "draws", "points", "easiest", "hardest")
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a pool of everything, and a difficulty that nothing can have."""
        typed = super().clean() or self.cleaned_data
        if not any(typed.get(name) for name in _FITS):
            raise forms.ValidationError(
                _("Say which questions fit: by concept, kind, tag or difficulty.")
            )
        easiest, hardest = typed.get("easiest"), typed.get("hardest")
        if easiest and hardest and easiest > hardest:
            self.add_error("hardest", _("At least as hard as the easiest."))
        return typed


class _Slots(Inline):
    model = Slot
    extra = 0
    ordering = ["position", "pk"]

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person sees the assessment."""
        seen = access.courses_marked(request.user)
        return self.has_add_permission(request, row) or (
            isinstance(row, Assessment) and seen.filter(pk=row.course_id).exists()
        )

    def has_add_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        """Whether the person teaches the assessment's course; for a new one, any course."""
        taught = access.courses_taught(request.user)
        if isinstance(row, Assessment):
            taught = taught.filter(pk=row.course_id)
        return request.user.is_superuser or taught.exists()

    has_change_permission = has_delete_permission = has_add_permission  # type: ignore[assignment]


class Questions(_Slots):
    """Questions that every learner has."""

    form = QuestionForm
    autocomplete_fields = ["question"]
    verbose_name = gettext_lazy("question")
    verbose_name_plural = gettext_lazy("questions that every learner has")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Return the places with a question of their own."""
        return super().get_queryset(request).filter(question__isnull=False)


class Pools(_Slots):
    """Pools to draw from; each learner has others."""

    form = PoolForm
    autocomplete_fields = ["concept"]
    readonly_fields = ["fitting"]
    verbose_name = gettext_lazy("pool")
    verbose_name_plural = gettext_lazy("questions drawn at random from a pool")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Return the places that are drawn."""
        return super().get_queryset(request).filter(question__isnull=True)

    @admin.display(description=gettext_lazy("fit now"))
    def fitting(self, slot: Slot) -> str:
        """Return how many questions fit."""
        return str(pool_of(slot).count()) if slot.pk else "–"
