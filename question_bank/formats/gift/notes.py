"""What an import says beside a question that it brings in."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from grader.words import gettext as _
from question_bank.formats.gift.items import Essay, Format, MultiAnswer, Question, Rich, Stem
from question_bank.formats.html import LONGEST

_FORMULA = re.compile(r"\$\$.+?\$\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)


def notes_of(item: Question) -> tuple[str, ...]:
    """Return a sentence for each thing that is not as in the file."""
    return (*_notes_of_kind(item), *_notes_of_formulas(item))


def _notes_of_formulas(item: Question) -> tuple[str, ...]:
    """Moodle draws formulas in its HTML, where our Markdown has them between other signs."""
    if any(_FORMULA.search(text[:LONGEST]) for text in _without_markdown(item)):
        return (_("Its formulas are shown as they are typed; write them between $ signs."),)
    return ()


def _without_markdown(value: object) -> Iterator[str]:
    if isinstance(value, Rich):
        yield from [value.text] if value.format != Format.MARKDOWN else []
    elif isinstance(value, Stem):
        yield from [value.before, value.after] if value.format != Format.MARKDOWN else []
    elif isinstance(value, tuple):
        for one in value:
            yield from _without_markdown(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _without_markdown(getattr(value, field.name))


def _notes_of_kind(item: Question) -> tuple[str, ...]:
    if isinstance(item, MultiAnswer) and any(
        answer.feedback and answer.weight > 0 for answer in item.answers
    ):
        return (_("The feedback of a right answer is shown to whoever leaves it out."),)
    if isinstance(item, Essay):
        return (_("It gets a rubric of one criterion; write one that says what earns points."),)
    return ()
