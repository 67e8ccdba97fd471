"""The ledger of marks, to be read: who marked what, when, and by which rubric."""

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments import access
from assessments.admin.scoped import ReadOfCourses
from assessments.models import RubricMark
from assessments.services.marks import rubric_digest


@admin.register(RubricMark)
class RubricMarkAdmin(ReadOfCourses):
    """Every line, the superseded ones too; learners' names are not shown here."""

    list_display = ["question", "fraction", "marker", "role", "marked_at", "stands", "supersedes"]
    list_filter = ["role", "marked_at", "response__attempt__question"]
    list_select_related = ["marker", "response__attempt__question", "superseded_by", "supersedes"]
    search_fields = ["marker__username", "response__attempt__question__title"]
    ordering = ["-marked_at", "-pk"]
    fields = [
        *("question", "version", "rubric", "text", "marker", "role", "marked_at", "fraction"),
        *("given", "comment", "supersedes", "reason", "stands"),
    ]
    readonly_fields = ["question", "version", "rubric", "text", "stands"]

    class Media:
        css = {"all": ["admin/marking/marking.css"]}

    def within(self, user: access.Person) -> QuerySet[RubricMark]:
        """Return the lines of texts that the person may mark."""
        return RubricMark.objects.filter(response__in=access.markable_texts(user))

    @admin.display(description=_("question"))
    def question(self, mark: RubricMark) -> str:
        """Return what was asked."""
        return str(mark.response.attempt.question)

    @admin.display(description=_("version"))
    def version(self, mark: RubricMark) -> str:
        """Return the version that was answered."""
        return str(mark.response.attempt.version)

    @admin.display(description=_("rubric (SHA-256)"))
    def rubric(self, mark: RubricMark) -> str:
        """Return the digest of the rubric that was marked by."""
        return rubric_digest(mark.response.attempt)

    @admin.display(description=_("text"))
    def text(self, mark: RubricMark) -> str:
        """Lead to the text."""
        address = reverse("admin:assessments_waitingtext_change", args=[mark.response_id])
        words = gettext("The text and its marks")
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, mark: RubricMark) -> bool:
        """Whether it is the mark that counts now."""
        return mark.fraction is not None and not hasattr(mark, "superseded_by")
