"""Publishing and withdrawing many questions; each follows the same rules as one on its page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.admin.questions.bulk_kind import Bulk
from assessments.models import User
from assessments.services.authoring import (
    asks_second_person,
    hand_in_and_publish,
    why_not_tried,
)
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.models import Draft, Question, QuestionEvent

_LONGEST_NOTE = QuestionEvent._meta.get_field("note").max_length or 0


class Publish(Bulk):
    """Hands drafts in and publishes them, where nobody else has to approve them first."""

    title, button, rights = (
        gettext_lazy("Hand in and publish drafts"),
        gettext_lazy("Publish them"),
        ("write", "publish"),
    )
    # Each is tested on every deployed variant, once to foresee it and once to do it.
    most = 50
    at_once = True

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return what will become of a question's draft."""
        draft = _draft(question)
        if problems := authoring.problems_of(draft.content):
            raise AuthoringError(*problems)
        approved = draft.proposed is not None and authoring.is_approved(draft.proposed)
        if asks_second_person(question) and not approved:
            return _("is handed in, and waits for a second person’s approval")
        if waits := _waits_for_trial(draft):
            return waits
        return _("goes live; attempts begin with it from then on")

    def act(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Hand it in, and publish it if nobody else is asked for."""
        draft = _draft(question)
        handed_in = draft.proposed_id
        try:
            version = hand_in_and_publish(draft, user, revision=draft.revision)
        except AuthoringError as refusal:
            draft = _draft(question)
            if draft.proposed_id is None or draft.proposed_id == handed_in:
                raise
            raise AuthoringError(_("Handed in, but not live."), *refusal.reasons) from refusal
        return _("version %(number)s is live") % {"number": version.number}


class Withdraw(Bulk):
    """Withdraws questions; attempts that have begun go on."""

    title, button, rights = gettext_lazy("Withdraw"), gettext_lazy("Withdraw them"), ("publish",)
    field, help, needed = (
        gettext_lazy("Note"),
        gettext_lazy("Why; it stands in the history of each. May be empty"),
        False,
    )
    at_once = True

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return the note. Raises ``AuthoringError``."""
        if len(typed.strip()) > _LONGEST_NOTE:
            raise AuthoringError(
                _("Shorten the note to %(most)s characters.") % {"most": _LONGEST_NOTE}
            )
        return typed.strip()

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return what will happen to a question."""
        if question.live_id is None:
            raise AuthoringError(_("This question is not live."))
        courses = question.courses.count()
        return ngettext(
            "is withdrawn; no attempt begins any more (it is in %(courses)s of the courses)",
            "is withdrawn; no attempt begins any more (it is in %(courses)s of the courses)",
            courses,
        ) % {"courses": courses}

    def act(self, question: Question, given: str, user: User) -> str:
        """Withdraw it."""
        authoring.withdraw(question, user.pk, note=given)
        return _("withdrawn")


def _waits_for_trial(draft: Draft) -> str:
    """Say that a draft waits for the trial of its code, where it does; else nothing."""
    if draft.question.kind != Question.Kind.CODE:
        return ""
    if draft.proposed is None:
        return _(
            "is handed in; its exercise or its solutions may ask for a trial before it goes live"
        )
    reason = why_not_tried(draft.proposed)
    return _("stays handed in. %(reason)s") % {"reason": reason} if reason else ""


def _draft(question: Question) -> Draft:
    draft = Draft.objects.select_related("proposed", "question").filter(question=question).first()
    if draft is None:
        raise AuthoringError(_("It has no draft."))
    return draft
