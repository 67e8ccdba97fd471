"""The first key and the last three: the smallest pattern with an attention sink."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_TIMED = Case(n=Draw(low=7936, high=8448), batch=_ONE, heads=_ONE)

EXERCISE = Exercise(
    slug="first-plus-window",
    title="First key plus a window of three",
    pattern="causal & (sinks(1) | window(3))",
    cases=(
        Case(n=Draw(low=20, high=48), d=Draw(low=16, high=64)),
        Case(n=_ONE),
        Case(n=Draw(low=2, high=5)),
        Case(n=Draw(low=150, high=300), d=Draw(low=8, high=96), inputs="needles"),
        Case(n=Draw(low=150, high=300), batch=_TWO, heads=_SEVERAL, inputs="large"),
        Case(n=Draw(low=501, high=699, step=2), heads=Draw(low=1, high=2), d=Draw(low=32, high=80)),
    ),
    probe=Case(n=Draw.only(1024)),
    speed=Speed(
        against="sdpa",
        case=_TIMED.model_copy(update={"heads": _ONE_OR_TWO}),
        threshold=calibrated("first-plus-window", 1.6),
    ),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
