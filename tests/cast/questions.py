"""Questions that no course file holds, made live for a test."""

from typing import Any

from assessments.models import Course, CourseItem
from question_bank.models import Question, QuestionEvent, QuestionVersion
from question_bank.variants import read_content
from question_bank.versions import go_live, make_version


def published(course: Course, slug: str, content: dict[str, Any]) -> Question:
    """Put a question at the end of a course, its content valid, under its first concept."""
    question = Question.objects.create(slug=slug, kind=content["kind"], title=content["title"])
    _go_live(question, content)
    CourseItem.objects.create(course=course, question=question, position=course.items.count())
    return question


def put_live(question: Question, **changed: Any) -> QuestionVersion:
    """Make a version with other content live."""
    assert question.live is not None
    return _go_live(question, question.live.content | changed)


def _go_live(question: Question, content: dict[str, Any]) -> QuestionVersion:
    version = make_version(question, read_content(content), author=None)
    go_live(question, version, QuestionEvent.Action.PUBLISHED, by=None)
    return version
