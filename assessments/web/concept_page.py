"""What the page of a concept shows."""

from collections.abc import Mapping
from typing import Any

from assessments.access import courses_marked, visible_concepts, visible_courses, visible_questions
from assessments.models import User
from assessments.services.votes import votes_of
from assessments.web.glossary import Explained, linked, terms_of
from assessments.web.prose import render
from assessments.web.sliders import explorable
from assessments.web.states import standings
from question_bank.models import Concept


def context(concept: Concept, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the text, the picture, the ways on, the questions, and whether it helped.

    ``asked`` is what the address says of the picture.
    """
    visible = visible_concepts(user).only("slug", "title", "position")
    before = list(visible.filter(learn_after=concept))
    siblings = visible.filter(learn_before__in=before).exclude(pk=concept.pk)
    questions = visible_questions(user).filter(tested__concept=concept).order_by("tested__position")
    course = visible_courses(user).filter(concepts=concept).first()
    terms = terms_of(course) if course else []
    body = render(concept.body, linked(terms))
    marks = courses_marked(user).filter(concepts=concept).exists()
    return {
        "concept": concept,
        "course": course,
        "body": body,
        "terms": _used(terms, body),
        "explorable": explorable(concept, asked, asked.get("query")),
        "before": before,
        "related": list(siblings),
        "after": list(visible.filter(learn_before=concept)),
        "practice": list(standings(user, questions).values()),
        "vote": concept.votes.filter(user=user).first(),
        "votes": votes_of(concept) if marks else None,
    }


def _used(terms: list[Explained], body: str) -> list[Explained]:
    return [term for term in terms if f'aria-describedby="term-{term.slug}"' in body]
