"""One's own results in a course."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.access import visible_courses
from assessments.api.resources import Resource
from assessments.api.schema import example
from assessments.api.serializers.sittings import ResultsSerializer, score_told
from assessments.models import Scope
from assessments.services.gradebook import Own, Standing, own_results

_RESULT = {
    "assessment": 3,
    "slug": "mid-term",
    "title": "Mid-term exam",
    "counts": "best",
    "standing": "decided",
    "taken": 1,
    "going_on": False,
    "sitting": 21,
    "score": {"least": "7.50", "most": "7.50", "of": "10.00", "decided": True},
    "waiting": 0,
    "judging": 0,
}


class Results(Resource):
    """What you have at each assessment of a course, as far as it is released."""

    scopes = (Scope.WORK_READ, None)
    serializer_class = ResultsSerializer
    pagination_class = None

    @extend_schema(
        operation_id="courses_results",
        examples=[
            example("One result", {"course": "sparse-attention", "results": [_RESULT]}),
        ],
    )
    def retrieve(self, _request: Request, slug: str) -> Response:
        """Show your own results in a course that you are in."""
        course = get_object_or_404(visible_courses(self.person), slug=slug)
        if not course.enrolments.filter(user=self.person).exists():
            raise Http404
        rows = [_told(one) for one in own_results(course, self.person)]
        return Response(self.sparse({"course": course.slug, "results": rows}))


def _told(own: Own) -> dict[str, object]:
    result, shown = own.result, own.standing is not Standing.HIDDEN
    sitting = result.sitting if result else None
    tally = result.tally if result and sitting and shown else None
    return {
        "assessment": own.assessment.pk,
        "slug": own.assessment.slug,
        "title": own.assessment.title,
        "counts": own.assessment.counts,
        "standing": own.standing.value,
        "taken": result.taken if result else 0,
        "going_on": result.going_on if result else False,
        "sitting": sitting.pk if sitting and shown else None,
        "score": score_told(tally.score) if tally else None,
        "waiting": tally.waiting if tally else 0,
        "judging": tally.judging if tally else 0,
    }
