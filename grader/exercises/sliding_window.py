"""Causal sliding-window attention, as in Longformer and Mistral."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    parameters={"window": Draw(low=224, high=288)},
)

EXERCISE = Exercise(
    slug="sliding-window",
    title="Sliding-window attention",
    parameters=("window",),
    pattern="causal & window(window)",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"window": Draw(low=3, high=9)},
        ),
        Case(n=_ONE, parameters={"window": Draw(low=1, high=4)}),
        Case(n=Draw(low=2, high=3), parameters={"window": Draw(low=1, high=4)}),
        Case(n=Draw(low=40, high=96), parameters={"window": Draw.only(1)}),
        Case(n=Draw(low=33, high=90), parameters={"window": Draw(low=91, high=400)}),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters={"window": Draw(low=16, high=150)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters={"window": Draw(low=16, high=150)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=Draw(low=1, high=2),
            d=Draw(low=32, high=80),
            parameters={"window": Draw(low=100, high=300)},
        ),
    ),
    probe=Case(n=Draw.only(1024), parameters={"window": Draw.only(256)}),
    speed=Speed(
        against="sdpa",
        case=_TIMED.model_copy(update={"heads": _ONE_OR_TWO}),
        threshold=calibrated("sliding-window", 1.6),
    ),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
