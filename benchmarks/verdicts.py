"""How long a full verdict takes, and what of it is not the learner's, reference or truth."""

import statistics
from collections.abc import Iterator
from contextlib import closing

from benchmarks.common import judged, number
from grader.contract import Verdict
from grader.exercises import EXERCISES
from grader.references import models_of, source_of
from sandbox.pool import Pool, open_pool

_ROUNDS = number("VERDICTS_ROUNDS", 3)
_OWN_SECONDS, _OWN_SHARE = 1.5, 0.1
_THEIRS = ("candidate", "reference", "expected")


def _own(verdict: Verdict) -> float:
    """Return the seconds that ran neither learner's, reference nor expected-output code."""
    accounts = verdict.evidence.stage_seconds
    return verdict.seconds - sum(accounts.get(name, 0.0) for name in _THEIRS)


def _told(model: str, verdicts: list[Verdict]) -> str:
    middle = sorted(verdicts, key=lambda one: one.seconds)[len(verdicts) // 2]
    accounts = ", ".join(
        f"{name} {spent:.2f}" for name, spent in middle.evidence.stage_seconds.items()
    )
    verdict = ", ".join(sorted({one.failure or "passed" for one in verdicts}))
    return f"  {model}: {middle.seconds:.1f} s ({accounts}), {verdict}"


def _of(model: str, slug: str, pool: Pool) -> list[Verdict]:
    return [judged(EXERCISES[slug], source_of(model), pool) for _ in range(_ROUNDS)]


def measure() -> Iterator[str]:
    """Judge every model solution, without a rest between."""
    first, all_, over = [], [], []
    with closing(open_pool(2)) as pool:
        for slug in EXERCISES:
            for place, model in enumerate(models_of(slug)):
                verdicts = _of(model, slug, pool)
                yield _told(model, verdicts)
                seconds = statistics.median(one.seconds for one in verdicts)
                all_.append(seconds)
                if place == 0:
                    first.append(seconds)
                own = statistics.median(_own(one) for one in verdicts)
                if own > max(_OWN_SECONDS, _OWN_SHARE * seconds):
                    over.append(f"{model} {own:.1f} of {seconds:.1f} s")
    yield (
        f"submission to verdict: median of {len(first)} exercises {statistics.median(first):.1f} s "
        f"(asked: 15 s or less), longest {max(first):.1f} s; "
        f"of all {len(all_)} solutions {statistics.median(all_):.1f} s"
    )
    yield (
        "beside learner, reference and expected output, over the larger of 1.5 s and 10 %: "
        f"{len(over)} of {len(all_)} solutions{': ' if over else ''}{', '.join(over)}"
    )
