"""Texts that wait for a person."""

from assessments.models import Course, Response, User, credited
from assessments.services import Given, attempt_for, record_response
from question_bank.models import Question
from tests.cast.questions import published
from tests.question_bank.test_essay import ESSAY

ALL = {"cause": 3, "clear": 1}
HALF = {"cause": 1, "clear": 1}
NONE = {"cause": 0, "clear": 0}


def essay(course: Course, slug: str = "why-memory") -> Question:
    """Return an essay of four points: 0, 1 or 3 for ``cause``, 0 or 1 for ``clear``."""
    return published(course, slug, ESSAY)


def handed_in(learner: User, question: Question, text: str = "The cache grows.") -> Response:
    """Hand a text in, in practice."""
    return record_response(attempt_for(learner, question), {"text": text})


def given(points: dict[str, int], field: str = "text", **comments: str) -> list[Given]:
    """Return what a marker gives, with a comment to some criteria."""
    return [Given(field, key, count, comments.get(key, "")) for key, count in points.items()]


def credit(response: Response) -> tuple[float, float]:
    """Return what a response has earned by now, and what of it waits."""
    row = credited(Response.objects.all()).get(pk=response.pk)
    return float(row.earned), float(row.waiting)
