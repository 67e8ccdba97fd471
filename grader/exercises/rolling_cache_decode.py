"""Decoding from a cache that keeps a window and a few sinks, and forgets the rest."""

from grader.contract import Case, Draw, Exercise, Speed, Steady
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_SHAPE = {"window": Draw.only(256), "n_sink": Draw.only(4)}

EXERCISE = Exercise(
    slug="rolling-cache-decode",
    title="Decoding with a rolling cache",
    function="step",
    parameters=("window", "n_sink"),
    form="decode",
    pattern="causal & (window(window) | sinks(n_sink))",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"window": Draw(low=3, high=9), "n_sink": Draw(low=1, high=4)},
        ),
        Case(
            n=_ONE,
            parameters={"window": Draw(low=1, high=4), "n_sink": Draw(low=0, high=4)},
        ),
        Case(
            n=Draw(low=2, high=3),
            parameters={"window": Draw(low=1, high=4), "n_sink": Draw(low=0, high=4)},
        ),
        Case(
            n=Draw(low=40, high=96),
            parameters={"window": _ONE, "n_sink": Draw(low=0, high=3)},
        ),
        Case(
            n=Draw(low=40, high=96),
            parameters={"window": Draw(low=2, high=12), "n_sink": Draw.only(0)},
        ),
        Case(
            n=Draw(low=33, high=90),
            parameters={"window": Draw(low=91, high=400), "n_sink": Draw(low=0, high=120)},
        ),
        Case(
            n=Draw(low=60, high=120),
            parameters={"window": Draw(low=3, high=15), "n_sink": Draw(low=16, high=40)},
        ),
        Case(
            n=Draw(low=150, high=300),
            d=Draw(low=8, high=96),
            parameters={"window": Draw(low=16, high=100), "n_sink": Draw(low=1, high=12)},
            inputs="needles",
        ),
        Case(
            n=Draw(low=150, high=300),
            parameters={"window": Draw(low=16, high=100), "n_sink": Draw(low=1, high=12)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=Draw(low=1, high=2),
            d=Draw(low=32, high=80),
            parameters={"window": Draw(low=100, high=300), "n_sink": Draw(low=1, high=8)},
        ),
    ),
    probe=Case(n=Draw.only(1024), parameters=_SHAPE),
    speed=Speed(
        against="full_cache",
        case=Case(
            n=Draw(low=64, high=96),
            batch=_ONE,
            heads=Draw.only(2),
            parameters={"window": Draw(low=224, high=288), "n_sink": Draw(low=2, high=6)},
        ),
        threshold=calibrated("rolling-cache-decode", 3.0),
        filled=16_384,
    ),
    # A cache of all tokens takes 4 KiB a token here, so 16 MiB and more in so many steps. The
    # window is small, so that what an allocator leaves lying about is well under the limit.
    steady=Steady(
        case=Case(
            n=Draw(low=4_224, high=4_736),
            batch=_ONE,
            heads=Draw.only(8),
            parameters={"window": Draw(low=24, high=48), "n_sink": Draw(low=2, high=6)},
        ),
        limit_mib=4.0,
    ),
    # Thousands of steps are one request here, and each waits for its token.
    call_seconds=40.0,
)
