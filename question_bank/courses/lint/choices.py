"""Whether the right choice can be told without knowing anything."""

import math
from collections import Counter
from collections.abc import Iterator

from question_bank.courses.faults import Fault
from question_bank.courses.lint.parts import Asked, asked_in
from question_bank.courses.schema import Course
from question_bank.kinds.choice import ChoiceContent, ChoiceVariant

LONGER_BY = 1.2
"""The right choice may be so many times as long as the longest wrong one."""

OFTEN_LONGEST = 0.4
"""The right choice may be the longest in this share of the questions."""

SEEDS = range(200)

DEVIATIONS = 4.0
"""The right choice may be at a place so many standard deviations of the binomial distribution more
or less often than its share. With 2 to 12 choices, chance alone goes beyond at one place in 5,000.
"""


def right_one_stands_out(course: Course) -> Iterator[Fault]:
    """Tell a question whose right choice is much longer than every other."""
    for asked, content in _questions(course):
        right, wrong = _lengths(content)
        if right > LONGER_BY * wrong:
            reason = (
                f"the right one stands out with {right} characters;"
                f" the longest wrong one has {wrong}"
            )
            yield asked.fault("choices", reason)


def right_ones_longest(course: Course) -> Iterator[Fault]:
    """Tell a course where taking the longest choice is right too often."""
    longest = [right > wrong for right, wrong in (_lengths(one) for _, one in _questions(course))]
    if sum(longest) > OFTEN_LONGEST * len(longest):
        reason = (
            f"the right choice is the longest in {sum(longest)} of {len(longest)} questions,"
            f" {sum(longest) / len(longest):.0%}; {OFTEN_LONGEST:.0%} are the most"
        )
        yield Fault("course.yaml", "questions", reason)


def places_uneven(course: Course) -> Iterator[Fault]:
    """Tell a question whose right choice is at some place more or less often than by chance."""
    for asked, content in _questions(course):
        places = len(content.choices)
        share = 1 / places
        expected = len(SEEDS) * share
        bound = DEVIATIONS * math.sqrt(expected * (1 - share))
        times = Counter(_place(content, seed) for seed in SEEDS)
        for place in range(places):
            if abs(times[place] - expected) > bound:
                reason = (
                    f"over {len(SEEDS)} seeds the right one is at place {place + 1}"
                    f" {times[place]} times; {expected:.0f} ± {bound:.0f} is what chance allows"
                )
                yield asked.fault("choices", reason)


def _questions(course: Course) -> Iterator[tuple[Asked, ChoiceContent]]:
    for asked in asked_in(course):
        if isinstance(asked.content, ChoiceContent):
            yield asked, asked.content


def _lengths(content: ChoiceContent) -> tuple[int, int]:
    """Return how many characters the right choice has, and the longest wrong one."""
    lengths = {True: 0, False: 0}
    for choice in content.choices:
        lengths[choice.correct] = max(lengths[choice.correct], len(choice.text.strip()))
    return lengths[True], lengths[False]


def _place(content: ChoiceContent, seed: int) -> int:
    variant = ChoiceVariant(content, seed)
    marks = (variant.mark({"choice": str(place)}) for place in range(len(content.choices)))
    return next(place for place, mark in enumerate(marks) if mark.fraction == 1)
