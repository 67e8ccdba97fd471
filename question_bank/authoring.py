"""What authors and reviewers do with a question: each verb is one transaction.

A draft is changed at will. Handing it in makes a version of it, which is tested on every deployed
variant; that very version is what others approve and what is published. Who may do what is the
caller's to ask; that nobody approves their own work is held here.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from pydantic import ValidationError

from grader.contract import LONGEST_SLUG, SLUG
from grader.words import gettext as _
from question_bank.author_tests import failures
from question_bank.courses.faults import faults_of
from question_bank.digests import digest_of
from question_bank.kinds import KINDS, Content
from question_bank.models import Concept, Draft, Question, QuestionEvent, QuestionVersion
from question_bank.variants import read_content
from question_bank.versions import go_live, index, make_version

_Action = QuestionEvent.Action

LIVE_ACTIONS = (_Action.LOADED, _Action.PUBLISHED, _Action.ROLLED_BACK)
"""What makes a version live."""


class AuthoringError(ValueError):
    """What was asked cannot be done; ``reasons`` say why, for whoever asked, a line each."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


class SavedMeanwhileError(AuthoringError):
    """Somebody has saved the draft since it was opened: nothing was overwritten."""


@transaction.atomic
def new_question(slug: str, content: Mapping[str, Any], by: int) -> Draft:
    """Begin a question with a draft; its kind is the content's. Raises ``AuthoringError``."""
    kind = content.get("kind")
    if kind not in KINDS:
        raise AuthoringError(_("The kind is one of %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    if not re.fullmatch(SLUG, slug) or len(slug) > LONGEST_SLUG:
        raise AuthoringError(
            _(
                "A name is lower-case words and digits joined by hyphens,"
                " %(longest_slug)s characters at most."
            )
            % {"longest_slug": LONGEST_SLUG}
        )
    if Question.objects.filter(slug=slug).exists():
        raise AuthoringError(
            _("There is a question %(slug)s already; choose another name.") % {"slug": slug}
        )
    question = Question.objects.create(slug=slug, kind=kind, title=_title(content))
    return _start(question, content, by)


@transaction.atomic
def draft_of(question: Question, by: int) -> Draft:
    """Return the draft of a question, started from what is live (or newest) if there is none."""
    _lock(question)
    draft = Draft.objects.filter(question=question).first()
    if draft is not None:
        return draft
    base = question.live or question.versions.latest("number")
    return _start(question, base.content, by, base)


@transaction.atomic
def save_draft(draft: Draft, content: Mapping[str, Any], by: int, *, revision: int) -> Draft:
    """Keep what a draft says now; it need not be valid. ``revision`` is the one it was opened at.

    Raises ``SavedMeanwhileError``, and ``AuthoringError`` where the kind would change.
    """
    if content.get("kind") != draft.question.kind:
        raise AuthoringError(
            _("A question stays of its kind; this one is %(kind)s.") % {"kind": draft.question.kind}
        )
    present = Draft.objects.select_for_update().get(pk=draft.pk)
    if present.revision != revision:
        raise SavedMeanwhileError(
            _(
                "%(person)s has saved this draft since you opened it. What you "
                "wrote is still in the form: compare it with the draft, then save again."
            )
            % {"person": present.saved_by or _("Somebody")}
        )
    if digest_of(present.content) == digest_of(dict(content)):
        return present
    present.content, present.proposed = dict(content), None
    present.revision += 1
    present.saved_by_id, present.saved_at = by, timezone.now()
    present.save()
    present.writers.add(by)
    _index_unreleased(present)
    return present


@transaction.atomic
def discard_draft(draft: Draft, by: int) -> None:
    """Drop a draft; a question that has no version yet goes with it. Raises ``AuthoringError``."""
    question = draft.question
    if question.versions.exists():
        draft.delete()
        _note(question, _Action.DISCARDED, by)
        return
    try:
        question.delete()
    except ProtectedError as held:
        raise AuthoringError(_("Take the question out of its courses first.")) from held


@transaction.atomic
def duplicate(question: Question, slug: str, by: int) -> Draft:
    """Begin another question with what this one says. Raises ``AuthoringError``."""
    draft = Draft.objects.filter(question=question).first()
    base = question.live or question.versions.order_by("-number").first()
    content = base.content if base else draft.content if draft else {}
    copy = new_question(
        slug,
        content | {"title": (_("%(content)s (copy)") % {"content": _title(content)})[:120]},
        by,
    )
    copy.question.tags.set(question.tags.all())
    Question.objects.filter(pk=copy.question.pk).update(folder=question.folder)
    return copy


def problems_of(content: Mapping[str, Any]) -> list[str]:
    """Return why a draft cannot be handed in, a line each: what is missing or does not mark so."""
    try:
        read = read_content(content)
    except ValidationError as refusal:
        return [f"{fault.key}: {fault.reason}" for fault in faults_of(refusal, "")]
    return [*_unknown_concepts(read), *failures(read)]


@transaction.atomic
def propose(draft: Draft, by: int, *, revision: int) -> QuestionVersion:
    """Make a version of a draft, for trials and approval. Raises ``AuthoringError``."""
    question = _lock(draft.question)
    draft = Draft.objects.get(pk=draft.pk)
    if draft.revision != revision:
        raise SavedMeanwhileError(
            _("The draft has been saved since you opened it; look at it first.")
        )
    if problems := problems_of(draft.content):
        raise AuthoringError(*problems)
    version = make_version(question, read_content(draft.content), author=by)
    if version == question.live:
        raise AuthoringError(_("The draft says what is live already."))
    if version != draft.proposed:
        Draft.objects.filter(pk=draft.pk).update(proposed=version)
        _note(question, _Action.PROPOSED, by, version)
    return version


@transaction.atomic
def approve(draft: Draft, by: int, *, note: str = "") -> None:
    """Approve the version that was handed in. Raises ``AuthoringError``."""
    version = _proposed(draft)
    if _wrote(draft, by):
        raise AuthoringError(_("Somebody else approves what you have written."))
    _note(draft.question, _Action.APPROVED, by, version, note)


@transaction.atomic
def send_back(draft: Draft, by: int, *, note: str) -> None:
    """Ask for changes before the version that was handed in is published."""
    version = _proposed(draft)
    if not note.strip():
        raise AuthoringError(_("Say what has to change before this is published."))
    Draft.objects.filter(pk=draft.pk).update(proposed=None)
    _note(draft.question, _Action.SENT_BACK, by, version, note)


@transaction.atomic
def publish_draft(draft: Draft, by: int, *, second_person: bool) -> QuestionVersion:
    """Let attempts begin with the version that was handed in; the draft has served its purpose.

    ``second_person``: only what somebody else has approved. Raises ``AuthoringError``.
    """
    question, version = _lock(draft.question), _proposed(draft)
    if second_person and not is_approved(version):
        raise AuthoringError(_("A second person approves this before it is published."))
    go_live(question, version, _Action.PUBLISHED, by=by)
    draft.delete()
    return version


@transaction.atomic
def withdraw(question: Question, by: int, *, note: str = "") -> None:
    """Let no attempt begin any more; those that have begun go on. Raises ``AuthoringError``."""
    question = _lock(question)
    if question.live is None:
        raise AuthoringError(_("This question is not live."))
    go_live(question, None, _Action.WITHDRAWN, by=by, note=note)


@transaction.atomic
def roll_back(question: Question, version: QuestionVersion, by: int, *, note: str = "") -> None:
    """Let attempts begin with a version that has been live before. Raises ``AuthoringError``."""
    question = _lock(question)
    if version.question_id != question.pk or not has_been_live(version):
        raise AuthoringError(_("Only a version that has been live can be live again."))
    if question.live_id == version.pk:
        raise AuthoringError(_("This version is live already."))
    go_live(question, version, _Action.ROLLED_BACK, by=by, note=note)


def is_approved(version: QuestionVersion) -> bool:
    """Whether a person who did not hand it in has approved a version, after all else said of it."""
    last = version.events.filter(action__in=[_Action.APPROVED, _Action.SENT_BACK]).first()
    return last is not None and last.action == _Action.APPROVED and last.by_id != version.author_id


def may_approve(draft: Draft, person: int) -> bool:
    """Whether a person has written nothing of what a draft says."""
    return not _wrote(draft, person)


def has_been_live(version: QuestionVersion) -> bool:
    """Whether learners may have seen a version."""
    return version.events.filter(action__in=LIVE_ACTIONS).exists()


def _start(
    question: Question, content: Mapping[str, Any], by: int, base: QuestionVersion | None = None
) -> Draft:
    draft = Draft.objects.create(
        question=question,
        content=dict(content),
        based_on=base,
        saved_by_id=by,
        saved_at=timezone.now(),
    )
    draft.writers.add(by)
    _note(question, _Action.STARTED, by, base)
    _index_unreleased(draft)
    return draft


def _index_unreleased(draft: Draft) -> None:
    """Let a question that has never been live be found by what its draft says."""
    if draft.question.versions.exists():
        return
    Question.objects.filter(pk=draft.question_id).update(title=_title(draft.content))
    try:
        content: Content = read_content(draft.content)
    except ValidationError:
        return
    index(draft.question, content)


def _title(content: Mapping[str, Any]) -> str:
    return str(content.get("title") or "Untitled")[:120]


def _unknown_concepts(content: Content) -> list[str]:
    known = set(Concept.objects.filter(slug__in=content.concepts).values_list("slug", flat=True))
    return [
        _("concepts: there is no concept %(slug)s") % {"slug": slug}
        for slug in content.concepts
        if slug not in known
    ]


def _lock(question: Question) -> Question:
    return Question.objects.select_for_update(of=("self",)).get(pk=question.pk)


def _proposed(draft: Draft) -> QuestionVersion:
    draft.refresh_from_db()
    if draft.proposed is None:
        raise AuthoringError(_("Hand the draft in first: it is tested then, and stays as it is."))
    return draft.proposed


def _wrote(draft: Draft, person: int) -> bool:
    version = draft.proposed
    own = version is not None and version.author_id == person
    return own or draft.writers.filter(pk=person).exists()


def _note(
    question: Question,
    action: QuestionEvent.Action,
    by: int,
    version: QuestionVersion | None = None,
    note: str = "",
) -> None:
    QuestionEvent.objects.create(
        question=question, version=version, action=action, by_id=by, note=note
    )
