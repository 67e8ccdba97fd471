"""Whether a question marks as its author says, on every variant that a learner may meet."""

from collections.abc import Iterator
from decimal import Decimal

from question_bank.effort import check_effort
from question_bank.kinds import (
    KINDS,
    Answerable,
    Content,
    ContentError,
    Mark,
    UnreadableAnswerError,
)
from question_bank.kinds.base import AuthorTest, Level
from question_bank.variants import DEPLOYED

_CREDIT: dict[Level, str] = {"full": "all", "partial": "a part", "zero": "none"}


def failures(content: Content) -> list[str]:
    """Return what goes wrong, a line each; nothing where the question may be published.

    Every deployed variant is drawn and rehearsed, and marks the samples of its kind (a full, a
    partial and a zero answer, where its marking can give them) and the tests of its author. Of
    variants that fail alike only the first is told. What would take too long is not begun.
    """
    told = dict.fromkeys(_failures(content))
    return list(told)


def worked(content: Content, variant: Answerable) -> Iterator[tuple[str, Mark | str]]:
    """Mark the samples of the kind and the author's own answers on a variant, each once.

    Instead of a mark comes, for what cannot be read there, why not.
    """
    answers = [*content.samples().values(), *(test.answer for test in content.tests)]
    for answer in dict.fromkeys(answers):
        try:
            yield answer, variant.mark(variant.typed(answer))
        except (UnreadableAnswerError, ValueError) as fault:
            yield answer, str(fault)


def _failures(content: Content) -> Iterator[str]:
    try:
        check_effort(content)
    except ContentError as fault:
        yield str(fault)
        return
    samples, broken = content.samples(), set[str]()
    for seed in DEPLOYED:
        try:
            variant = KINDS[content.kind].variant(content, seed)
            variant.rehearse()
        except ContentError as fault:
            yield str(fault)
            return
        if not isinstance(variant, Answerable):
            return
        for name, reason in _of_variant(variant, samples, content.tests):
            if name not in broken:
                broken.add(name)
                yield f"{name}, variant {seed}: {reason}"


def _of_variant(
    variant: Answerable, samples: dict[Level, str], tests: tuple[AuthorTest, ...]
) -> Iterator[tuple[str, str]]:
    for level, answer in samples.items():
        name = f"the {level} answer that goes with the question"
        earned = _earned(variant, answer)
        if isinstance(earned, str):
            yield name, earned
        elif _level(earned) != level:
            yield name, f"{answer!r} should earn {_CREDIT[level]} of the credit, not {earned}"
    for number, test in enumerate(tests, start=1):
        earned = _earned(variant, test.answer)
        if isinstance(earned, str):
            yield f"test {number}", earned
        elif earned != test.credit:
            yield f"test {number}", f"{test.answer!r} earns {earned}, not {test.credit}"


def _earned(variant: Answerable, answer: str) -> Decimal | str:
    """Return the credit of an answer, or why it cannot be read."""
    try:
        return variant.mark(variant.typed(answer)).fraction
    except (UnreadableAnswerError, ValueError) as fault:
        return f"{answer!r} cannot be read: {fault}"


def _level(earned: Decimal) -> Level:
    return "full" if earned == 1 else "zero" if earned == 0 else "partial"
