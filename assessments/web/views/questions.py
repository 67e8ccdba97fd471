"""A question: asked, and answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.access import visible_courses, visible_questions
from assessments.models import Attempt, Sitting, Submission
from assessments.services import (
    SourceTooLargeError,
    SubmittedBeforeError,
    TooManySubmissionsError,
    WithdrawnError,
    attempt_for,
    record_response,
    start_again,
    submit_code,
)
from assessments.services.journal import TooMuchError, save_form
from assessments.services.results import exam_asking
from assessments.web import question_page
from assessments.web.answer_forms import form_of
from assessments.web.forms import answer_fields, source_bytes
from assessments.web.journals import form_sent
from assessments.web.orders import moved
from assessments.web.requests import SignedIn, find, fragment, kept_for
from question_bank.kinds import DesignPage, UnreadableAnswerError
from question_bank.models import Question
from question_bank.variants import variant_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedIn, slug: str) -> HttpResponse:
    """Show a question at the learner's present attempt, or take an answer to it."""
    found = visible_questions(request.user).filter(slug=slug).first()
    if found is None:
        return _not_joined(request, slug)
    if exam := exam_asking(request.user, found):
        return _closed(request, found, exam)
    attempt = attempt_for(request.user, found)
    if request.method != "POST":
        return _page(request, attempt)
    if found.kind == Question.Kind.CODE:
        return _submit(request, attempt)
    return _answer(request, attempt)


@login_required
@require_POST
def again(request: SignedIn, slug: str) -> HttpResponse:
    """Start another attempt, with other values."""
    found = find(visible_questions(request.user), slug=slug)
    if exam := exam_asking(request.user, found):
        return _closed(request, found, exam)
    try:
        start_again(request.user, found)
    except WithdrawnError:
        messages.info(request, _("This question is withdrawn: no new attempt begins."))
    return redirect("web:question", found.slug)


@fragment
@require_POST
def figures(request: SignedIn, slug: str) -> HttpResponse:
    """Work out what a design comes to while it is being made; nothing is marked or kept."""
    found = find(visible_questions(request.user), slug=slug, kind=Question.Kind.DESIGN)
    if exam := exam_asking(request.user, found):
        return _closed(request, found, exam)
    attempt = attempt_for(request.user, found)
    page = variant_of(attempt.version, attempt.seed).page
    assert isinstance(page, DesignPage)
    form = form_of(page, answer_fields(request.POST))
    return render(request, "web/parts/design_live.html", {"form": form})


def _closed(request: SignedIn, asked: Question, exam: Sitting) -> HttpResponse:
    """Say that a question's own page is closed while its learner sits an exam with it."""
    context = {"question": asked, "sitting": exam}
    return render(request, "web/sittings/closed.html", context, status=403)


def _answer(request: SignedIn, attempt: Attempt) -> HttpResponse:
    typed = answer_fields(request.POST)
    move, look = typed.pop("move", ""), typed.pop("look", "")
    focus = look
    if move:
        typed, focus = moved(typed, move)
    try:
        save_form(attempt, form_sent(attempt, typed, request.POST))
        if move or look:
            return _page(request, attempt, typed=typed, focus=focus)
        record_response(attempt, typed)
    except (UnreadableAnswerError, TooMuchError) as fault:
        return _page(request, attempt, status=422, typed=typed, fault=str(fault))
    return redirect("web:question", attempt.question.slug)


def _submit(request: SignedIn, attempt: Attempt) -> HttpResponse:
    typed = {"source": request.POST.get("source", "").replace("\r\n", "\n")}
    try:
        save_form(attempt, form_sent(attempt, typed, request.POST))
        submission = submit_code(request.user, attempt, source_bytes(request))
    except (SourceTooLargeError, TooMuchError) as fault:
        return _page(request, attempt, status=413, typed=typed, fault=str(fault))
    except SubmittedBeforeError as before:
        messages.info(request, _seen_before(before.submission))
        return redirect("web:submission", before.submission.pk)
    except TooManySubmissionsError as fault:
        response = _page(request, attempt, status=429, typed=typed, fault=str(fault))
        response["Retry-After"] = str(fault.seconds)
        return response
    return redirect("web:submission", submission.pk)


def _seen_before(earlier: Submission) -> str:
    if not earlier.grading.is_done:
        return _("You have submitted this code already; here is where it stands.")
    return _(
        "You have submitted this code before: at most comments and blank lines differ. What came "
        "of it stands, and nothing was judged anew."
    )


def _page(
    request: SignedIn,
    attempt: Attempt,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    fault: str = "",
    focus: str = "",
) -> HttpResponse:
    query = request.GET.get("query")
    asked = request.GET.get("from", "")
    context = question_page.context(
        attempt,
        request.user,
        query=query,
        typed=typed or {},
        loaded=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None,
    )
    context |= {"fault": fault, "focus": focus}
    # What an answer's fields are described by, for those who do not see it beside them.
    context["said"] = "fault" if fault else "feedback" if context.get("response") else ""
    code = attempt.question.kind == Question.Kind.CODE
    template = "web/questions/code.html" if code else "web/questions/answer.html"
    return kept_for(request.user, render(request, template, context, status=status))


def _not_joined(request: SignedIn, slug: str) -> HttpResponse:
    """Lead whoever has not joined the question's course to that course; else it is a 404."""
    course = visible_courses(request.user).filter(questions__slug=slug).first()
    if course is None:
        raise Http404
    messages.info(request, _("Join the course to answer its questions."))
    return redirect("web:course", course.slug)
