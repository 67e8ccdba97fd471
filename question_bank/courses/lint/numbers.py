"""Whether a numeric question's wrong ideas are told from the right answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from question_bank.courses.faults import Fault
from question_bank.courses.lint.parts import Asked, asked_in
from question_bank.courses.schema import Course
from question_bank.kinds import ContentError
from question_bank.kinds.numeric import NumericContent, NumericVariant

FEWEST_IDEAS = 5
FEWEST_VARIANTS = 50


@dataclass(frozen=True)
class Drawn:
    """A numeric question with a variant for each seed, or with what forbids that."""

    asked: Asked
    content: NumericContent
    variants: tuple[NumericVariant, ...] = ()
    fault: Fault | None = None


def draw(course: Course) -> list[Drawn]:
    """Return the numeric questions with their variants drawn and rehearsed."""
    return [
        _draw(asked, asked.content)
        for asked in asked_in(course)
        if isinstance(asked.content, NumericContent)
    ]


def not_drawn(questions: Iterable[Drawn]) -> Iterator[Fault]:
    """Tell a question of which some seed makes no variant."""
    for question in questions:
        if question.fault:
            yield question.fault


def ideas_never_wrong(questions: Iterable[Drawn]) -> Iterator[Fault]:
    """Tell a misconception that leads to the right answer, or to none, in every variant."""
    for question in questions:
        for place, idea in enumerate(question.content.misconceptions):
            numbers = (one.wrong_number(idea) for one in question.variants)
            if question.variants and all(number is None for number in numbers):
                reason = f"in all of {len(question.variants)} variants it leads to no wrong number"
                yield question.asked.fault(f"misconceptions.{place}", reason)


def too_few_ideas(questions: Iterable[Drawn]) -> Iterator[Fault]:
    """Tell a template, a question with parameters, that answers few wrong ideas."""
    for question in questions:
        number = len(question.content.misconceptions)
        if question.content.parameters and number < FEWEST_IDEAS:
            reason = f"{number} of them; a template has {FEWEST_IDEAS} at least"
            yield question.asked.fault("misconceptions", reason)


def too_few_variants(questions: Iterable[Drawn]) -> Iterator[Fault]:
    """Tell a template of which many learners get the very same numbers."""
    for question in questions:
        different = {(one.page.stem, one.right) for one in question.variants}
        if question.content.parameters and 0 < len(different) < FEWEST_VARIANTS:
            reason = (
                f"{len(question.asked.seeds)} seeds draw {len(different)} different variants;"
                f" a template has {FEWEST_VARIANTS} at least"
            )
            yield question.asked.fault("parameters", reason)


def _draw(asked: Asked, content: NumericContent) -> Drawn:
    variants = []
    try:
        for seed in asked.seeds:
            variants.append(NumericVariant(content, seed))
            variants[-1].rehearse()
    except ContentError as fault:
        return Drawn(asked, content, fault=asked.fault(fault.key, fault.reason))
    return Drawn(asked, content, tuple(variants))
