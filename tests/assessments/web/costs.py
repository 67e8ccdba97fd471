"""Verdicts of exercises on memory, traffic, decoding, linear attention and chosen pairs."""

from grader.contract import (
    Correctness,
    Evidence,
    Failure,
    KvPairs,
    PairEvidence,
    Speedup,
    SteadyResult,
    TrafficResult,
    Verdict,
    WorkEvidence,
)
from tests.assessments.web.verdicts import PAIRS, RIGHT, ratios, speedup

WORK = WorkEvidence(
    n=1024, expected=229_504, touched=1_048_576, flops=268_435_456, least_flops=58_753_024
)
TILES = WORK.model_copy(update={"touched": 286_720, "flops": 73_400_320})
CHOSEN = tuple((query, (3 * query + place) % 24) for query in range(9) for place in range(4))
TRAFFIC = TrafficResult(passed=True, sent_bytes=393_216, limit_bytes=432_537, ranks=4)
STEADY = SteadyResult(passed=True, growth_mib=0.21, limit_mib=4.0, steps=6_500)


def verdict(exercise: str, failure: Failure | None, *checks: object, **evidence: object) -> Verdict:
    return Verdict.model_validate(
        {
            "exercise": exercise,
            "passed": failure is None,
            "failure": failure,
            "message": f"What the judge says of {failure or 'a pass'}.",
            "checks": checks,
            "device": "cpu",
            "seconds": 7.5,
            "evidence": Evidence(**evidence),  # type: ignore[arg-type]
        }
    )


def decoding(ratio: float, *, passed: bool) -> Speedup:
    return speedup(ratio, passed=passed).model_copy(
        update={"against": "full_cache", "threshold": 5.0}
    )


def chosen_pairs(*, wrong: bool) -> Verdict:
    missing, extra = (CHOSEN[:2], ((0, 20), (8, 1))) if wrong else ((), ())
    pairs = PairEvidence(
        n=24, queries=9, pattern="all", chosen=CHOSEN, extra=extra, missing=missing
    )
    counts = KvPairs(
        passed=not wrong, attended=36, expected=36, extra=len(extra), missing=len(missing)
    )
    if not wrong:
        return verdict("top-k-pruned", None, RIGHT, counts, pairs=pairs)
    failed = RIGHT.model_copy(update={"passed": False, "error": 0.3})
    return verdict("top-k-pruned", Failure.WRONG_PAIRS, failed, counts, pairs=pairs)


def held() -> Verdict:
    told = verdict("sliding-window", Failure.INCONCLUSIVE, RIGHT, PAIRS).model_dump()
    reason = "0.00001 s of CPU time at n = 8192"
    return Verdict.model_validate(told | {"failure": Failure.INCONCLUSIVE, "held": reason})


EVERY: dict[str, Verdict] = {
    "ring passed": verdict("ring", None, RIGHT, PAIRS, TRAFFIC),
    "a shift too many": verdict(
        "ring",
        Failure.TOO_MUCH_MEMORY,
        RIGHT,
        PAIRS,
        TRAFFIC.model_copy(update={"passed": False, "sent_bytes": 524_288}),
    ),
    "decoding passed": verdict(
        "rolling-cache-decode",
        None,
        RIGHT,
        PAIRS,
        STEADY,
        decoding(9.2, passed=True),
        ratios=ratios(9.2),
    ),
    "the whole cache kept": verdict(
        "rolling-cache-decode",
        Failure.TOO_MUCH_MEMORY,
        RIGHT,
        PAIRS,
        SteadyResult(passed=False, growth_mib=13.4, limit_mib=4.0, steps=6_500),
    ),
    "slow decoding": verdict(
        "rolling-cache-decode",
        Failure.TOO_SLOW,
        RIGHT,
        PAIRS,
        STEADY,
        decoding(1.2, passed=False),
        ratios=ratios(1.2),
    ),
    "masked dense": verdict(
        "sliding-window",
        Failure.TOO_SLOW,
        RIGHT,
        PAIRS,
        speedup(0.93, passed=False),
        ratios=ratios(0.93),
        pairs=PairEvidence(n=1024, pattern="causal & window(256)"),
        work=WORK,
    ),
    "in tiles": verdict(
        "sliding-window", None, RIGHT, PAIRS, speedup(2.4, passed=True), work=TILES
    ),
    "other keys chosen": chosen_pairs(wrong=True),
    "right keys chosen": chosen_pairs(wrong=False),
    "wrong sums": verdict(
        "linear-attention",
        Failure.WRONG_OUTPUT,
        Correctness(passed=False, error=0.2, tolerance=4e-6),
    ),
    "held": held(),
}
