"""What an author waits for: a mask of 64 positions, and a variant of a question."""

import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from grader.patterns import parse
from grader.patterns.notation import EXAMPLES
from grader.patterns.pictures import MOST_SQUARES, mask_svg

_WINDOWS = range(1, 41)
_SEEDS = range(16)


def measure() -> Iterator[str]:
    """Draw every example of the notation, and variants of the built-in course's questions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(32))
    import django

    django.setup()
    yield _told("a mask of n = 64", _masks(), "asked: 5 ms")
    yield _told("a variant", _variants(), "asked: 2 ms")


def _told(what: str, took: list[float], asked: str) -> str:
    return (
        f"{what}: median {statistics.median(took):.2f} ms, longest {max(took):.2f} ms "
        f"of {len(took):,} ({asked})"
    )


def _masks() -> list[float]:
    # Each text is another one, as while somebody types: what is remembered of one helps no other.
    texts = [f"({text}) & window({width})" for text in EXAMPLES.values() for width in _WINDOWS]
    return _milliseconds([partial(_mask, text) for text in texts])


def _mask(text: str) -> None:
    mask_svg(parse(text, {}), MOST_SQUARES, title=text)


def _variants() -> list[float]:
    from question_bank.courses import BUILT_IN, read_course
    from question_bank.kinds import KINDS

    contents = read_course(BUILT_IN).questions.values()
    drawn = [(KINDS[content.kind].variant, content) for content in contents]
    return _milliseconds(
        [partial(variant, content, seed) for variant, content in drawn for seed in _SEEDS]
    )


def _milliseconds(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Return what each call takes: the quickest of three rounds, without what else the machine did.

    A round calls all, so that what is remembered of one is forgotten before it comes again.
    """
    rounds = [[_seconds(call) for call in calls] for _ in range(3)]
    return [1e3 * min(took) for took in zip(*rounds, strict=True)]


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
