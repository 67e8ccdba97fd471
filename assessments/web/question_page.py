"""What the page of a question shows, whatever its kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, When
from django.urls import reverse

from assessments.access import visible_concepts
from assessments.models import Attempt, RubricMark, Submission, User, credited
from assessments.services import standing_marks
from assessments.services.feedback import TRIES_BEFORE_EXPLANATION, said_of
from assessments.services.journal import state_of
from assessments.web.answer_forms import form_of
from assessments.web.histories import RECENT, recent_submissions
from assessments.web.journals import journal_of
from assessments.web.learn_before import not_passed_before
from assessments.web.marks import MarkShown, mark_shown
from assessments.web.pictures import exercise_picture
from assessments.web.prose import render, render_inline
from question_bank.kinds import AskedPage, CodePage, Variant
from question_bank.kinds.code import called
from question_bank.models import Concept, Question
from question_bank.variants import variant_of


def context(
    attempt: Attempt,
    user: User,
    *,
    query: str | None,
    typed: Mapping[str, str],
    loaded: int | None = None,
) -> dict[str, Any]:
    """Return the question as its learner gets it.

    ``typed`` is what a refused form held, shown again so that nothing is lost; ``loaded`` the
    submission that the editor begins with instead of the latest.
    """
    question = attempt.question
    variant = variant_of(attempt.version, attempt.seed)
    saved = state_of(attempt)
    typed = typed or saved.answer()
    shared = {
        "question": question,
        "journal": journal_of(attempt, saved),
        "attempt": attempt,
        "concepts": _concepts(question, user),
        "course": question.courses.filter(enrolments__user=user).first(),
    }
    page = variant.page
    if isinstance(page, CodePage):
        return shared | _code(page, variant, attempt, query, typed, loaded)
    assert isinstance(page, AskedPage)
    answered = _answered(variant, attempt)
    held = typed or (answered["response"].answer if answered["response"] else {})
    lost = answered["response"] is not None and not answered["unspoilt"]
    return (
        shared
        | answered
        | {
            "stem": render(page.stem),
            "answered_before": answered["response"] is not None or attempt.number > 1,
            "figures_href": reverse("web:figures", args=[question.slug]),
            "form": form_of(page, held),
            "learn_before": not_passed_before(question, user) if lost else [],
        }
    )


def _concepts(question: Question, user: User) -> list[Concept]:
    """Return the concepts that it tests, the main one first, as far as the person sees them."""
    tested = visible_concepts(user).filter(tested__question=question)
    return list(tested.order_by("tested__position"))


def _answered(variant: Variant, attempt: Attempt) -> dict[str, Any]:
    """Return the latest response with its feedback, and the explanation once it helps."""
    newest = credited(attempt.responses.order_by("-number"))
    responses = list(newest[:TRIES_BEFORE_EXPLANATION])
    return told(variant, responses, standing_marks(responses))


def told(
    variant: Variant, responses: Sequence[Any], marks: Mapping[int, RubricMark]
) -> dict[str, Any]:
    """Return what is said of the latest of the newest responses, credited, which come first.

    ``marks`` are those that stand, by the key of their response.
    """
    if not responses:
        return {"response": None, "explanation": ""}
    latest, said = responses[0], said_of(responses)
    return {
        "response": latest,
        "right": said.right,
        "unspoilt": said.unspoilt,
        "percent": round(100 * latest.earned),
        "waiting": round(100 * latest.waiting),
        "rubric_mark": mark_shown(variant, latest, marks.get(latest.pk)),
        "earlier_mark": _earlier(variant, responses, marks),
        "given": render_inline(latest.feedback["given"]),
        "feedback": render(latest.feedback["feedback"]),
        "explanation": render(variant.explanation) if said.explained else "",
    }


def _earlier(
    variant: Variant, responses: Sequence[Any], marks: Mapping[int, RubricMark]
) -> MarkShown | None:
    """Return the mark of the answer before while the latest one still waits for its own."""
    if len(responses) < 2 or not responses[0].waiting:
        return None
    return mark_shown(variant, responses[1], marks.get(responses[1].pk))


def _code(
    page: CodePage,
    variant: Variant,
    attempt: Attempt,
    query: str | None,
    typed: Mapping[str, str],
    loaded: int | None,
) -> dict[str, Any]:
    """Return statement, picture, hints, what the editor holds, and the newest submissions."""
    versions = recent_submissions(attempt)
    latest = _version(attempt, loaded or versions[0].pk) if versions else None
    passed = any(line.passed for line in versions)
    source = latest.text if latest else page.starter
    return exercise_shown(page, query) | {
        "source": source if latest and latest.pk == loaded else typed.get("source") or source,
        "versions": versions,
        "loaded": loaded,
        "submissions": versions[:RECENT],
        "explanation": render(variant.explanation) if passed else "",
        "exercise": page.exercise,
    }


def exercise_shown(page: CodePage, query: str | None) -> dict[str, Any]:
    """Return what an exercise asks for, and what its editor begins with."""
    return {
        "statement": render(page.statement),
        "signature": called(page.exercise),
        "picture": exercise_picture(page.exercise, query=query),
        "hints": [render(hint) for hint in page.hints],
        "starter": page.starter,
    }


def _version(attempt: Attempt, pk: int) -> Submission | None:
    """Return the attempt's submission that is asked for, else the latest."""
    asked_for_first = Case(When(pk=pk, then=0), default=1)
    return attempt.submissions.order_by(asked_for_first, "-number").first()
