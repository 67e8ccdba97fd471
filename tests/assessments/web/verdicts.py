"""Verdicts of every kind, as a grading machine would send them, and ways to record them."""

import random

from django.utils import timezone

from assessments.models import Attempt, Grading, Submission
from assessments.services.outcomes import UNDECIDED
from grader.contract import (
    Correctness,
    Evidence,
    Failure,
    GrowthPoint,
    GrowthResult,
    KvPairs,
    MemoryResult,
    PairEvidence,
    Speedup,
    Verdict,
)

HOSTILE = "</pre></textarea><script>alert(1)</script>\x1b[31mred\x1b[0m \u202eoverride"
SOURCE = "def attention(q, k, v, window):\n    return q  # not yet\n"
RIGHT = Correctness(passed=True, error=3.1e-7, tolerance=4.4e-6)
PAIRS = KvPairs(passed=True, attended=229_504, expected=229_504, extra=0, missing=0)
MEMORY = MemoryResult(passed=True, peak_mib=41.3, limit_mib=128)
GROWTH = GrowthResult(passed=True, slope=1.07, limit=1.65)


def ratios(middle: float, count: int = 31) -> tuple[float, ...]:
    draw = random.Random(7)
    return tuple(round(draw.gauss(middle, middle / 20), 4) for _ in range(count))


def speedup(ratio: float, *, passed: bool) -> Speedup:
    return Speedup(
        passed=passed,
        against="sdpa",
        ratio=ratio,
        low=ratio * 0.97,
        high=ratio * 1.03,
        threshold=1.6,
        pairs=31,
    )


def growth_points() -> tuple[GrowthPoint, ...]:
    return (
        GrowthPoint(n=4096, seconds=0.021, reference_seconds=0.036),
        GrowthPoint(n=8192, seconds=0.043, reference_seconds=0.139),
        GrowthPoint(n=16384, seconds=0.092, reference_seconds=0.561),
    )


def passed() -> Verdict:
    return Verdict(
        exercise="sliding-window",
        passed=True,
        failure=None,
        message="Passed: right, and by looking only at the pairs that the pattern allows.",
        checks=(RIGHT, PAIRS, MEMORY, speedup(2.41, passed=True), GROWTH),
        device="cpu",
        seconds=11.4,
        evidence=Evidence(
            pairs=PairEvidence(n=1024, pattern="causal & window(256)"),
            ratios=ratios(2.41),
            growth=growth_points(),
        ),
    )


def failed(failure: Failure, message: str, *checks: object, **evidence: object) -> Verdict:
    return Verdict.model_validate(
        {
            "exercise": "sliding-window",
            "passed": False,
            "failure": failure,
            "message": message,
            "checks": checks,
            "device": "cpu",
            "seconds": 3.2,
            "evidence": Evidence(**evidence),  # type: ignore[arg-type]
        }
    )


def wrong_pairs(n: int = 48, window: int = 8) -> Verdict:
    extra = tuple((i, i - window) for i in range(window, n))
    missing = ((5, 5), (30, 25), (30, 26))
    expected = sum(min(i + 1, window) for i in range(n))
    return failed(
        Failure.WRONG_PAIRS,
        "The result is wrong because other pairs are attended than the pattern allows: "
        f"{len(extra)} extra and {len(missing)} missing at n = {n}.",
        Correctness(passed=False, error=0.41, tolerance=4.4e-6),
        KvPairs(
            passed=False,
            attended=expected + len(extra) - len(missing),
            expected=expected,
            extra=len(extra),
            missing=len(missing),
        ),
        pairs=PairEvidence(n=n, pattern=f"causal & window({window})", extra=extra, missing=missing),
        case=f"n = {n}, window = {window}, batch = 1, heads = 2, d = 64",
    )


def too_slow() -> Verdict:
    return failed(
        Failure.TOO_SLOW,
        "Right, but only 0.93 times as fast as torch's dense attention at n = 8192.",
        RIGHT,
        PAIRS,
        MEMORY,
        speedup(0.93, passed=False),
        ratios=ratios(0.93),
    )


def crashed() -> Verdict:
    traceback = (
        "Traceback (most recent call last):\n"
        '  File "submission.py", line 2, in attention\n'
        f"    raise ValueError({HOSTILE!r})\n"
        f"ValueError: {HOSTILE}"
    )
    return failed(
        Failure.CRASHED,
        f"Your code raised an error. {HOSTILE}",
        traceback=traceback,
        printed=f"shape {HOSTILE}\n" * 3,
    )


def not_finite() -> Verdict:
    return failed(
        Failure.WRONG_OUTPUT,
        "The right pairs are attended, but the result holds NaN or infinity.",
        Correctness(passed=False, error=None, tolerance=4.4e-6),
        PAIRS,
        pairs=PairEvidence(n=1024, pattern="causal & window(256)"),
    )


EVERY: dict[str, Verdict] = {
    "passed": passed(),
    "wrong_pairs": wrong_pairs(),
    "too_slow": too_slow(),
    "crashed": crashed(),
    "wrong_output": not_finite(),
    "too_much_memory": failed(
        Failure.TOO_MUCH_MEMORY,
        "Right, but at n = 8192 it needed 322 MiB beyond inputs and result.",
        RIGHT,
        PAIRS,
        MemoryResult(passed=False, peak_mib=322.5, limit_mib=128),
    ),
    "inconclusive": failed(
        Failure.INCONCLUSIVE,
        "Right, but the timing was too noisy to decide.",
        RIGHT,
        PAIRS,
        MEMORY,
        speedup(1.61, passed=False),
        ratios=ratios(1.61, 63),
    ),
    **{
        failure: failed(failure, f"What is told of {failure}.")
        for failure in (
            Failure.UNAVAILABLE,
            Failure.INVALID,
            Failure.FORBIDDEN,
            Failure.OUT_OF_MEMORY,
            Failure.TIMEOUT,
            Failure.WRONG_SHAPE,
        )
    },
}


def submission(attempt: Attempt, source: bytes = SOURCE.encode()) -> Submission:
    """Return a submission that waits in the queue; nothing is sent to a broker."""
    now = timezone.now()
    kept = Submission.objects.create(
        attempt=attempt,
        number=attempt.submissions.count() + 1,
        source=source,
        submitted_at=now,
    )
    Grading.objects.create(
        submission=kept,
        device="cpu",
        token_digest="0" * 64,
        deliveries=1,
        dispatched_at=now,
        lease_until=now,
        created_at=now,
    )
    return kept


def record(kept: Submission, verdict: Verdict) -> Submission:
    """Record a verdict on a submission."""
    kept.gradings.update(
        state=Grading.State.DONE,
        verdict=verdict.model_dump(mode="json"),
        failure=verdict.failure or "",
        passed=None if verdict.failure in UNDECIDED else verdict.passed,
        held=verdict.held,
        finished_at=timezone.now(),
    )
    return kept
