"""What is done with one question from its page: each a form that is posted, each refused in words.

A form says which version it was looking at: what others did meanwhile is never approved, published
or withdrawn unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from assessments.admin.questions import addresses, page
from assessments.admin.rights import Right, person
from assessments.models import User
from assessments.services.authoring import publish, roll_back
from assessments.services.trials import begin_trial
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.models import Draft, Question, QuestionEvent, QuestionVersion

_LONGEST_NOTE = QuestionEvent._meta.get_field("note").max_length or 0


@dataclass(frozen=True)
class _Asked:
    """What a form asks: with which question, by whom, seen in which version, with which note."""

    question: Question
    by: User
    seen: str
    note: str


@dataclass(frozen=True)
class _Verb:
    right: Right
    act: Callable[[_Asked], str]


def do(model_admin: Any, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do something with a question, or show its page again with the reason why not."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = _VERBS.get(verb)
    user = person(request, "view", chosen.right if chosen else "view")
    question = get_object_or_404(Question, pk=pk)
    note, seen = request.POST.get("note", ""), request.POST.get("version", "")
    try:
        if chosen is None:
            raise AuthoringError(_("Nothing was done: choose what to do."))
        said = _done(chosen, _Asked(question, user, seen, note.strip()))
    except AuthoringError as refusal:
        for reason in refusal.reasons:
            model_admin.message_user(request, reason, messages.ERROR)
        typed = {"verb": verb, "note": note, "version": seen}
        return page.show(model_admin, request, pk, typed=typed, status=409)
    model_admin.message_user(request, said, messages.SUCCESS)
    return redirect(addresses.of_question(question))


def _done(verb: _Verb, asked: _Asked) -> str:
    if len(asked.note) > _LONGEST_NOTE:
        raise AuthoringError(
            _("Shorten the note; it has more than %(most)s characters.") % {"most": _LONGEST_NOTE}
        )
    with transaction.atomic():
        return verb.act(asked)


def _approve(asked: _Asked) -> str:
    authoring.approve(_draft(asked), asked.by.pk, note=asked.note)
    return _("Approved; it can be published.")


def _send_back(asked: _Asked) -> str:
    authoring.send_back(_draft(asked), asked.by.pk, note=asked.note)
    return _("Sent back; its writers find your note in the history.")


def _publish(asked: _Asked) -> str:
    version = publish(_draft(asked), asked.by)
    return _("Version %(number)s is live; attempts begin with it from now on.") % {
        "number": version.number
    }


def _withdraw(asked: _Asked) -> str:
    question = Question.objects.select_for_update(of=("self",)).get(pk=asked.question.pk)
    if question.live_id is not None and asked.seen != str(question.live_id):
        raise AuthoringError(_("Another version went live since you opened this page; look at it."))
    authoring.withdraw(question, asked.by.pk, note=asked.note)
    return _("Withdrawn; no attempt begins any more, those that have begun go on.")


def _roll_back(asked: _Asked) -> str:
    version = _version(asked, _("Choose a version to roll back to."))
    roll_back(asked.question, version, asked.by, note=asked.note)
    return _("Version %(number)s is live again; attempts begin with it from now on.") % {
        "number": version.number
    }


def _try(asked: _Asked) -> str:
    version = _version(asked, _("Choose a version to try."))
    begin_trial(version, asked.by)
    return _("The trial of version %(number)s is on its way; learners’ jobs come first.") % {
        "number": version.number
    }


def _version(asked: _Asked, otherwise: str) -> QuestionVersion:
    versions = asked.question.versions.select_related("question")
    version = versions.filter(pk=asked.seen).first() if asked.seen.isdecimal() else None
    if version is None:
        raise AuthoringError(otherwise)
    return version


def _draft(asked: _Asked) -> Draft:
    """Return the draft, locked, if what was handed in is what the form was looking at."""
    drafts = Draft.objects.select_for_update(of=("self",))
    draft = drafts.filter(question=asked.question).first()
    if draft is None or draft.proposed_id is None:
        raise AuthoringError(_("Nothing is handed in any more; look at the history below."))
    if asked.seen != str(draft.proposed_id):
        raise AuthoringError(
            _("Something else was handed in since you opened this page; look at it.")
        )
    return draft


_VERBS = {
    "approve": _Verb("approve", _approve),
    "send-back": _Verb("approve", _send_back),
    "publish": _Verb("publish", _publish),
    "withdraw": _Verb("publish", _withdraw),
    "roll-back": _Verb("publish", _roll_back),
    "try": _Verb("write", _try),
}
