"""What the page of a course shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from assessments.access import marks_course, visible_concepts
from assessments.models import Course, Enrolment, User
from assessments.web.assessment_page import listed
from assessments.web.concept_states import Work, progress_by_concept, work_of
from assessments.web.next_step import next_step
from assessments.web.states import Standing, State
from question_bank.models import Concept


@dataclass(frozen=True)
class ConceptLine:
    """A concept, what to learn before it, and the questions that test it first of all."""

    slug: str
    title: str
    summary: str
    learn_before: list[Concept]
    questions: list[Standing]


@dataclass(frozen=True)
class Chapter:
    """Concepts under one heading."""

    title: str
    concepts: list[ConceptLine]


def context(course: Course, user: User) -> dict[str, Any]:
    """Return chapters with each question's state, assessments, and the next step; ten queries."""
    work = work_of(user, course)
    concepts = concepts_of(course, user)
    return {
        "course": course,
        "chapters": _chapters(course, concepts, work),
        "marks_course": marks_course(user, course),
        "enrolled": Enrolment.objects.filter(user=user, course=course).exists(),
        "next": next_step(concepts, work, progress_by_concept(user, course, work)),
        "progress": _progress(work.by_question.values()),
        "assessments": listed(course, user),
    }


def concepts_of(course: Course, user: User) -> list[Concept]:
    """Return a course's concepts in its order, with what to learn before each; two queries."""
    before = visible_concepts(user).only("slug", "title", "position")
    return list(course.concepts.prefetch_related(Prefetch("learn_before", before)))


def _chapters(course: Course, concepts: Sequence[Concept], work: Work) -> list[Chapter]:
    titles = [*course.chapters, *(concept.chapter for concept in concepts)]
    chapters = []
    for title in dict.fromkeys(titles):
        lines = [_line(one, work) for one in concepts if one.chapter == title]
        if lines:
            chapters.append(Chapter(title, lines))
    return chapters


def _line(concept: Concept, work: Work) -> ConceptLine:
    before = list(concept.learn_before.all())
    mine = work.at(concept.pk)
    return ConceptLine(concept.slug, concept.title, concept.summary, before, mine)


def _progress(listed: Iterable[Standing]) -> str:
    states = [standing.state for standing in listed]
    if not states:
        return ""
    numbers = {"passed": states.count(State.PASSED), "total": len(states)}
    return _("%(passed)d of %(total)d questions passed") % numbers
