"""Attention to the keys of the largest scores alone: which pairs count depends on the data."""

from grader.contract import Case, Draw, Exercise

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)

EXERCISE = Exercise(
    slug="top-k-pruned",
    title="Top-k pruned attention",
    parameters=("top_k",),
    pattern="all",
    top_k="top_k",
    cases=(
        Case(
            n=Draw(low=24, high=48),
            d=Draw(low=16, high=64),
            parameters={"top_k": Draw(low=3, high=8)},
        ),
        Case(n=_ONE, queries=Draw(low=1, high=5), parameters={"top_k": _ONE}),
        Case(
            n=Draw(low=40, high=96),
            queries=Draw(low=100, high=200),
            parameters={"top_k": _ONE},
        ),
        Case(
            n=Draw.only(60),
            queries=Draw(low=20, high=50),
            parameters={"top_k": Draw.only(60)},
        ),
        Case(
            n=Draw(low=60, high=120),
            queries=_ONE,
            parameters={"top_k": Draw(low=2, high=59)},
        ),
        Case(
            n=Draw(low=200, high=400),
            queries=Draw(low=30, high=150),
            d=Draw(low=8, high=96),
            parameters={"top_k": Draw(low=16, high=150)},
        ),
        Case(
            n=Draw(low=200, high=400),
            queries=Draw(low=30, high=500),
            parameters={"top_k": Draw(low=4, high=40)},
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=Draw(low=1, high=2),
            d=Draw(low=32, high=80),
            parameters={"top_k": Draw(low=20, high=200)},
        ),
    ),
    probe=Case(n=Draw.only(1024), parameters={"top_k": Draw.only(64)}),
)
