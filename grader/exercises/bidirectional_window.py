"""A window to both sides, as encoders use it."""

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
    parameters={"window": Draw(low=224, high=288, step=2)},
)

EXERCISE = Exercise(
    slug="bidirectional-window",
    title="Window to both sides",
    parameters=("window",),
    pattern="window(window // 2 + 1)",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"window": Draw(low=4, high=8, step=2)},
        ),
        Case(n=_ONE, parameters={"window": Draw(low=0, high=4, step=2)}),
        Case(n=Draw(low=2, high=3), parameters={"window": Draw(low=0, high=4, step=2)}),
        Case(n=Draw(low=40, high=96), parameters={"window": Draw.only(0)}),
        Case(n=Draw(low=33, high=90), parameters={"window": Draw(low=60, high=90, step=2)}),
        Case(n=Draw(low=33, high=90), parameters={"window": Draw(low=200, high=400, step=2)}),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters={"window": Draw(low=16, high=150, step=2)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters={"window": Draw(low=16, high=150, step=2)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=_ONE_OR_TWO,
            d=Draw(low=32, high=80),
            parameters={"window": Draw(low=100, high=300, step=2)},
        ),
    ),
    probe=Case(n=Draw.only(1024), parameters={"window": Draw.only(256)}),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("bidirectional-window", 1.6)),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
