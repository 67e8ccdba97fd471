"""Causal attention over ranks that each hold a shard of the sequence, as in ring attention."""

from grader.contract import Case, Draw, Exercise, Traffic

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)

EXERCISE = Exercise(
    slug="ring",
    title="Ring attention",
    form="ring",
    pattern="causal",
    cases=(
        Case(n=Draw(low=24, high=48), d=Draw(low=16, high=64), ranks=Draw(low=3, high=4)),
        Case(n=_ONE, ranks=_ONE),
        Case(n=Draw(low=2, high=40), ranks=_ONE),
        # One token for each rank.
        Case(n=_ONE, ranks=Draw(low=2, high=4)),
        Case(n=Draw(low=3, high=4), ranks=_TWO),
        Case(
            n=Draw(low=153, high=297, step=6),
            d=Draw(low=8, high=96),
            ranks=Draw.only(3),
            inputs="needles",
        ),
        Case(
            n=Draw(low=150, high=300),
            batch=_TWO,
            heads=_SEVERAL,
            ranks=Draw.only(4),
            inputs="large",
        ),
        Case(
            n=Draw(low=500, high=700),
            heads=Draw(low=1, high=2),
            d=Draw(low=32, high=80),
            ranks=Draw(low=2, high=4),
        ),
    ),
    probe=Case(n=Draw.only(1024), ranks=Draw.only(4)),
    # With two ranks some needless ways of sending cost nothing more: three and four tell them.
    traffic=Traffic(
        case=Case(n=Draw(low=512, high=1024), heads=Draw(low=1, high=2), ranks=Draw(low=3, high=4)),
        factor=1.1,
    ),
)
