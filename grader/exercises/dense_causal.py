"""Dense causal attention: the ground that all sparse patterns stand on."""

from grader.contract import Case, Draw, Exercise

EXERCISE = Exercise(
    slug="dense-causal",
    title="Dense causal attention",
    pattern="causal",
    cases=(
        Case(n=Draw(low=20, high=48), d=Draw(low=16, high=64)),
        Case(n=Draw(low=1, high=3)),
        Case(n=Draw(low=150, high=300), d=Draw(low=8, high=96), inputs="needles"),
        Case(n=Draw(low=150, high=300), inputs="large"),
        Case(n=Draw(low=500, high=700), heads=Draw(low=1, high=2), d=Draw(low=32, high=80)),
    ),
    probe=Case(n=Draw(low=1024, high=1024)),
)
