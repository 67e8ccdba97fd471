"""Questions that no course file holds, published into a course for a test."""

import json
from typing import Any

from assessments.models import Course, CourseItem
from question_bank.digests import digest_of
from question_bank.kinds import KINDS
from question_bank.models import Question, QuestionVersion


def published(course: Course, slug: str, content: dict[str, Any]) -> Question:
    """Put a question at the end of a course, its content valid, under its first concept."""
    kind = KINDS[content["kind"]]
    stored = kind.content.model_validate_json(json.dumps(content)).model_dump(mode="json")
    question = Question.objects.create(slug=slug, kind=content["kind"], title=content["title"])
    QuestionVersion.objects.create(
        question=question, number=1, content=stored, digest=digest_of(stored)
    )
    CourseItem.objects.create(course=course, question=question, position=course.items.count())
    return question
