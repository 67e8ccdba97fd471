"""What the page of a concept shows."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.access import visible_concepts, visible_courses, visible_questions
from assessments.models import User
from assessments.web.pictures import MaskPicture, concept_picture
from assessments.web.prose import render
from assessments.web.states import standings
from question_bank.models import Concept


def context(concept: Concept, user: User, query: str | None) -> dict[str, Any]:
    """Return the text, the picture, the ways on, and the questions that test the concept."""
    visible = visible_concepts(user).only("slug", "title", "position")
    before = list(visible.filter(learn_after=concept))
    siblings = visible.filter(learn_before__in=before).exclude(pk=concept.pk)
    questions = visible_questions(user).filter(tested__concept=concept).order_by("tested__position")
    return {
        "concept": concept,
        "course": visible_courses(user).filter(concepts=concept).first(),
        "body": render(concept.body),
        "picture": _picture(concept, query),
        "before": before,
        "related": list(siblings),
        "after": list(visible.filter(learn_before=concept)),
        "practice": list(standings(user, questions).values()),
    }


def _picture(concept: Concept, query: str | None) -> MaskPicture | None:
    if not concept.pattern or not concept.pattern_n:
        return None
    title = _("Which keys each query sees: %(title)s") % {"title": concept.title}
    return concept_picture(concept.pattern, concept.pattern_n, title=title, query=query)
