"""Causal attention to every stride-th key, as in Sparse Transformers."""

from grader.contract import Case, Draw, Exercise, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    parameters={"stride": Draw(low=14, high=18)},
)

# A fixed stride leaves n * n / (2 * stride) pairs: how time grows with n is not asked.
EXERCISE = Exercise(
    slug="strided",
    title="Strided attention",
    parameters=("stride",),
    pattern="causal & dilated(stride)",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"stride": Draw(low=3, high=7)},
        ),
        Case(n=_ONE, parameters={"stride": Draw(low=1, high=4)}),
        Case(n=Draw(low=2, high=3), parameters={"stride": Draw(low=1, high=4)}),
        Case(n=Draw(low=40, high=96), parameters={"stride": _ONE}),
        Case(n=Draw(low=33, high=90), parameters={"stride": Draw(low=91, high=400)}),
        Case(n=Draw(low=60, high=96), parameters={"stride": Draw(low=25, high=60)}),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters={"stride": Draw(low=2, high=30)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters={"stride": Draw(low=2, high=30)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=_ONE_OR_TWO,
            d=Draw(low=32, high=80),
            parameters={"stride": Draw(low=5, high=40)},
        ),
    ),
    probe=Case(n=Draw.only(1024), parameters={"stride": Draw.only(16)}),
    speed=Speed(
        against="sdpa",
        case=_TIMED.model_copy(update={"heads": _ONE_OR_TWO}),
        threshold=calibrated("strided", 1.6),
    ),
    memory=Memory(case=_TIMED, limit_mib=192),
)
