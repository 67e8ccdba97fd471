"""The page of a question: what is live, what is to follow, what was, and what may be done."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.admin.learners_view import view_of
from assessments.admin.questions import addresses
from assessments.admin.questions.compared import comparison
from assessments.admin.questions.trial import asked_version, hindrance, trial_context
from assessments.admin.questions.usage import share_solved
from assessments.admin.questions.where_used import where_used
from assessments.admin.rights import may, person
from assessments.models import Attempt, User
from assessments.services.authoring import asks_second_person
from assessments.services.question_states import told
from question_bank.authoring import LIVE_ACTIONS, is_approved, may_approve
from question_bank.models import Draft, Question, QuestionEvent, QuestionVersion
from question_bank.variants import deployed_seed

_TEMPLATE = "admin/question_bank/question/page.html"


def show(
    model_admin: Any,
    request: HttpRequest,
    pk: object,
    *,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a question; ``typed`` is what a refused form held: its verb, note and version."""
    user = person(request, "view")
    question = model_admin.get_object(request, str(pk))
    if question is None:
        raise Http404
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "title": question.title,
        **_facts(question),
        **_texts(question, request.GET),
        "history": _history(question),
        "zone": timezone.get_current_timezone_name(),
        "typed": typed or {},
    }
    draft, versions = context["draft"], context["versions"]
    context["trial"] = trial_context(asked_version(versions, draft, request.GET), user)
    context["hindrance"] = hindrance(draft.proposed) if draft and draft.proposed else ""
    context["verbs"] = _verbs(question, draft, user) | {
        "earlier": _earlier(question, versions) if may(user, "publish") else []
    }
    return TemplateResponse(request, _TEMPLATE, context, status=status)


def _facts(question: Any) -> dict[str, Any]:
    return {
        "question": question,
        "state": told(question),
        "concepts": list(question.concepts.order_by("tested__position")),
        "solved": share_solved(question),
        "used": where_used(question),
        "second_person": asks_second_person(question),
    }


def _texts(question: Question, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the versions, the draft, one version as learners see it, and two compared."""
    versions = _versions(question)
    drafts = Draft.objects.select_related("saved_by", "proposed__question__live", "question")
    draft = drafts.filter(question=question).first()
    numbers = {str(version.number): version for version in versions}
    lives = (version for version in versions if version.pk == question.live_id)
    usual = next(lives, versions[0] if versions else None)
    shown = numbers.get(asked.get("version", ""), usual)
    seed = deployed_seed(asked.get("seed", ""))
    return {
        "versions": versions,
        "draft": draft,
        "shown": shown,
        "seed": seed,
        "view": view_of(shown, seed) if shown else {},
        "compared": comparison(question, versions, draft, asked),
    }


def _versions(question: Question) -> list[QuestionVersion]:
    been = QuestionEvent.objects.filter(version=OuterRef("pk"), action__in=LIVE_ACTIONS)
    rows = question.versions.select_related("author", "question__live").order_by("-number")
    begun = Count("attempts", filter=Q(attempts__in=Attempt.objects.by_learners()))
    return list(rows.annotate(begun=begun, been_live=Exists(been)))


def _history(question: Question) -> list[dict[str, Any]]:
    """Return what was done with a question, the newest first: its events, and its sorting."""
    events = [
        {
            "at": event.at,
            "by": event.by or _("a command"),
            "what": event.get_action_display(),
            "version": event.version.number if event.version else None,
            "note": event.note,
        }
        for event in question.events.select_related("version", "by")
    ]
    kept = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Question), object_id=str(question.pk)
    )
    sorting = [
        {"at": entry.action_time, "by": entry.user, "what": entry.get_change_message()}
        for entry in kept.select_related("user")
    ]
    return sorted([*events, *sorting], key=lambda line: line["at"], reverse=True)


def _verbs(question: Question, draft: Draft | None, user: User) -> dict[str, Any]:
    """Return what the person may do now; what is missing they may not."""
    proposed = draft.proposed if draft else None
    writes, approves = may(user, "write"), may(user, "approve")
    publishes = may(user, "publish")
    approved = proposed is not None and is_approved(proposed)
    return {
        "begin": addresses.of_draft("begin", question.pk) if writes and not draft else "",
        "open": addresses.of_draft("change", draft.pk) if draft and writes else "",
        "duplicate": addresses.of_draft("duplicate", question.pk) if writes else "",
        "approved": approved,
        "decide": proposed is not None and approves,
        "own": draft is not None and proposed is not None and not may_approve(draft, user.pk),
        "publish": proposed is not None and publishes,
        "withdraw": publishes and question.live_id is not None,
    }


def _earlier(question: Question, versions: list[Any]) -> list[QuestionVersion]:
    """Return the versions that can be live again."""
    return [one for one in versions if one.been_live and one.pk != question.live_id]
