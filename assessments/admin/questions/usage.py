"""How much a question is used, and how often it is solved."""

from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.models import Attempt, CourseItem, Grading, Response, credited
from question_bank.models import Question

MANY = 100
"""Attempts beyond which a question is much used."""


def with_usage(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Return questions with ``in_courses``, ``begun``, ``decided`` and ``solved``.

    ``begun`` counts attempts, ``decided`` those of which something has been decided, ``solved``
    those that earned full credit at some time.
    """
    attempts = Attempt.objects.by_learners().filter(question=OuterRef("pk"))
    return questions.annotate(
        in_courses=_count(CourseItem.objects.filter(question=OuterRef("pk"))),
        begun=_count(attempts),
        decided=_count(attempts.filter(_responses(_DECIDED) | _gradings(passed__isnull=False))),
        solved=_count(attempts.filter(_responses(_FULL) | _gradings(passed=True))),
    )


def used(questions: QuerySet[Question], usage: str) -> QuerySet[Question]:
    """Return those of ``with_usage`` that are ``never`` used, ``used``, or used by ``many``."""
    bounds = {"never": Q(begun=0), "used": Q(begun__gt=0), "many": Q(begun__gt=MANY)}
    return questions.filter(bounds[usage])


def share_solved(question: Any) -> str:
    """Return the share of decided attempts with full credit, of a question of ``with_usage``."""
    if not question.decided:
        return "–"
    return _("%(solved)s %% of %(decided)s") % {
        "solved": round(100 * question.solved / question.decided),
        "decided": question.decided,
    }


_FULL = Q(earned__gte=1)
_DECIDED = _FULL | Q(waiting=0) | Q(earned__lt=1 - F("waiting"))


def _responses(which: Q) -> Exists:
    return Exists(credited(Response.objects.filter(attempt=OuterRef("pk"))).filter(which))


def _gradings(**which: Any) -> Exists:
    counting = Grading.objects.filter(counts=True, **which)
    return Exists(counting.filter(submission__attempt=OuterRef("pk")))


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("question").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
