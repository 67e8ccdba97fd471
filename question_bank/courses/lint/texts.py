"""Whether a question says what it has to say."""

import re
from collections.abc import Iterator

from question_bank.courses.faults import Fault
from question_bank.courses.lint.parts import asked_in
from question_bank.courses.schema import Course
from question_bank.kinds import Content
from question_bank.kinds.choice import ChoiceContent
from question_bank.kinds.code import CodeContent
from question_bank.kinds.design_content import DesignContent
from question_bank.kinds.essay import EssayContent
from question_bank.kinds.matching import MatchingContent
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.numeric import NumericContent
from question_bank.kinds.ordering import OrderingContent
from question_bank.kinds.writing import Rubric

SHORTEST_SOURCE_OF_NUMBERS = 10


def without_explanation(course: Course) -> Iterator[Fault]:
    """Tell a question that explains nothing."""
    for asked in asked_in(course):
        if not asked.content.explanation.strip():
            yield asked.fault("explanation", "it is empty")


def without_feedback(course: Course) -> Iterator[Fault]:
    """Tell a wrong answer that was thought of and to which nothing is said."""
    for asked in asked_in(course):
        for key, feedback in _feedback(asked.content):
            if not feedback.strip():
                yield asked.fault(f"{key}.feedback", "it is empty")


def without_descriptions(course: Course) -> Iterator[Fault]:
    """Tell a criterion of a rubric, or a level of one, that does not say what is looked for."""
    for asked in asked_in(course):
        for key, description in _descriptions(asked.content):
            if not description.strip():
                yield asked.fault(f"{key}.description", "it is empty")


def without_source(course: Course) -> Iterator[Fault]:
    """Tell a question without a source, or with numbers and hardly a source."""
    for asked in asked_in(course):
        source = asked.content.source.strip()
        if not source:
            yield asked.fault("source", "it is empty")
        elif len(source) < SHORTEST_SOURCE_OF_NUMBERS and re.search(r"\d", _stem(asked.content)):
            reason = f"the question holds numbers, and {source!r} does not say where they are from"
            yield asked.fault("source", reason)


def _feedback(content: Content) -> Iterator[tuple[str, str]]:
    match content:
        case ChoiceContent(choices=choices):
            wrong = ((place, one) for place, one in enumerate(choices) if not one.correct)
            yield from ((f"choices.{place}", one.feedback) for place, one in wrong)
        case MultiContent(choices=options):
            yield from ((f"choices.{place}", one.feedback) for place, one in enumerate(options))
        case MatchingContent(pairs=pairs):
            yield from ((f"pairs.{place}", one.feedback) for place, one in enumerate(pairs))
        case OrderingContent(mistakes=mistakes):
            yield from ((f"mistakes.{place}", one.feedback) for place, one in enumerate(mistakes))
        case DesignContent(constraints=constraints):
            yield from (
                (f"constraints.{place}", one.feedback) for place, one in enumerate(constraints)
            )
        case NumericContent(misconceptions=ideas):
            yield from (
                (f"misconceptions.{place}", one.feedback) for place, one in enumerate(ideas)
            )


def _descriptions(content: Content) -> Iterator[tuple[str, str]]:
    rubric: Rubric = ()
    key = "rubric"
    if isinstance(content, EssayContent):
        rubric = content.rubric
    elif isinstance(content, DesignContent) and content.justification:
        rubric, key = content.justification.rubric, "justification.rubric"
    for place, criterion in enumerate(rubric):
        if not criterion.levels:
            yield f"{key}.{place}", criterion.description
        for step, level in enumerate(criterion.levels):
            yield f"{key}.{place}.levels.{step}", level.description


def _stem(content: Content) -> str:
    return content.statement if isinstance(content, CodeContent) else getattr(content, "stem", "")
