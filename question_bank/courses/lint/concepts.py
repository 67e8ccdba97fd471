"""Whether learners can get to every concept and practise it."""

from collections import Counter
from collections.abc import Iterator

import networkx as nx

from question_bank.courses.checks import concept_file
from question_bank.courses.faults import Fault
from question_bank.courses.schema import Course

FEWEST_QUESTIONS = 2


def questions_by_concept(course: Course) -> dict[str, int]:
    """Return how many questions test each concept, whatever else they test."""
    times = Counter(
        concept for content in course.questions.values() for concept in content.concepts
    )
    return {slug: times[slug] for slug in course.concepts}


def too_few_questions(course: Course) -> Iterator[Fault]:
    """Tell a concept that cannot be practised twice."""
    for slug, number in questions_by_concept(course).items():
        if number < FEWEST_QUESTIONS:
            reason = f"tested by {number} of the questions; {FEWEST_QUESTIONS} are the fewest"
            yield Fault(concept_file(slug), "", reason)


def out_of_reach(course: Course) -> Iterator[Fault]:
    """Tell a concept to which no way leads from one that has nothing before it."""
    graph = course.graph()
    reached = {slug for slug in course.concepts if not graph.in_degree(slug)}
    reached.update(*(nx.descendants(graph, root) for root in tuple(reached)))
    for slug in sorted(course.concepts.keys() - reached):
        reason = "no way leads here from a concept that has nothing before it"
        yield Fault(concept_file(slug), "learn_before", reason)


def orphans(course: Course) -> Iterator[Fault]:
    """Tell a concept that nothing is learnt before or after and that no question tests."""
    graph = course.graph()
    for slug, number in questions_by_concept(course).items():
        if not number and not graph.degree(slug):
            yield Fault(concept_file(slug), "", "joined to no other concept and to no question")
