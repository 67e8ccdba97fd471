"""What a page of a sitting shows: its questions with what they hold, and the ways on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.journal import State
from assessments.models import Assessment, Attempt, Sitting
from assessments.services.handing_in import is_submitted
from assessments.timing import instant_feedback
from assessments.web.asked import asked, plainly_asked
from assessments.web.conditions import points_words
from assessments.web.histories import recent_submissions
from assessments.web.journals import journal_of
from assessments.web.navigator import navigator
from assessments.web.papers import DRAFT, Paper, clock
from assessments.web.question_page import exercise_shown, told
from assessments.web.sitting_forms import prefix_on
from question_bank.kinds import CodePage, Variant
from question_bank.models import Question
from question_bank.variants import variant_of


def context(
    paper: Paper,
    number: int,
    now: datetime,
    *,
    typed: Mapping[Attempt, Mapping[str, str]] | None = None,
    faults: Mapping[int, str] | None = None,
    focus: str = "",
    query: str | None = None,
) -> dict[str, Any]:
    """Return page ``number``, from 1.

    ``typed`` is what a form held that is shown again, ``faults`` is why an answer was not marked,
    by the attempt's key, ``focus`` the button to go on with.
    """
    page = paper.pages[number - 1]
    faults = faults or {}
    shared = {"focus": focus, "instant": instant_feedback(paper.sitting.assessment)}
    questions = [
        _question(paper, page, one, (typed or {}).get(one), faults.get(one.pk, ""), focus, query)
        for one in page
    ]
    return (
        shared
        | frame(paper, now)
        | {
            "number": number,
            "questions": questions,
            "navigator": navigator(paper.lines(), number),
            "of_code": page[0].question.kind == Question.Kind.CODE,
            "of_design": page[0].question.kind == Question.Kind.DESIGN,
            "heading": _heading(page, len(paper.attempts)),
            "next_number": number + 1 if number < len(paper.pages) else None,
            "previous_number": number - 1 if number > 1 else None,
        }
    )


def frame(paper: Paper, now: datetime) -> dict[str, Any]:
    """Return what stands on every page of a sitting: where it is, and how much time is left."""
    sitting = paper.sitting
    return clock(sitting, now) | {
        "sitting": sitting,
        "assessment": sitting.assessment,
        "course": sitting.assessment.course,
    }


def _heading(page: Sequence[Attempt], total: int) -> str:
    numbers = {"first": _number(page[0]), "last": _number(page[-1]), "total": total}
    if len(page) == 1:
        return _("Question %(first)d of %(total)d") % numbers
    return _("Questions %(first)d to %(last)d of %(total)d") % numbers


def _number(attempt: Attempt) -> int:
    return (attempt.place or 0) + 1


def _question(
    paper: Paper,
    page: Sequence[Attempt],
    attempt: Attempt,
    typed: Mapping[str, str] | None,
    fault: str,
    focus: str,
    query: str | None,
) -> dict[str, Any]:
    variant = variant_of(attempt.version, attempt.seed)
    instant = instant_feedback(paper.sitting.assessment)
    held = paper.held(attempt) if typed is None else typed
    said = feedback(paper, attempt, variant, shown=instant)
    prefix = prefix_on(page, attempt)
    if fault or focus or said["response"]:
        form = asked(variant, held, prefix)
    else:
        form = plainly_asked(attempt, variant, held, prefix)
    shown = form | {
        "attempt": attempt,
        "journal": journal_of(attempt, paper.states.get(attempt.pk, State())),
        "number": str(_number(attempt)),
        "question": attempt.question,
        "worth": points_words(attempt.points or Decimal(0)),
        "fault": fault,
        "again": bool(said["response"]) and _can_be_asked_again(paper, attempt),
    }
    if isinstance(variant.page, CodePage):
        return shown | _code(variant.page, attempt, held, query, instant=instant)
    figures = {"figures_href": _figures_href(paper.sitting, attempt)}
    return shown | figures | said


def _can_be_asked_again(paper: Paper, attempt: Attempt) -> bool:
    is_practice = paper.sitting.assessment.kind == Assessment.Kind.PRACTICE
    return is_practice and attempt.question.live_id is not None


def _figures_href(sitting: Sitting, attempt: Attempt) -> str:
    return reverse("web:sitting_figures", args=[sitting.pk, attempt.place])


def feedback(paper: Paper, attempt: Attempt, variant: Variant, *, shown: bool) -> dict[str, Any]:
    """Return what is said of an attempt's last response; nothing where it is not to be shown."""
    response = paper.responses.get(attempt.pk) if shown else None
    if response is None:
        return {"response": None, "explanation": ""}
    return told(variant, [response], paper.marks)


def _code(
    page: CodePage, attempt: Attempt, held: Mapping[str, str], query: str | None, *, instant: bool
) -> dict[str, Any]:
    latest = attempt.submissions.order_by("-number").first() if is_submitted(attempt) else None
    shown = exercise_shown(page, query)
    if not instant:
        shown["hints"] = []
    return shown | {
        "source": held.get("source") or (latest.text if latest else page.starter),
        "submissions": recent_submissions(attempt, sealed=not instant) if latest else [],
    }


def summary(paper: Paper, now: datetime) -> dict[str, Any]:
    """Return what is answered and what is not, and what becomes of code as it stands."""
    lines = paper.lines()
    return frame(paper, now) | {
        "lines": lines,
        "unanswered": sum(not line.is_answered for line in lines),
        "flagged": sum(line.is_flagged for line in lines),
        "drafts": [line for line in lines if line.words == DRAFT],
        "page_numbers": range(1, len(paper.pages) + 1),
    }
