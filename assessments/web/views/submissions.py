"""A submission of code: its progress, its verdict, and those before it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, trigger_client_event

from assessments.access import readable_submissions, visible_questions
from assessments.models import Attempt, Sitting, Submission
from assessments.services.results import exam_asking, hides_feedback
from assessments.web import comparison_page, submission_page
from assessments.web.histories import light, lines
from assessments.web.progress import progress_of
from assessments.web.requests import SignedIn, find, fragment

A_PAGE = 20
STOP_ASKING = 286  # htmx ends its polling on this status


@login_required
@never_cache
@require_safe
def submission(request: SignedIn, pk: int) -> HttpResponse:
    """Show where a submission stands, or its verdict."""
    found = find(submission_page.whole(readable_submissions(request.user)), pk=pk)
    if exam := _closed_by(request, found):
        context = {"question": found.attempt.question, "sitting": exam}
        return render(request, "web/sittings/closed.html", context, status=403)
    return render(request, "web/submission.html", submission_page.context(found, request.user))


def _closed_by(request: SignedIn, found: Submission) -> Sitting | None:
    """Return the exam that its learner is sitting, where it asks what was practised here."""
    if found.attempt.learner_id != request.user.pk or found.attempt.sitting_id is not None:
        return None
    return exam_asking(request.user, found.attempt.question)


@fragment
@never_cache
@require_safe
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """Return the stages to the page that asks again and again; 204 while nothing has changed.

    Once there is a verdict the page stops asking (286) and fetches it (the event ``graded``).
    """
    visible = readable_submissions(request.user).defer("source")
    found = find(submission_page.whole(visible), pk=pk)
    grading = found.grading
    if grading.is_done and hides_feedback(found.attempt, request.user):
        return HttpResponse(status=STOP_ASKING)
    if grading.is_done:
        response = render(
            request, "web/parts/graded.html", {"grading": grading}, status=STOP_ASKING
        )
        return trigger_client_event(reswap(response, "none"), "graded")
    if hides_feedback(found.attempt, request.user):
        return HttpResponse(status=204)
    now = progress_of(grading, submission_page.exercise_of(found))
    seen = request.GET.get("seen", "")
    if now.mark == seen:
        return HttpResponse(status=204)
    context = {"submission": found, "grading": grading, "progress": now}
    context["speak"] = seen.partition("/")[0] != now.stage
    return render(request, "web/parts/progress.html", context)


@fragment
@never_cache
@require_safe
def verdict(request: SignedIn, pk: int) -> HttpResponse:
    """Return the part of a submission's page that shows its verdict."""
    found = find(submission_page.whole(readable_submissions(request.user)), pk=pk)
    if hides_feedback(found.attempt, request.user) or _closed_by(request, found):
        raise Http404
    return render(request, "web/parts/verdict.html", submission_page.context(found, request.user))


@login_required
@require_safe
def source(request: SignedIn, pk: int) -> HttpResponse:
    """Return a submitted file as it came, to be saved and never run by a browser."""
    found: Submission = find(readable_submissions(request.user), pk=pk)
    response = HttpResponse(bytes(found.source), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="submission-{found.number}.py"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@never_cache
@require_safe
def history(request: SignedIn, slug: str) -> HttpResponse:
    """List a learner's own submissions to a question, newest first."""
    question = find(visible_questions(request.user), slug=slug)
    if exam := exam_asking(request.user, question):
        closed = {"question": question, "sitting": exam}
        return render(request, "web/sittings/closed.html", closed, status=403)
    own = Submission.objects.filter(
        attempt__learner=request.user,
        attempt__question=question,
        attempt__purpose=Attempt.Purpose.PRACTICE,
    )
    listed = light(own).order_by("-submitted_at", "-pk")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {"question": question, "page": page, "submissions": lines(page.object_list)}
    return render(request, "web/history.html", context)


@login_required
@never_cache
@require_safe
def compare(request: SignedIn, slug: str) -> HttpResponse:
    """Show the submissions ``a`` and ``b`` to a question side by side; ``all`` shows every line."""
    seen = submission_page.whole(readable_submissions(request.user))
    first, second = (
        find(seen, pk=_number(request.GET.get(name, "")), attempt__question__slug=slug)
        for name in ("a", "b")
    )
    for one in (first, second):
        if hides_feedback(one.attempt, request.user) or _closed_by(request, one):
            raise Http404
    context = comparison_page.context(first, second, whole="all" in request.GET)
    context["is_own"] = first.attempt.learner_id == request.user.pk
    return render(request, "web/comparison.html", context)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
