"""What the files of a course say about each other."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import networkx as nx

from question_bank.courses.faults import Fault
from question_bank.courses.schema import Course
from question_bank.masks import faults_of_masks

GLOSSARY = "glossary.yaml"
_LINK = re.compile(r"\]\((concept|question):([^)\s]*)\)")


def all_faults(course: Course) -> list[Fault]:
    """Return what does not fit together."""
    checks = (
        *(_chapters, _question_order, _tags, _learnt_before, _cycle),
        *(_tested, _complete, _links, _masks, _terms),
    )
    return [fault for check in checks for fault in check(course)]


def concept_file(slug: str) -> str:
    """Return the name of a concept's file."""
    return f"concepts/{slug}.md"


def question_file(slug: str) -> str:
    """Return the name of a question's file of keys."""
    return f"questions/{slug}/question.yaml"


def _chapters(course: Course) -> Iterator[Fault]:
    for slug, concept in course.concepts.items():
        if concept.head.chapter not in course.head.chapters:
            reason = f"course.yaml has no chapter {concept.head.chapter!r}"
            yield Fault(concept_file(slug), "chapter", reason)


def _tags(course: Course) -> Iterator[Fault]:
    for tag, slugs in course.head.tags.items():
        for slug in slugs:
            if slug not in course.questions:
                yield Fault("course.yaml", f"tags.{tag}", f"there is no question {slug}")


def _question_order(course: Course) -> Iterator[Fault]:
    times = Counter(course.head.questions)
    for slug in sorted(times.keys() - course.questions.keys()):
        yield Fault("course.yaml", "questions", f"there is no question {slug}")
    for slug in sorted(course.questions.keys() - times.keys()):
        yield Fault("course.yaml", "questions", f"{slug} is missing")
    for slug in sorted(slug for slug, count in times.items() if count > 1):
        yield Fault("course.yaml", "questions", f"{slug} is named twice")


def _learnt_before(course: Course) -> Iterator[Fault]:
    for slug, concept in course.concepts.items():
        for before in concept.head.learn_before:
            if before not in course.concepts:
                reason = f"there is no concept {before}"
                yield Fault(concept_file(slug), "learn_before", reason)


def _cycle(course: Course) -> Iterator[Fault]:
    try:
        cycle = nx.find_cycle(course.graph())
    except nx.NetworkXNoCycle:
        return
    before, first = cycle[-1][:2]
    way = " → ".join([first, *(edge[1] for edge in cycle)])
    reason = f"{before} is learnt after {first} already: {way}"
    yield Fault(concept_file(first), "learn_before", reason)


def _tested(course: Course) -> Iterator[Fault]:
    for slug, question in course.questions.items():
        for concept in question.concepts:
            if concept not in course.concepts:
                yield Fault(question_file(slug), "concepts", f"there is no concept {concept}")


def _complete(course: Course) -> Iterator[Fault]:
    for slug, question in course.questions.items():
        for key in ("concepts", "source", "explanation"):
            if not getattr(question, key):
                yield Fault(question_file(slug), key, "it is empty")


def _links(course: Course) -> Iterator[Fault]:
    known = {"concept": course.concepts.keys(), "question": course.questions.keys()}
    texts = {concept_file(slug): concept.body for slug, concept in course.concepts.items()}
    for slug, question in course.questions.items():
        texts[question_file(slug)] = question.model_dump_json()
    texts[GLOSSARY] = "\n".join(term.definition for term in course.glossary)
    for file, text in texts.items():
        for what, slug in _LINK.findall(text):
            if slug not in known[what]:
                yield Fault(file, "", f"a link names the {what} {slug}, which there is not")


def _masks(course: Course) -> Iterator[Fault]:
    for slug, concept in course.concepts.items():
        yield from (Fault(concept_file(slug), "", why) for why in faults_of_masks(concept.body))
    for slug, question in course.questions.items():
        for text in _strings(question.model_dump()):
            yield from (Fault(question_file(slug), "", why) for why in faults_of_masks(text))


def _terms(course: Course) -> Iterator[Fault]:
    times = Counter(name.casefold() for term in course.glossary for name in term.names)
    places = Counter(slug_of_term(term.term) for term in course.glossary)
    for number, term in enumerate(course.glossary):
        if term.concept and term.concept not in course.concepts:
            yield Fault(GLOSSARY, f"terms.{number}.concept", f"there is no concept {term.concept}")
        for name in term.names:
            if times[name.casefold()] > 1:
                yield Fault(GLOSSARY, f"terms.{number}", f"{name} is named twice")
        if places[slug_of_term(term.term)] > 1 or not slug_of_term(term.term):
            yield Fault(GLOSSARY, f"terms.{number}.term", "it has no address of its own")


def slug_of_term(term: str) -> str:
    """Return a term's place on the page of the glossary."""
    return "-".join(re.findall(r"[a-z0-9]+", term.casefold()))


def _strings(value: object) -> Iterator[str]:
    """Yield every text within a value as ``model_dump`` makes it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _strings(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _strings(one))
