"""Whether testing a question takes long: told before anything is counted, by estimates.

The unit is about a microsecond on one core.
"""

from collections.abc import Iterable, Iterator

from grader.patterns import evaluate, parse
from grader.patterns.effort import effort_of_count, effort_of_keys, effort_of_row
from grader.words import gettext, gettext_noop
from question_bank.kinds.asked import Answer, Ratio, RowCount, Total
from question_bank.kinds.base import Content, ContentError
from question_bank.kinds.case import CaseContent, part_seeds
from question_bank.kinds.costs import Cost, Names
from question_bank.kinds.numeric import PLACE, NumericContent, draw_names
from question_bank.variants import DEPLOYED

MOST = 1_000_000
"""So much may testing all deployed variants take; one preview gets one variant's share."""

_OF_A_COST = 300
_OF_A_QUANTITY = 50
_PER_CHARACTER_PARSED = 2
_PER_COMPARISON = 10
_PER_VARIANT = 100
_RATIO_COUNTS = 4

_REASON = gettext_noop(
    "counting this in every variant takes too long. Take a smaller n, larger blocks or fewer"
    " misconceptions"
)


def check_effort(content: Content, seeds: Iterable[int] = DEPLOYED) -> None:
    """Refuse a question of which the variants of ``seeds`` take long to draw and to mark.

    What has no meaning counts for nothing here: drawing it says why. Raises ``ContentError`` with
    the key of what would go on for too long.
    """
    seeds = tuple(seeds)
    most = MOST * len(seeds) / len(DEPLOYED)
    spent = 0.0
    for key, effort in _efforts(content, seeds):
        spent += effort
        if spent > most:
            raise ContentError(key, gettext(_REASON))


def _efforts(content: Content, seeds: Iterable[int]) -> Iterator[tuple[str, float]]:
    for seed in seeds:
        if isinstance(content, NumericContent):
            yield from _of_numeric(content, seed, "", len(content.tests))
        elif isinstance(content, CaseContent):
            for place, own in enumerate(part_seeds(len(content.parts), seed)):
                part = content.parts[place].question
                if isinstance(part, NumericContent):
                    yield from _of_numeric(
                        part, own, f"parts.{place}.question.", len(content.tests)
                    )


def _of_numeric(
    content: NumericContent, seed: int, before: str, tests: int
) -> Iterator[tuple[str, float]]:
    ideas = content.misconceptions
    yield f"{before}tests", _PER_VARIANT + _PER_COMPARISON * (2 + tests) * len(ideas)
    for key in ("stem", "explanation", "otherwise", "if_right"):
        yield f"{before}{key}", _filled(getattr(content, key))
    yield f"{before}tests", sum(_filled(test.answer) for test in content.tests)
    try:
        names = draw_names(content, seed)
    except ContentError:
        return
    yield _key(before, content), _asked(content.answer, content.pattern, names)
    yield f"{before}pattern", _listed(content, names)
    for place, idea in enumerate(ideas):
        key = f"{before}misconceptions.{place}."
        yield f"{key}feedback", _filled(idea.feedback)
        if idea.value is None:
            answer, pattern = idea.answer or content.answer, idea.pattern or content.pattern
            yield _key(key, idea), _asked(answer, pattern, names)


def _key(before: str, holder: object) -> str:
    return f"{before}{'pattern' if getattr(holder, 'pattern', None) is not None else 'answer'}"


def _filled(text: str) -> float:
    """Return the effort of working out the expressions within a text."""
    inside = (_PER_VARIANT / 4 + len(place[0]) for place in PLACE.finditer(text))
    return len(text) / 50 + sum(inside)


def _listed(content: NumericContent, names: Names) -> float:
    """Return the effort of listing the keys of the query that is asked about, if one is."""
    of = content.answer.row_count
    if of is None or content.pattern is None:
        return 0
    try:
        n, listed = evaluate(of.n, names), parse(content.pattern, names)
        return effort_of_keys(listed, n) if n > 0 else 0
    except ValueError:
        return 0


def _asked(answer: Answer, pattern: str | None, names: Names) -> float:
    of = answer.given
    if isinstance(of, Cost):
        return _OF_A_COST
    if pattern is None or not isinstance(of, RowCount | Total | Ratio):
        return _OF_A_QUANTITY
    read = _OF_A_QUANTITY + _PER_CHARACTER_PARSED * len(pattern)
    try:
        n, counted = evaluate(of.n, names), parse(pattern, names)
        if n < 1:
            return read
        if isinstance(of, RowCount):
            return read + effort_of_row(counted, n)
        if isinstance(of, Total):
            return read + effort_of_count(counted, n)
        of_n = n if of.of_n is None else evaluate(of.of_n, names)
        # What is divided by is counted to see whether there is something, too.
        shared = _RATIO_COUNTS * effort_of_count(counted, n)
        return read + shared + (effort_of_count(parse(of.of, names), of_n) if of_n > 0 else 0)
    except ValueError:
        return read
