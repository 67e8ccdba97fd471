"""Code that a grading machine judges; the version carries the whole exercise."""

from dataclasses import dataclass
from typing import Literal

from grader.contract import Exercise
from question_bank.kinds.base import Content, Page, Text, Variant


class CodeContent(Content):
    """An exercise with what a learner reads and starts from; ``statement`` and each of
    the ``hints``, shown one at a time, are Markdown.
    """

    kind: Literal["code"]
    exercise: Exercise
    statement: Text
    starter: Text
    hints: tuple[Text, ...] = ()


@dataclass(frozen=True)
class CodePage(Page):
    """What the exercise page shows; none of it depends on the seed."""

    exercise: Exercise
    statement: str
    starter: str
    hints: tuple[str, ...]


class CodeVariant(Variant):
    """The exercise; submissions to it are graded, not marked."""

    def __init__(self, content: CodeContent, seed: int) -> None:  # noqa: ARG002
        self.explanation = content.explanation
        self.page = CodePage(
            kind=content.kind,
            title=content.title,
            exercise=content.exercise,
            statement=content.statement,
            starter=content.starter,
            hints=content.hints,
        )
