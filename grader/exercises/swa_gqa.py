"""Sliding-window attention whose query heads share KV heads, as in Mistral."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated, calibrated_mib

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_GROUPS = Draw(low=2, high=4)
_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    groups=Draw.only(2),
    parameters={"window": Draw(low=224, high=288)},
)
# So many query heads to one KV head that keys and values repeated for each of them show.
_WIDE_GROUP = _TIMED.model_copy(
    update={
        "n": Draw(low=3968, high=4096),
        "groups": Draw.only(16),
        "d": Draw.only(128),
    }
)

EXERCISE = Exercise(
    slug="swa-gqa",
    title="Sliding window with grouped queries",
    parameters=("window",),
    pattern="causal & window(window)",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            heads=_ONE_OR_TWO,
            groups=_GROUPS,
            d=Draw(low=16, high=64),
            parameters={"window": Draw(low=3, high=9)},
        ),
        Case(
            n=_ONE,
            groups=_GROUPS,
            parameters={"window": Draw(low=1, high=4)},
        ),
        Case(
            n=Draw(low=2, high=3),
            heads=Draw(low=1, high=3),
            groups=_GROUPS,
            parameters={"window": Draw(low=1, high=4)},
        ),
        Case(n=Draw(low=40, high=96), groups=_ONE, parameters={"window": Draw(low=2, high=30)}),
        Case(
            n=Draw(low=40, high=96),
            heads=_ONE,
            groups=Draw(low=2, high=8),
            parameters={"window": _ONE},
        ),
        Case(
            n=Draw(low=33, high=90),
            heads=Draw(low=2, high=3),
            groups=_GROUPS,
            parameters={"window": Draw(low=91, high=400)},
        ),
        Case(
            n=Draw(low=200, high=400),
            heads=Draw(low=2, high=3),
            groups=_GROUPS,
            d=Draw(low=8, high=96),
            parameters={"window": Draw(low=16, high=150)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            batch=_TWO,
            heads=_TWO,
            groups=_GROUPS,
            parameters={"window": Draw(low=16, high=150)},
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            batch=_ONE,
            heads=_ONE_OR_TWO,
            groups=_GROUPS,
            d=Draw(low=32, high=80),
            parameters={"window": Draw(low=100, high=300)},
        ),
    ),
    probe=Case(
        n=Draw.only(1024),
        batch=_ONE,
        heads=_ONE_OR_TWO,
        groups=_GROUPS,
        parameters={"window": Draw.only(256)},
    ),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("swa-gqa", 1.6)),
    growth=Growth(limit=1.65),
    memory=Memory(case=_WIDE_GROUP, limit_mib=calibrated_mib("swa-gqa", 56)),
    # On a GPU torch's fused attention copies what is repeated for the heads of a group, so that the
    # model solution needs as much as what this bound is there to refuse (docs/gpu.md).
    devices=("cpu",),
)
