"""The pages on which a code exercise is typed as a pattern: a new one, or a draft's again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.admin.drafts.pattern_form import PatternForm
from assessments.admin.drafts.shapes import shape_of_kind
from assessments.admin.rights import person
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.models import Draft, Question
from question_bank.retyping import made_content

_TEMPLATES = "admin/question_bank/draft"


def begin(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Ask for a pattern and what goes with it, then begin a draft of the exercise that it makes."""
    by = person(request, "write")
    form = PatternForm(request.POST.dict() if request.method == "POST" else None)
    if request.POST.get("do") == "make" and form.ready() and form.declaration:
        made = {"title": form.declaration.title} | made_content(form.declaration)
        content = shape_of_kind(Question.Kind.CODE).blank() | made
        try:
            draft = authoring.new_question(form.declaration.slug, content, by.pk)
        except AuthoringError as refusal:
            form.problems["slug"].append(str(refusal))
        else:
            return HttpResponseRedirect(_address("change", draft.pk))
    own = {"preview_address": _address("pattern_preview"), "verb": _("Begin a draft")}
    return _page(model_admin, request, form, _("Code exercise from a pattern"), own)


def change(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a draft's pattern again; what its author has not changed is made anew."""
    by = person(request, "write")
    draft = _draft(pk)
    form = _form_of(draft, request)
    seen = request.POST.get("revision", str(draft.revision))
    if request.POST.get("do") == "make" and form.ready():
        try:
            authoring.save_draft(
                draft,
                form.retyped(),
                by.pk,
                revision=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            )
        except AuthoringError as refusal:
            model_admin.message_user(request, str(refusal), messages.ERROR)
        else:
            model_admin.message_user(request, _("The exercise is made anew."), messages.SUCCESS)
            return HttpResponseRedirect(_address("change", draft.pk))
    own = {
        "preview_address": _address("pattern_again", pk),
        "verb": _("Change the exercise"),
        "draft": draft,
        "revision": draft.revision,
    }
    return _page(
        model_admin, request, form, _("Pattern of %(slug)s") % {"slug": draft.question.slug}, own
    )


def preview(model_admin: Any, request: HttpRequest, pk: int | None = None) -> HttpResponse:  # noqa: ARG001
    """Return the mask and the exercise of what a form holds; nothing is kept."""
    person(request, "write")
    form = PatternForm(request.POST.dict()) if pk is None else _form_of(_draft(pk), request)
    context = form.context()
    # Rows are drawn anew only where there are others: somebody may be typing in them.
    context["again"] = True
    context["other_names"] = context["names"] != request.POST.get("names", "")
    return render(request, f"{_TEMPLATES}/pattern_preview.html", context)


def _draft(pk: int) -> Draft:
    drafts = Draft.objects.select_related("question").filter(question__kind=Question.Kind.CODE)
    return get_object_or_404(drafts, pk=pk)


def _form_of(draft: Draft, request: HttpRequest) -> PatternForm:
    sent = request.POST.dict() if request.method == "POST" else None
    return PatternForm(sent, content=draft.content, slug=draft.question.slug)


def _page(
    model_admin: Any, request: HttpRequest, form: PatternForm, title: str, own: dict[str, Any]
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        **form.context(),
        **own,
        "title": title,
        "opts": model_admin.opts,
    }
    return render(request, f"{_TEMPLATES}/pattern.html", context)


def _address(page: str, *arguments: object) -> str:
    return reverse(f"admin:question_bank_draft_{page}", args=arguments)
