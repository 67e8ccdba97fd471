"""A window to both sides and a few global positions, as in Longformer and ETC."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    parameters={"window": Draw(low=224, high=288), "n_global": Draw(low=8, high=24)},
)
# As many positions as are global: every query sees every key.
_ALL = Draw.only(37)

EXERCISE = Exercise(
    slug="global-window",
    title="Window plus global tokens",
    parameters=("window", "n_global"),
    pattern="window(window // 2 + 1) | globals(0:n_global)",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"window": Draw(low=4, high=9), "n_global": Draw(low=1, high=4)},
        ),
        Case(
            n=Draw(low=5, high=9),
            parameters={"window": Draw(low=0, high=4), "n_global": Draw(low=0, high=5)},
        ),
        Case(n=_ONE, parameters={"window": Draw(low=0, high=3), "n_global": Draw(low=0, high=1)}),
        Case(
            n=Draw(low=40, high=90),
            parameters={"window": Draw(low=4, high=12), "n_global": Draw.only(0)},
        ),
        Case(n=_ALL, parameters={"window": Draw(low=0, high=12), "n_global": _ALL}),
        Case(
            n=Draw(low=33, high=90),
            parameters={"window": Draw(low=200, high=400), "n_global": Draw(low=0, high=33)},
        ),
        Case(
            n=Draw(low=40, high=90),
            parameters={"window": Draw.only(0), "n_global": Draw(low=1, high=3)},
        ),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters={"window": Draw(low=16, high=150), "n_global": Draw(low=0, high=20)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters={"window": Draw(low=16, high=150), "n_global": Draw(low=1, high=20)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=Draw(low=1, high=2),
            d=Draw(low=32, high=80),
            parameters={"window": Draw(low=100, high=300), "n_global": Draw(low=1, high=40)},
        ),
    ),
    probe=Case(
        n=Draw.only(1024),
        parameters={"window": Draw.only(256), "n_global": Draw.only(16)},
    ),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("global-window", 1.6)),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
