"""Submissions and their gradings: to be read, graded again, and chosen from."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments import access
from assessments.admin.scoped import OfRows, ReadOfCourses
from assessments.models import Grading, Submission
from assessments.services import NotNowError, let_count, regrade


class Regrading(ReadOfCourses):
    """Offers what only those may do who teach somebody; each row is asked for again."""

    def has_regrade_permission(self, request: HttpRequest) -> bool:
        """Whether there is anything that the person may have graded again."""
        return access.regradable_submissions(request.user).exists()

    def tell(self, request: HttpRequest, done: int, what: str, refusals: Iterable[str]) -> None:
        """Say how many rows were done, and of each of the others why not."""
        self.message_user(request, what, messages.SUCCESS if done else messages.INFO)
        for refusal in refusals:
            self.message_user(request, refusal, messages.WARNING)


@admin.register(Submission)
class SubmissionAdmin(Regrading):
    """Code as it came."""

    fields = ["attempt", "number", "submitted_at", "text"]
    list_display = ["attempt", "number", "submitted_at"]
    list_filter = ["attempt__purpose", ("attempt__question", OfRows), "submitted_at"]
    list_select_related = ["attempt__learner", "attempt__question"]
    search_fields = ["attempt__learner__username"]
    actions = ["grade_again"]

    def within(self, user: access.Person) -> QuerySet[Submission]:
        """Return the submissions that the person sees anywhere."""
        return access.visible_submissions(user)

    @admin.action(
        description=gettext_lazy("Grade again (yields to learners who wait)"),
        permissions=["regrade"],
    )
    def grade_again(self, request: HttpRequest, chosen: QuerySet[Submission]) -> None:
        """Have each graded once more; the present verdict counts until there is a new one."""
        done, refusals = 0, []
        for submission in chosen:
            if not access.may_regrade(request.user, submission):
                refusals.append(
                    _("%(submission)s: you do not teach this learner.") % {"submission": submission}
                )
                continue
            try:
                regrade(submission)
            except NotNowError as refusal:
                refusals.append(f"{refusal}.")
                continue
            self.log_change(request, submission, _("Asked for it to be graded again."))
            done += 1
        said = ngettext("%(n)s to be graded again.", "%(n)s to be graded again.", done)
        self.tell(request, done, said % {"n": done}, refusals)


@admin.register(Grading)
class GradingAdmin(Regrading):
    """What is being graded, and what came of it."""

    list_display = [
        *("submission", "state", "failure", "passed", "counts", "kind", "retry", "device"),
        *("deliveries", "handed_on", "created_at", "finished_at"),
    ]
    list_filter = ["state", "failure", "counts", "kind", "device", "created_at"]
    list_select_related = ["submission__attempt__learner", "submission__attempt__question"]
    search_fields = ["submission__attempt__learner__username"]
    exclude = ["token_digest"]
    actions = ["make_count"]

    def within(self, user: access.Person) -> QuerySet[Grading]:
        """Return the gradings of the submissions that the person sees."""
        return Grading.objects.filter(submission__in=access.visible_submissions(user))

    @admin.action(
        description=gettext_lazy("Let this verdict be the one that counts"), permissions=["regrade"]
    )
    def make_count(self, request: HttpRequest, chosen: QuerySet[Grading]) -> None:
        """Undo a regrade, or a choice: the verdicts all stay."""
        done, refusals = 0, []
        for grading in chosen:
            if not access.may_regrade(request.user, grading.submission):
                refusals.append(
                    _("%(grading)s: you do not teach this learner.") % {"grading": grading}
                )
                continue
            try:
                let_count(grading)
            except NotNowError as refusal:
                refusals.append(f"{refusal}.")
                continue
            self.log_change(request, grading, _("Chose it as the grading that counts."))
            done += 1
        said = ngettext("%(n)s made to count.", "%(n)s made to count.", done)
        self.tell(request, done, said % {"n": done}, refusals)
