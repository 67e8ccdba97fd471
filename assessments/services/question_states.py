"""Where a question stands: what is live, what is to follow, and what waits for whom."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import CharField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import User
from question_bank.authoring import LIVE_ACTIONS
from question_bank.models import Draft, Question, QuestionEvent

_Action = QuestionEvent.Action
_OWN = "own"
_HANDED_IN = Q(proposed_number__isnull=False)
_APPROVED = Q(decision=_Action.APPROVED, decision__isnull=False)

STATES = {
    "live": gettext_lazy("live"),
    "draft": gettext_lazy("with a draft"),
    "waiting": gettext_lazy("handed in, waiting for approval"),
    "approved": gettext_lazy("approved, not yet published"),
    "withdrawn": gettext_lazy("withdrawn"),
    "never": gettext_lazy("never live"),
}


def with_states(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Return questions with what ``told`` and ``standing`` ask of them, in the same query."""
    decisions = QuestionEvent.objects.filter(
        version=OuterRef("draft__proposed"), action__in=[_Action.APPROVED, _Action.SENT_BACK]
    )
    # Nobody approves their own work: such a row would not count.
    decision = Case(
        When(action=_Action.APPROVED, by=F("version__author"), then=Value(_OWN)),
        default=F("action"),
        output_field=CharField(),
    )
    been = QuestionEvent.objects.filter(question=OuterRef("pk"), action__in=LIVE_ACTIONS)
    return questions.annotate(
        live_number=F("live__number"),
        draft_pk=F("draft__pk"),
        proposed_number=F("draft__proposed__number"),
        decision=Subquery(decisions.order_by("-at", "-pk").values(decided=decision)[:1]),
        has_been_live=Exists(been),
    )


def standing(questions: QuerySet[Question], state: str) -> QuerySet[Question]:
    """Return those of ``with_states`` that are in a state, a key of ``STATES``."""
    conditions = {
        "live": Q(live__isnull=False),
        "draft": Q(draft_pk__isnull=False),
        "waiting": _HANDED_IN & ~_APPROVED,
        "approved": _HANDED_IN & _APPROVED,
        "withdrawn": Q(live=None, has_been_live=True),
        "never": Q(live=None, has_been_live=False),
    }
    return questions.filter(conditions[state])


def waiting_for(questions: QuerySet[Question], user: User) -> QuerySet[Question]:
    """Return those of ``with_states`` that a reviewer may approve: handed in, and not their own."""
    waiting = standing(questions, "waiting").exclude(draft__proposed__author=user)
    return waiting.exclude(draft__in=Draft.objects.filter(writers=user))


def told(question: Any) -> str:
    """Return the state of a question of ``with_states`` in words."""
    if question.live_number:
        now = _("live v%(number)s") % {"number": question.live_number}
    else:
        now = _("withdrawn") if question.has_been_live else _("never live")
    if question.proposed_number:
        approved = question.decision == _Action.APPROVED
        said = {"now": now, "number": question.proposed_number}
        if approved:
            return _("%(now)s; v%(number)s approved") % said
        return _("%(now)s; v%(number)s handed in") % said
    return _("%(now)s; draft") % {"now": now} if question.draft_pk else now
