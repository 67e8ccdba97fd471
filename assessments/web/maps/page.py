"""What the page of a course's map shows."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Course, Enrolment, User
from assessments.web.concept_states import NOTHING_TO_DO, progress_by_concept, work_of
from assessments.web.course_page import concepts_of
from assessments.web.maps.drawing import Box, drawn
from assessments.web.next_step import next_step


def context(course: Course, user: User) -> dict[str, Any]:
    """Return the picture and the same as a list, with own progress; eight queries."""
    work = work_of(user, course)
    concepts = concepts_of(course, user)
    progress = progress_by_concept(user, course, work)
    enrolled = Enrolment.objects.filter(user=user, course=course).exists()
    step = next_step(concepts, work, progress) if enrolled else None
    known = {concept.slug: concept for concept in concepts}
    boxes = [
        Box(
            slug=concept.slug,
            title=concept.title,
            chapter=concept.chapter,
            progress=progress.get(concept.pk, NOTHING_TO_DO),
            is_next=step is not None and step.concept == concept.slug,
            before=tuple(
                known[one.slug] for one in concept.learn_before.all() if one.slug in known
            ),
            after=tuple(one for one in concepts if concept in one.learn_before.all()),
        )
        for concept in concepts
    ]
    title = _("Concepts of %(course)s, from what to learn first down") % {"course": course.title}
    return {
        "course": course,
        "enrolled": enrolled,
        "next": step,
        "concepts": boxes,
        "map": drawn(boxes, title) if boxes else None,
    }
