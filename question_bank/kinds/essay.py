"""A text of the learner's own, which a person marks by a rubric.

The form's field is ``text``. Nothing is decided when it is handed in: the whole mark waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from question_bank.kinds.base import Answerable, AskedPage, Content, Level, Mark, Text
from question_bank.kinds.writing import Rubric, Words, Writing, Written, count_words, counted


class EssayContent(Content):
    """A stem, the rubric, and perhaps a text that earns all of its points."""

    kind: Literal["essay"]
    stem: Text
    words: Words
    rubric: Rubric
    model_answer: str = ""

    @model_validator(mode="after")
    def _model_keeps_the_bounds(self) -> "EssayContent":
        number = count_words(self.model_answer)
        if self.model_answer and not self.words.least <= number <= self.words.most:
            raise ValueError(f"model_answer has {counted(number, 'word')}, words forbids that")
        return self

    def samples(self) -> dict[Level, str]:
        """Return a text within the bounds: it earns nothing before a person has marked it."""
        return {"zero": " ".join(["word"] * max(1, self.words.least))}


@dataclass(frozen=True)
class EssayPage(AskedPage):
    """The stem, and what is asked of the text; the rubric is known before one writes."""

    writing: Writing


class EssayVariant(Answerable):
    """The question; nothing in it is drawn."""

    fields = ("text",)

    def __init__(self, content: EssayContent, seed: int) -> None:  # noqa: ARG002
        self._writing = Writing(content.words, content.rubric)
        self.written = (Written("text", Fraction(1), self._writing),)
        model = f"**A text that earns all points**\n\n{content.model_answer}"
        self.explanation = "\n\n".join(
            [content.explanation, model] if content.model_answer else [content.explanation]
        )
        self.page = EssayPage(
            kind=content.kind, title=content.title, stem=content.stem, writing=self._writing
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Take the text; all of its mark waits for a person."""
        number = self._writing.read(answer.get("text", ""))
        return Mark(
            fraction=Decimal(0),
            given=f"a text of {counted(number, 'word')}",
            right="a text that a person marks by the rubric",
            feedback=(
                f"Your text of {counted(number, 'word')} is kept. A person marks it by the rubric; "
                "until then it counts neither for you nor against you."
            ),
            waits=Decimal(1),
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form with the text."""
        return {"text": text}
