"""A text that a person marks by a rubric: what is asked of it, and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from grader.contract import Slug
from grader.words import gettext as _
from grader.words import ngettext
from question_bank.kinds.base import Strict, Text, Title
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.marking.rubrics import MarkedText

# More characters for each word than any prose needs, formulas and names of tensors included.
_LONGEST_ON_AVERAGE = 20


class Level(Strict):
    """How far a text may come at a criterion, and the points that this earns."""

    points: int = Field(ge=0, le=100)
    description: Text


class Criterion(Strict):
    """Something that a text is marked for: described as a whole, or level by level."""

    key: Slug
    title: Title
    points: int = Field(ge=1, le=100)
    description: str = ""
    levels: tuple[Level, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _described_once(self) -> "Criterion":
        if bool(self.description) == bool(self.levels):
            raise ValueError(_("give either a description or levels"))
        steps = [level.points for level in self.levels]
        if steps and (len(steps) == 1 or steps != sorted(set(steps)) or steps[-1] != self.points):
            raise ValueError(
                _("levels are two or more, of more points one by one, the last of all")
            )
        return self

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the points that may be given, upwards from nothing, described or not."""
        if self.levels:
            return tuple(sorted({0, *(level.points for level in self.levels)}))
        return tuple(range(self.points + 1))


class Words(Strict):
    """How many words a text has, at least and at most."""

    least: int = Field(ge=1)
    most: int = Field(ge=1, le=5_000)

    @model_validator(mode="after")
    def _in_order(self) -> "Words":
        if self.least > self.most:
            raise ValueError(_("least is no more than most"))
        return self


def _keys_differ(rubric: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    if len({criterion.key for criterion in rubric}) < len(rubric):
        raise ValueError(_("two criteria have the same key"))
    return rubric


Rubric = Annotated[
    tuple[Criterion, ...], Field(min_length=1, max_length=12), AfterValidator(_keys_differ)
]


@dataclass(frozen=True)
class Writing:
    """What is asked of a text: how long it is, and what it is marked for."""

    words: Words
    rubric: Rubric

    @property
    def points(self) -> int:
        """Return how many points there are in all."""
        return sum(criterion.points for criterion in self.rubric)

    @property
    def marked(self) -> str:
        """Return a sentence that tells a learner how the text is marked."""
        return ngettext(
            "A person marks your text by the rubric, out of %(points)s point.",
            "A person marks your text by the rubric, out of %(points)s points.",
            self.points,
        ) % {"points": self.points}

    def read(self, text: str) -> int:
        """Return how many words a text has; raises ``UnreadableAnswerError`` for too few or many.

        A text of very long words is refused too, as what is kept has to be bounded.
        """
        number, least, most = count_words(text), self.words.least, self.words.most
        if not number:
            raise Unreadable(
                _("Write your text, %(least)s to %(most)s words.") % {"least": least, "most": most}
            )
        if not least <= number <= most:
            raise Unreadable(
                ngettext(
                    "Your text has %(number)s word; %(least)s to %(most)s are asked for.",
                    "Your text has %(number)s words; %(least)s to %(most)s are asked for.",
                    number,
                )
                % {"number": f"{number:,}", "least": least, "most": most}
            )
        if len(text) > _LONGEST_ON_AVERAGE * most:
            raise Unreadable(
                _("Write at most %(most)s characters.") % {"most": _LONGEST_ON_AVERAGE * most}
            )
        return number


@dataclass(frozen=True)
class Written:
    """A text within an answer that a person marks.

    ``field`` is its field in the form, ``share`` its share of the question's mark, and ``stem``,
    Markdown, what it answers where that is not all of the question.
    """

    field: str
    share: Fraction
    writing: Writing
    stem: str = ""

    def marked(self, points: Mapping[str, int]) -> MarkedText:
        """Return the text as marked: points by the key of each criterion, and no others.

        Raises ``ValueError`` for points that the rubric does not give, and ``KeyError`` where a
        criterion has none.
        """
        rubric = self.writing.rubric
        if unknown := points.keys() - {criterion.key for criterion in rubric}:
            raise ValueError(
                _("the rubric has no %(unknown)s") % {"unknown": ", ".join(sorted(unknown))}
            )
        for criterion in rubric:
            if points[criterion.key] not in criterion.steps:
                raise ValueError(
                    _("%(key)s: %(points)s points are not given")
                    % {"key": criterion.key, "points": points[criterion.key]}
                )
        return MarkedText(sum(points.values()), self.writing.points, self.share)


def count_words(text: str) -> int:
    """Return how many words there are: what stands between blanks, as word processors count."""
    return len(text.split())
