"""Dense causal attention: the ground that all sparse patterns stand on."""

from grader.contract import Case, Draw, Exercise

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)

EXERCISE = Exercise(
    slug="dense-causal",
    title="Dense causal attention",
    pattern="causal",
    cases=(
        Case(n=Draw(low=20, high=48), d=Draw(low=16, high=64)),
        Case(n=_ONE),
        Case(n=Draw(low=2, high=3)),
        Case(n=Draw(low=150, high=300), d=Draw(low=8, high=96), inputs="needles"),
        Case(n=Draw(low=150, high=300), batch=_TWO, heads=_SEVERAL, inputs="large"),
        Case(n=Draw(low=501, high=699, step=2), heads=Draw(low=1, high=2), d=Draw(low=32, high=80)),
    ),
    probe=Case(n=Draw.only(1024)),
)
