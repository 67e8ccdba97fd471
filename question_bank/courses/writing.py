"""From a course to its files, in the canonical form that ``content/FORMAT.md`` describes."""

from collections.abc import Iterator
from typing import Any

from grader.exercises import EXERCISES, texts
from grader.exercises.typed import Refused
from question_bank.canonical_yaml import Flow, write_yaml
from question_bank.courses.checks import GLOSSARY, all_faults, concept_file, question_file
from question_bank.courses.faults import CourseError, Fault
from question_bank.courses.question_keys import BESIDE, keys_of
from question_bank.courses.schema import ConceptFile, Course, Term
from question_bank.kinds import Content
from question_bank.kinds.code import CodeContent
from question_bank.retyping import declared
from question_bank.texts import hints_in, hints_text, markdown


def files_of(course: Course) -> dict[str, str]:
    """Return the text of each file by its name from the folder.

    ``read_course`` gives the same course back; the order of ``learn_before``, which means nothing,
    is that of the course. Raises ``CourseError`` for what reading would refuse, and for a code
    question whose exercise is not, word for word, the one in ``grader.exercises`` of that name.
    """
    faults = [*all_faults(course), *_faults_of_exercises(course)]
    if faults:
        raise CourseError(faults)
    files = {"course.yaml": write_yaml(course.head.model_dump(exclude_defaults=True))}
    if course.glossary:
        files[GLOSSARY] = write_yaml({"terms": [_term(term) for term in course.glossary]})
    order = course.concepts_in_order()
    for slug in order:
        files[concept_file(slug)] = _concept(course.concepts[slug], order)
    for slug in course.head.questions:
        for name, text in _question(course.questions[slug]).items():
            files[f"questions/{slug}/{name}"] = text
    return files


def _concept(concept: ConceptFile, order: list[str]) -> str:
    before = sorted(concept.head.learn_before, key=order.index)
    told = concept.head.model_dump(exclude_defaults=True) | {"learn_before": Flow(before)}
    if "parameters" in told:
        told["parameters"] = {one.pop("name"): Flow(one) for one in told["parameters"]}
    return f"---\n{write_yaml(told)}---\n{markdown(concept.body)}"


def _term(term: Term) -> dict[str, Any]:
    told = term.model_dump(exclude_defaults=True)
    return told | {"also": Flow(term.also)} if term.also else told


def _question(content: Content) -> dict[str, str]:
    keys = keys_of(content)
    beside: dict[str, str] = {name: keys.pop(name) for name in BESIDE if name in keys}
    if isinstance(content, CodeContent) and _has_other_hints(content):
        beside["hints"] = hints_text(content.hints)
    files = {f"{name}.md": markdown(text) for name, text in beside.items()}
    return {"question.yaml": write_yaml(keys)} | files


def _has_other_hints(content: CodeContent) -> bool:
    """Whether the hints are not those of the exercise; what was typed has them among its keys."""
    return content.typed is None and content.hints != texts(content.exercise.slug).hints


def _faults_of_exercises(course: Course) -> Iterator[Fault]:
    for slug, content in course.questions.items():
        if isinstance(content, CodeContent):
            told = _unlike_its_pattern if content.typed else _unlike_its_exercise
            for key, reason in told(content):
                yield Fault(question_file(slug), key, reason)


def _unlike_its_exercise(content: CodeContent) -> Iterator[tuple[str, str]]:
    slug = content.exercise.slug
    if slug not in EXERCISES:
        yield "exercise", f"a file names the exercise, and grader.exercises has no {slug}"
        return
    its = texts(slug)
    now = (EXERCISES[slug], its.statement, its.starter)
    if (content.exercise, content.statement, content.starter) != now:
        yield (
            "exercise",
            f"a file names the exercise, and {slug} in grader.exercises is no longer what this"
            " version was published with",
        )
    if content.hints != its.hints and not _can_be_read(content.hints):
        yield "hints", f"they are not those of {slug}, and not each under a heading of level 2"


def _unlike_its_pattern(content: CodeContent) -> Iterator[tuple[str, str]]:
    assert content.typed is not None
    try:
        if declared(content.typed).exercise == content.exercise:
            return
    except Refused:
        pass
    yield (
        "typed",
        "a file has the pattern that was typed, and the exercise made from it now is not the one"
        " that this version was published with",
    )


def _can_be_read(hints: tuple[str, ...]) -> bool:
    try:
        return hints_in(hints_text(hints)) == hints
    except ValueError:
        return False
