"""What a course's author should look at: faults, and what makes questions unfair or useless.

Each check is a function that yields a ``Fault`` for what it finds; files are named as
``dump_course`` names them.
"""

from dataclasses import dataclass

from question_bank.courses.checks import all_faults
from question_bank.courses.faults import Fault
from question_bank.courses.lint import choices, concepts, counts, marking, numbers, texts
from question_bank.courses.schema import Course

_CHECKS = (
    all_faults,
    concepts.too_few_questions,
    concepts.out_of_reach,
    concepts.orphans,
    texts.without_explanation,
    texts.without_feedback,
    texts.without_descriptions,
    texts.without_source,
    choices.right_one_stands_out,
    choices.right_ones_longest,
    choices.places_uneven,
    marking.marks_otherwise,
)
_CHECKS_OF_NUMBERS = (
    *(numbers.not_drawn, numbers.ideas_never_wrong),
    *(numbers.too_few_ideas, numbers.too_few_variants),
)


@dataclass(frozen=True)
class Findings:
    """All problems, and in words the variants whose answers were too much to enumerate."""

    problems: tuple[Fault, ...]
    not_compared: tuple[str, ...]


def examine(course: Course) -> Findings:
    """Return what every check finds."""
    drawn = numbers.draw(course)
    compared = counts.compare(drawn)
    problems = [fault for check in _CHECKS for fault in check(course)]
    problems += [fault for check in _CHECKS_OF_NUMBERS for fault in check(drawn)]
    return Findings((*problems, *compared.faults), compared.left_out)
