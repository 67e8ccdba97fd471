"""Causal linear attention: weights from feature maps, so that the past folds into a matrix."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_TIMED = Case(n=Draw(low=7936, high=8448), batch=_ONE, heads=_ONE)

EXERCISE = Exercise(
    slug="linear-attention",
    title="Causal linear attention",
    pattern="causal",
    weights="elu",
    cases=(
        Case(n=Draw(low=20, high=48), d=Draw(low=16, high=64)),
        Case(n=_ONE),
        Case(n=Draw(low=2, high=3)),
        Case(n=Draw(low=60, high=140), d=Draw(low=1, high=8)),
        Case(n=Draw(low=150, high=300), batch=_TWO, heads=_SEVERAL, d=Draw(low=8, high=96)),
        Case(n=Draw(low=513, high=699, step=2), heads=Draw(low=1, high=2), d=Draw(low=32, high=80)),
    ),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("linear-attention", 2.5)),
    # A call at the smallest size takes 10 ms: shorter ones are noise on a busy machine.
    growth=Growth(limit=1.45),
    memory=Memory(case=_TIMED, limit_mib=192),
)
