"""Code that a grading machine judges; the version carries the whole exercise."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from grader.contract import Exercise, source_fault
from grader.exercises.typed import Declaration
from grader.words import gettext as _
from question_bank.kinds.base import Content, Page, Strict, Text, Variant

Outcome = Literal[
    "passed",
    "invalid",
    "forbidden",
    "out_of_memory",
    "timeout",
    "crashed",
    "wrong_shape",
    "wrong_pairs",
    "wrong_output",
    "too_much_memory",
    "too_slow",
]
"""What may become of a solution: ``passed``, or a ``Failure`` that is decided.

What is unavailable or inconclusive says nothing about a solution, so that nobody expects it.
"""

OUTCOMES: tuple[str, ...] = get_args(Outcome)
_MOST_SOLUTIONS = 40
_OPTIONAL = ("solutions", "typed")


class Solution(Strict):
    """A file of which its author knows the verdict: any of ``expected``; ``told`` says why so."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    told: str = ""
    expected: tuple[Outcome, ...] = Field(min_length=1)
    source: Text

    @field_validator("expected")
    @classmethod
    def _one_way(cls, expected: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        if "passed" in expected and len(set(expected)) > 1:
            raise ValueError(_("a solution either passes or fails"))
        return expected

    @field_validator("source")
    @classmethod
    def _can_be_submitted(cls, source: str) -> str:
        if fault := source_fault(source.encode()):
            raise ValueError(fault)
        return source

    @property
    def passes(self) -> bool:
        """Whether it has to pass."""
        return "passed" in self.expected


class CodeContent(Content):
    """An exercise with what a learner reads and starts from; ``statement`` and each of
    the ``hints``, shown one at a time, are Markdown.

    ``solutions``, which no learner sees, show in a trial that the exercise tells right from wrong.
    ``typed`` is what the exercise was made from where it was made from a typed pattern. Both are
    left out where they are empty, so that a version without them is the same as ever.
    """

    kind: Literal["code"]
    exercise: Exercise
    statement: Text
    starter: Text
    hints: tuple[Text, ...] = ()
    solutions: tuple[Solution, ...] = Field(default=(), max_length=_MOST_SOLUTIONS)
    typed: Declaration | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> "CodeContent":
        counts = Counter(solution.name for solution in self.solutions)
        twice = [name for name, count in counts.items() if count > 1]
        if twice:
            raise ValueError(_("two solutions are called %(twice)s") % {"twice": f"{twice[0]!r}"})
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = handler(self)
        return {key: value for key, value in told.items() if value or key not in _OPTIONAL}


def called(exercise: Exercise) -> str:
    """Return how an exercise's function is called: the line that a submission's begins with."""
    fourth = {"attention": [], "ring": ["ring"], "decode": ["state"]}[exercise.form]
    names = ", ".join(["q", "k", "v", *fourth, *exercise.parameters, *exercise.tensors])
    return f"{exercise.function}({names})"


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
