"""The trial of a code question on its page: what was expected of each solution and what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.admin.rights import may, person
from assessments.models import User
from assessments.services.authoring import asks_second_person, in_words, why_not_tried
from assessments.services.forecast import Place, places
from assessments.services.trials import Found, Standing, Tried, trial_of
from assessments.web.progress import NAMES, in_line
from question_bank.authoring import is_approved
from question_bank.digests import digest_of
from question_bank.models import Draft, QuestionVersion

_MARKS = {
    Found.WAITING: "○",
    Found.JUDGING: "●",
    Found.EXPECTED: "✓",
    Found.OTHERWISE: "✕",
    Found.UNDECIDED: "?",
}
_UNDECIDED = {
    "unavailable": gettext_lazy("could not be graded: our fault, not the exercise’s"),
    "inconclusive": gettext_lazy("the machine was too noisy to decide"),
}


@dataclass(frozen=True)
class Line:
    """A solution: what was expected of it and what came, in words, and where its verdict is.

    ``verdict`` is what the judge says where that was not expected.
    """

    name: str
    told: str
    expected: str
    mark: str
    found: str
    verdict: str
    address: str


def trial_context(version: QuestionVersion | None, user: User) -> dict[str, Any] | None:
    """Return what a page shows of the trial of a code question's version."""
    if version is None or version.content["kind"] != "code":
        return None
    trial = trial_of(version)
    running = trial.standing is Standing.RUNNING
    waits = trial.those(Found.WAITING)
    line = places(waits[0].grading.device) if waits else {}
    lines = [_line(one, line.get(one.grading.pk)) for one in trial.solutions]
    done = sum(one.found not in {Found.WAITING, Found.JUDGING} for one in trial.solutions)
    return {
        "version": version,
        "lines": lines,
        "running": running,
        "words": _words(trial.standing, done, len(lines)),
        "button": _button(trial.standing) if may(user, "write") else "",
        "mark": digest_of([one.found for one in lines])[:12],
    }


def hindrance(version: QuestionVersion) -> str:
    """Say why a version that was handed in cannot be published yet; else nothing."""
    if asks_second_person(version.question) and not is_approved(version):
        return _("It can be published once a second person has approved it.")
    reason = why_not_tried(version)
    return _("It cannot be published yet. %(reason)s") % {"reason": reason} if reason else ""


def asked_version(
    versions: list[QuestionVersion], draft: Draft | None, asked: Mapping[str, str]
) -> QuestionVersion | None:
    """Return the version whose trial is shown: the one asked for, or what is handed in."""
    numbers = {str(version.number): version for version in versions}
    proposed = draft.proposed_id if draft else None
    usual = next((version for version in versions if version.pk == proposed), None)
    return numbers.get(asked.get("trial", ""), usual)


def progress(model_admin: Any, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Return the trial to the page that asks again and again; 204 while nothing has changed."""
    user = person(request, "view")
    question = model_admin.get_object(request, str(pk))
    if question is None:
        raise Http404
    version = get_object_or_404(question.versions.select_related("question__live"), number=number)
    trial = trial_context(version, user)
    if trial is None:
        raise Http404
    if trial["running"] and trial["mark"] == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    drafts = Draft.objects.select_related("proposed").filter(question=question, proposed=version)
    context = {
        "question": question,
        "trial": trial,
        "draft": drafts.first() if may(user, "publish") and not trial["running"] else None,
        "hindrance": hindrance(version),
    }
    return render(request, "admin/question_bank/question/trial_again.html", context)


def _line(one: Tried, place: Place | None) -> Line:
    return Line(
        name=one.solution.name,
        told=one.solution.told,
        expected=" or ".join(map(in_words, one.solution.expected)),
        mark=_MARKS[one.found],
        found=_found(one, place),
        verdict=_said(one.grading.verdict) if one.found is Found.OTHERWISE else "",
        address=reverse("web:submission", args=[one.submission.pk]),
    )


def _said(verdict: Mapping[str, Any] | None) -> str:
    return str((verdict or {}).get("message", ""))


def _found(one: Tried, place: Place | None) -> str:
    grading = one.grading
    if one.found is Found.WAITING:
        if grading.rests():
            return _("too noisy or not graded so far; tried again by itself")
        return in_line(place) if place else _("waits for its turn")
    if one.found is Found.JUDGING:
        stage = str(NAMES.get(grading.stage, grading.stage)).lower()
        return _("being graded: %(stage)s") % {"stage": stage} if stage else _("being graded")
    if one.found is Found.UNDECIDED:
        if grading.held:
            return _("held, so not decided: %(held)s") % {"held": grading.held}
        return str(_UNDECIDED[grading.failure])
    return in_words(one.verdict)


def _words(standing: Standing, done: int, number: int) -> str:
    return {
        Standing.NONE: _("It has not been tried."),
        Standing.RUNNING: _("It is being graded: %(done)s of %(number)s solutions have a verdict.")
        % {"done": done, "number": number},
        Standing.PASSED: _("It passed: every solution got a verdict that was expected of it."),
        Standing.FAILED: _("It did not pass."),
        Standing.UNDECIDED: _("It is not decided: not every solution could be judged."),
    }[standing]


def _button(standing: Standing) -> str:
    return {
        Standing.NONE: _("Run the trial"),
        Standing.FAILED: _("Run the trial again"),
        Standing.UNDECIDED: _("Judge again what is not decided"),
    }.get(standing, "")
