"""A text of the learner's own, which a person marks by a rubric.

The form's field is ``text``. Nothing is decided when it is handed in: the whole mark waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from grader.words import gettext as _
from grader.words import ngettext
from question_bank.kinds.base import Answerable, AskedPage, Content, Level, Mark, Text
from question_bank.kinds.writing import Rubric, Words, Writing, Written, count_words


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
            raise ValueError(
                ngettext(
                    "model_answer has %(number)s word, words forbids that",
                    "model_answer has %(number)s words, words forbids that",
                    number,
                )
                % {"number": f"{number:,}"}
            )
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
        model = _("**A text that earns all points**\n\n%(model_answer)s") % {
            "model_answer": content.model_answer
        }
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
            given=ngettext("a text of %(number)s word", "a text of %(number)s words", number)
            % {"number": f"{number:,}"},
            right=_("a text that a person marks by the rubric"),
            feedback=(
                ngettext(
                    "Your text of %(number)s word is kept. A person marks it by the rubric; "
                    "until then it counts neither for you nor against you.",
                    "Your text of %(number)s words is kept. A person marks it by the rubric; "
                    "until then it counts neither for you nor against you.",
                    number,
                )
                % {"number": f"{number:,}"}
            ),
            waits=Decimal(1),
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form with the text."""
        return {"text": text}
