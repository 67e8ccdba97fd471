"""What the page of a course shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.access import marks_course, questions_there, visible_concepts
from assessments.models import Course, Enrolment, User
from assessments.web.assessment_page import listed
from assessments.web.states import Standing, State, standings
from question_bank.models import Concept, Tested


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


@dataclass(frozen=True)
class NextStep:
    """The question to go on with, and why that one."""

    title: str
    href: str
    why: str


def context(course: Course, user: User) -> dict[str, Any]:
    """Return chapters with each question's state, assessments, and the next step; ten queries."""
    questions = list(
        questions_there(user).filter(courses=course).order_by("courseitem__position").distinct()
    )
    by_pk = standings(user, questions)
    return {
        "course": course,
        "chapters": _chapters(course, user, by_pk),
        "marks_course": marks_course(user, course),
        "enrolled": Enrolment.objects.filter(user=user, course=course).exists(),
        "next": _next(list(by_pk.values())),
        "progress": _progress(by_pk.values()),
        "assessments": listed(course, user),
    }


def _chapters(course: Course, user: User, by_pk: Mapping[int, Standing]) -> list[Chapter]:
    first = Tested.objects.filter(position=0, question__in=by_pk).order_by()
    mains = dict(first.values_list("question", "concept"))
    concepts = list(
        course.concepts.prefetch_related(
            Prefetch("learn_before", visible_concepts(user).only("slug", "title", "position"))
        )
    )
    titles = [*course.chapters, *(concept.chapter for concept in concepts)]
    chapters = []
    for title in dict.fromkeys(titles):
        lines = [_line(one, mains, by_pk) for one in concepts if one.chapter == title]
        if lines:
            chapters.append(Chapter(title, lines))
    return chapters


def _line(concept: Concept, mains: Mapping[int, int], by_pk: Mapping[int, Standing]) -> ConceptLine:
    mine = [standing for pk, standing in by_pk.items() if mains.get(pk) == concept.pk]
    before = list(concept.learn_before.all())
    return ConceptLine(concept.slug, concept.title, concept.summary, before, mine)


def _next(listed: list[Standing]) -> NextStep | None:
    """Choose the first question that has not been passed, and that no one grades or has marked."""
    begun = any(standing.state is not State.NEW for standing in listed)
    for standing in listed:
        if standing.state in {State.PASSED, State.GRADING, State.HELD, State.MARKED}:
            continue
        if standing.state is State.NEW:
            why = _("Go on with the next question:") if begun else _("Begin here:")
        else:
            why = _("Try this one again:")
        return NextStep(standing.title, reverse("web:question", args=[standing.slug]), why)
    return None


def _progress(listed: Iterable[Standing]) -> str:
    states = [standing.state for standing in listed]
    if not states:
        return ""
    numbers = {"passed": states.count(State.PASSED), "total": len(states)}
    return _("%(passed)d of %(total)d questions passed") % numbers
