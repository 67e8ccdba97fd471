"""The next best step: what a learner is ready for, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from assessments.web.concept_states import NOTHING_TO_DO, Progress, Reached, Work
from assessments.web.states import Standing, State
from question_bank.models import Concept

_CLOSED = {State.PASSED, State.GRADING, State.HELD, State.MARKED}


@dataclass(frozen=True)
class NextStep:
    """The question to go on with, the concept it is about, and why that one."""

    title: str
    href: str
    why: str
    concept: str = ""


def next_step(
    concepts: Sequence[Concept], work: Work, progress: Mapping[int, Progress]
) -> NextStep | None:
    """Choose a question of a concept whose learn-befores are passed, one under way first.

    ``concepts`` are in the course's order with ``learn_before`` fetched. Where no concept is left
    that a learner is ready for, it is the first question of all that is open; None without one.
    """
    for concept in _ready(concepts, progress):
        for question in work.at(concept.pk):
            if question.state not in _CLOSED:
                return _step(question, _why(question, concept, work, progress), concept)
    for question in work.by_question.values():
        if question.state not in _CLOSED:
            return _step(question, _left(question))
    return None


def _ready(concepts: Sequence[Concept], progress: Mapping[int, Progress]) -> Iterator[Concept]:
    """Yield the concepts to go on with that wait for no other: begun ones, then new ones."""
    for reached in (Reached.UNDER_WAY, Reached.NEW):
        for concept in concepts:
            here = progress.get(concept.pk, NOTHING_TO_DO)
            before = (progress.get(one.pk, NOTHING_TO_DO) for one in concept.learn_before.all())
            if here.reached is reached and not any(one.holds_back for one in before):
                yield concept


def _step(question: Standing, why: str, concept: Concept | None = None) -> NextStep:
    href = reverse("web:question", args=[question.slug])
    return NextStep(question.title, href, why, concept.slug if concept else "")


def _why(question: Standing, concept: Concept, work: Work, progress: Mapping[int, Progress]) -> str:
    named = {"concept": concept.title}
    if all(one.state is State.NEW for one in work.by_question.values()):
        return _("Begin here: %(concept)s needs nothing before it.") % named
    here = progress[concept.pk]
    if question.state is not State.NEW:
        return _("Try this one again: you are under way with %(concept)s.") % named
    if here.reached is Reached.UNDER_WAY:
        numbers = named | {"passed": here.passed, "total": here.total}
        return (
            _("You are under way with %(concept)s: %(passed)d of %(total)d questions passed.")
            % numbers
        )
    before = [one.title for one in concept.learn_before.all() if one.pk in progress]
    if not before:
        return _("%(concept)s needs nothing before it.") % named
    named["before"] = get_text_list(before, _("and"))
    if len(before) == 1:
        return _("You have passed %(before)s; %(concept)s builds on it.") % named
    return _("You have passed %(before)s; %(concept)s builds on them.") % named


def _left(question: Standing) -> str:
    if question.state is State.NEW:
        return _("You are through the concepts that you are ready for; this question is left:")
    return _("Try this one again:")
