"""A learner's own answers to a question."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.access import visible_questions
from assessments.services.results import exam_asking
from assessments.web import answers_page
from assessments.web.requests import SignedIn, find
from question_bank.models import Question


@login_required
@never_cache
@require_safe
def answers(request: SignedIn, slug: str) -> HttpResponse:
    """List what the learner answered to a question; code is listed by its submissions."""
    question = find(visible_questions(request.user), slug=slug)
    if exam := exam_asking(request.user, question):
        closed = {"question": question, "sitting": exam}
        return render(request, "web/sittings/closed.html", closed, status=403)
    if question.kind == Question.Kind.CODE:
        return redirect("web:history", question.slug)
    context = answers_page.context(question, request.user, request.GET.get("page"))
    return render(request, "web/answers.html", context)
