"""Whether a question says what it has to say."""

import re
from collections.abc import Iterator

from question_bank.courses.checks import question_file
from question_bank.courses.faults import Fault
from question_bank.courses.schema import Course
from question_bank.kinds import Content
from question_bank.kinds.choice import ChoiceContent
from question_bank.kinds.code import CodeContent
from question_bank.kinds.numeric import NumericContent

SHORTEST_SOURCE_OF_NUMBERS = 10


def without_explanation(course: Course) -> Iterator[Fault]:
    """Tell a question that explains nothing."""
    for slug, content in course.questions.items():
        if not content.explanation.strip():
            yield Fault(question_file(slug), "explanation", "it is empty")


def without_feedback(course: Course) -> Iterator[Fault]:
    """Tell a wrong choice, or a wrong idea about a number, to which nothing is said."""
    for slug, content in course.questions.items():
        for key, feedback in _feedback(content):
            if not feedback.strip():
                yield Fault(question_file(slug), f"{key}.feedback", "it is empty")


def without_source(course: Course) -> Iterator[Fault]:
    """Tell a question without a source, or with numbers and hardly a source."""
    for slug, content in course.questions.items():
        source = content.source.strip()
        if not source:
            yield Fault(question_file(slug), "source", "it is empty")
        elif len(source) < SHORTEST_SOURCE_OF_NUMBERS and re.search(r"\d", _asked(content)):
            reason = f"the question holds numbers, and {source!r} does not say where they are from"
            yield Fault(question_file(slug), "source", reason)


def _feedback(content: Content) -> Iterator[tuple[str, str]]:
    if isinstance(content, ChoiceContent):
        for place, choice in enumerate(content.choices):
            if not choice.correct:
                yield f"choices.{place}", choice.feedback
    if isinstance(content, NumericContent):
        for place, idea in enumerate(content.misconceptions):
            yield f"misconceptions.{place}", idea.feedback


def _asked(content: Content) -> str:
    if isinstance(content, CodeContent):
        return content.statement
    return content.stem if isinstance(content, ChoiceContent | NumericContent) else ""
