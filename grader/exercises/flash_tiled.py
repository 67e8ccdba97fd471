"""Dense causal attention in tiles with an online softmax: all pairs, but never all at once."""

from grader.contract import Case, Draw, Exercise, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)

EXERCISE = Exercise(
    slug="flash-tiled",
    title="Attention in tiles",
    pattern="causal",
    cases=(
        Case(n=Draw(low=20, high=48), d=Draw(low=16, high=64)),
        Case(n=_ONE),
        Case(n=Draw(low=2, high=3)),
        Case(n=Draw(low=65, high=140), d=Draw(low=1, high=8)),
        Case(n=Draw(low=150, high=300), d=Draw(low=8, high=96), inputs="needles"),
        Case(n=Draw(low=300, high=500), batch=_TWO, heads=_SEVERAL, inputs="large"),
        Case(n=Draw(low=513, high=699, step=2), heads=Draw(low=1, high=2), d=Draw(low=32, high=80)),
    ),
    probe=Case(n=Draw.only(1024)),
    speed=Speed(
        against="naive",
        case=Case(n=Draw(low=3968, high=4224), batch=_ONE, heads=_ONE),
        threshold=calibrated("flash-tiled", 1.3),
    ),
    memory=Memory(
        case=Case(n=Draw(low=7936, high=8448), batch=_ONE, heads=_ONE),
        limit_mib=64,
    ),
    ruled_out=("scaled_dot_product_attention", "flex_attention"),
)
