"""Where a question is used: courses, attempts, and texts that link to it."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from assessments.models import Course
from question_bank.models import Concept, Draft, Question, QuestionVersion


@dataclass(frozen=True)
class WhereUsed:
    """What would notice if a question changed or went."""

    courses: list[Course]
    questions: list[Question]
    concepts: list[Concept]


def where_used(question: Question) -> WhereUsed:
    """Return where a question is used; links count in what is live and in drafts."""
    return WhereUsed(
        courses=list(Course.objects.filter(questions=question)),
        questions=_linking_questions(question.slug),
        concepts=[
            concept
            for concept in Concept.objects.filter(body__contains=_address(question.slug))
            if _links(concept.body, question.slug)
        ],
    )


def _linking_questions(slug: str) -> list[Question]:
    live = Question.objects.exclude(live=None).values("live")
    texts: list[QuerySet[Any]] = [QuestionVersion.objects.filter(pk__in=live), Draft.objects.all()]
    found = {row.question_id for rows in texts for row in _naming(rows, slug)}
    return list(Question.objects.filter(pk__in=found))


def _naming(rows: QuerySet[Any], slug: str) -> list[Any]:
    # Both databases keep a slug in JSON letter for letter.
    told = rows.alias(text=Cast("content", TextField())).filter(text__contains=_address(slug))
    return [row for row in told if _links(str(row.content), slug)]


def _address(slug: str) -> str:
    return f"question:{slug}"


def _links(text: str, slug: str) -> bool:
    """Whether a text names this question, not one whose slug begins like it."""
    return re.search(rf"{_address(re.escape(slug))}(?![\w-])", text) is not None
