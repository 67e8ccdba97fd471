"""What to learn before a question whose answer was not right."""

from collections import defaultdict

from assessments.access import questions_there, visible_concepts
from assessments.models import User
from assessments.web.states import State, standings
from question_bank.models import Concept, Question, Tested


def not_passed_before(question: Question, learner: User) -> list[Concept]:
    """Return the concepts that come before those of the question and are not passed yet.

    A concept is passed once every question is that tests it first of all; without such questions
    nothing is missing. Five queries.
    """
    own = set(question.concepts.values_list("pk", flat=True))
    before = [
        concept
        for concept in visible_concepts(learner).filter(learn_after__in=own).only("slug", "title")
        if concept.pk not in own
    ]
    if not before:
        return []
    asked = defaultdict(list)
    there = questions_there(learner).exclude(pk=question.pk)
    tests = Tested.objects.filter(position=0, concept__in=before, question__in=there)
    for test in tests.select_related("question"):
        asked[test.concept_id].append(test.question)
    states = standings(learner, [one for questions in asked.values() for one in questions])
    return [
        concept
        for concept in before
        if any(states[one.pk].state is not State.PASSED for one in asked[concept.pk])
    ]
