"""Exporting questions: what a format cannot hold is said before the file is saved."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from assessments.admin.questions import chosen
from assessments.admin.rights import person
from question_bank.exchange import FORMATS, Exported, export
from question_bank.models import Question

_TEMPLATE = "admin/question_bank/question/export.html"
_MOST = 5_000


def begin(model_admin: Any, request: HttpRequest, questions: QuerySet[Question]) -> HttpResponse:
    """Ask for the format of the questions that were chosen in the list."""
    person(request, "view")
    pks = sorted(questions.order_by().values_list("pk", flat=True)[:_MOST])
    return _page(model_admin, request, pks, None)


def send_out(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Say what a format cannot hold, or send the file."""
    person(request, "view")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    pks, name = (
        chosen.read(request.POST.get("questions", ""), _MOST),
        request.POST.get("format", ""),
    )
    if name not in FORMATS:
        return _page(model_admin, request, pks, None)
    made = export(Question.objects.filter(pk__in=pks), name)
    if "download" not in request.POST:
        return _page(model_admin, request, pks, made, name)
    response = HttpResponse(made.data, content_type=FORMATS[name].content_type)
    response["Content-Disposition"] = f'attachment; filename="questions{FORMATS[name].suffix}"'
    return response


def _page(
    model_admin: Any, request: HttpRequest, pks: list[int], made: Exported | None, name: str = ""
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "title": _("Export questions"),
        "formats": [(key, each.title) for key, each in FORMATS.items()],
        "format": name,
        "format_title": FORMATS[name].title if name else "",
        "count": len(pks),
        "questions": chosen.written(pks),
        "made": made,
    }
    return TemplateResponse(request, _TEMPLATE, context)
