"""What a sitting that has been handed in shows: its answers, and their marks once released."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.access import markable_texts
from assessments.models import Attempt, Submission, User, WaitingText
from assessments.scoring import Credit, score_of
from assessments.services.handing_in import is_submitted
from assessments.services.results import credits_of, feedback_shown, score_with
from assessments.web.asked import as_answered
from assessments.web.assessment_page import mark_words
from assessments.web.conditions import plain
from assessments.web.histories import light
from assessments.web.histories import lines as submission_lines
from assessments.web.late import late_lines
from assessments.web.papers import Paper
from assessments.web.prose import render
from assessments.web.sitting_page import feedback
from question_bank.kinds import CodePage
from question_bank.variants import variant_of


def context(paper: Paper, user: User, now: datetime) -> dict[str, Any]:
    """Return the review; whoever teaches sees the marks before the learner does."""
    sitting = paper.sitting
    is_own = sitting.learner_id == user.pk
    shown = not is_own or feedback_shown(sitting, now)
    earned = credits_of(paper.attempts, paper.responses)
    code = _submissions(paper, sealed=not shown)
    marking = {} if is_own else _marking(paper, user)
    return {
        "sitting": sitting,
        "assessment": sitting.assessment,
        "course": sitting.assessment.course,
        "is_own": is_own,
        "late": [] if is_own else late_lines(paper.attempts),
        "shown": shown,
        "mark": mark_words(score_with(paper.attempts, earned), shown=shown),
        "percent": _percent(paper, earned) if shown else "",
        "questions": [
            _question(paper, attempt, earned[attempt.pk], code, shown=shown)
            | {"marking": marking.get(attempt.pk, "")}
            for attempt in paper.attempts
        ],
    }


def _percent(paper: Paper, earned: Mapping[int, Credit]) -> str:
    percent = score_with(paper.attempts, earned).percent
    if percent is None:
        return ""
    least, most = map(plain, percent)
    if least == most:
        return _("%(percent)s %%") % {"percent": least}
    return _("%(least)s to %(most)s %%") % {"least": least, "most": most}


def _marking(paper: Paper, user: User) -> dict[int, str]:
    """Return where a person marks texts in the admin, by the key of the attempt; a query."""
    texts = markable_texts(user) if user.is_staff else WaitingText.objects.none()
    found = texts.filter(pk__in=[one.pk for one in paper.responses.values() if one.waits])
    return {
        attempt: reverse("admin:assessments_waitingtext_change", args=[pk])
        for pk, attempt in found.values_list("pk", "attempt")
    }


def _submissions(paper: Paper, *, sealed: bool) -> dict[int, list[Any]]:
    """Return the submissions of each attempt, newest first; two queries, none without code."""
    if not any(map(is_submitted, paper.attempts)):
        return {}
    rows = light(Submission.objects.filter(attempt__in=paper.attempts).order_by("-number"))
    found: dict[int, list[Any]] = {}
    for row, line in zip(rows, submission_lines(rows, sealed=sealed), strict=True):
        found.setdefault(row.attempt_id, []).append(line)
    return found


def _question(
    paper: Paper, attempt: Attempt, credit: Credit, code: Mapping[int, list[Any]], *, shown: bool
) -> dict[str, Any]:
    variant = variant_of(attempt.version, attempt.seed)
    response = paper.responses.get(attempt.pk)
    prefix = f"q{attempt.place}-"
    answer = response.answer if response else {}
    told: dict[str, Any] = {
        "form": {"prefix": prefix},
        "body": as_answered(attempt, variant, answer, prefix),
        "number": (attempt.place or 0) + 1,
        "question": attempt.question,
        "answered": response is not None or attempt.pk in code,
        "submissions": code.get(attempt.pk, []),
        "mark": mark_words(score_of([(attempt.points or Decimal(0), credit)]), shown=shown),
    }
    if isinstance(variant.page, CodePage):
        told |= {"statement": render(variant.page.statement), "of_code": True}
    said = feedback(paper, attempt, variant, shown=shown)
    explained = render(variant.explanation) if shown else ""
    return told | said | {"explanation": explained}
