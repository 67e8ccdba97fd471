"""Whether a question marks as its author says, on every variant that a learner may meet."""

from collections.abc import Iterator
from decimal import Decimal

from grader.words import gettext as _
from grader.words import gettext_noop
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

_NAMES: dict[Level, str] = {
    "full": gettext_noop("the full answer that goes with the question"),
    "partial": gettext_noop("the partial answer that goes with the question"),
    "zero": gettext_noop("the zero answer that goes with the question"),
}
_WRONG: dict[Level, str] = {
    "full": gettext_noop("%(answer)s should earn all of the credit, not %(earned)s"),
    "partial": gettext_noop("%(answer)s should earn a part of the credit, not %(earned)s"),
    "zero": gettext_noop("%(answer)s should earn none of the credit, not %(earned)s"),
}


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
                yield _("%(name)s, variant %(seed)s: %(reason)s") % {
                    "name": name,
                    "seed": seed,
                    "reason": reason,
                }


def _of_variant(
    variant: Answerable, samples: dict[Level, str], tests: tuple[AuthorTest, ...]
) -> Iterator[tuple[str, str]]:
    for level, answer in samples.items():
        name = _(_NAMES[level])
        earned = _earned(variant, answer)
        if isinstance(earned, str):
            yield name, earned
        elif _level(earned) != level:
            yield name, _(_WRONG[level]) % {"answer": repr(answer), "earned": earned}
    for number, test in enumerate(tests, start=1):
        earned = _earned(variant, test.answer)
        if isinstance(earned, str):
            yield _("test %(number)s") % {"number": number}, earned
        elif earned != test.credit:
            yield (
                _("test %(number)s") % {"number": number},
                _("%(answer)s earns %(earned)s, not %(credit)s")
                % {"answer": f"{test.answer!r}", "earned": earned, "credit": test.credit},
            )


def _earned(variant: Answerable, answer: str) -> Decimal | str:
    """Return the credit of an answer, or why it cannot be read."""
    try:
        return variant.mark(variant.typed(answer)).fraction
    except (UnreadableAnswerError, ValueError) as fault:
        return _("%(answer)s cannot be read: %(fault)s") % {"answer": f"{answer!r}", "fault": fault}


def _level(earned: Decimal) -> Level:
    return "full" if earned == 1 else "zero" if earned == 0 else "partial"
