"""What attempts, answers and submissions share: what is released, and what an exam closes."""

from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.api.problems import Problem
from assessments.api.resources import Resource
from assessments.models import Attempt
from assessments.services.results import closed_questions, exam_asking, feedback_shown


class Work(Resource):
    """Something that a learner did.

    ``to_attempt`` leads from it to its attempt, as a lookup ends in it.
    """

    to_attempt = ""

    def is_released(self, attempt: Attempt) -> bool:
        """Whether marks and verdicts are told of an attempt; asked once a sitting."""
        sitting = attempt.sitting
        if sitting is None or attempt.learner_id != self.person.pk:
            return True
        if sitting.pk not in self._released:
            self._released[sitting.pk] = feedback_shown(sitting)
        return self._released[sitting.pk]

    @cached_property
    def _released(self) -> dict[int, bool]:
        return {}

    def not_closed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out of a list one's own practice at what an exam asks that one is sitting."""
        if self.action != "list":
            return rows
        before = self.to_attempt
        closed = {
            f"{before}learner": self.person.pk,
            f"{before}purpose": Attempt.Purpose.PRACTICE,
            f"{before}question__in": closed_questions(self.person),
        }
        return rows.exclude(Q(**closed))

    def get_object(self) -> Any:
        """Return what is asked for. Raises ``Http404``, and ``Problem`` while an exam closes it."""
        found: Model = super().get_object()
        attempt = getattr(found, "attempt", found)
        assert isinstance(attempt, Attempt)
        if attempt.learner_id == self.person.pk and attempt.sitting_id is None:
            self.check_open(attempt.question)
        return found

    def own(self) -> Any:
        """Return what is asked for, if it is one's own; else there is none to change."""
        found = self.get_object()
        attempt: Attempt = getattr(found, "attempt", found)
        if attempt.learner_id != self.person.pk:
            raise Problem(403, "not-yours", _("Only its learner does that."))
        return found

    def check_open(self, question: Any) -> None:
        """Make sure that no exam asks a question that one is sitting. Raises ``Problem``."""
        exam = exam_asking(self.person, question)
        if exam is not None:
            told = _("You are sitting %(exam)s, which asks this question: it is closed until then.")
            words = told % {"exam": exam.assessment.title}
            raise Problem(403, "closed-by-exam", words)
