"""Neighbouring, first and random blocks, as in BigBird."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_SEED = Draw(low=0, high=10**6)
_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    parameters={
        "block_size": Draw(low=60, high=68),
        "r": Draw.only(3),
        "seed": _SEED,
    },
)


def _shape(block_size: Draw, r: Draw) -> dict[str, Draw]:
    return {"block_size": block_size, "r": r, "seed": _SEED}


EXERCISE = Exercise(
    slug="bigbird",
    title="BigBird's blocks",
    parameters=("block_size",),
    tensors=("random_blocks",),
    pattern="blocks(block_size, 1) | globals(0:block_size) | random_blocks(block_size, r, seed)",
    cases=(
        Case(
            n=Draw(low=36, high=48),
            d=Draw(low=16, high=64),
            parameters={
                "block_size": Draw(low=3, high=4),
                "r": _ONE,
                "seed": Draw(low=1, high=30),
            },
        ),
        Case(n=_ONE, parameters=_shape(Draw(low=1, high=4), Draw(low=0, high=2))),
        Case(n=Draw(low=2, high=3), parameters=_shape(Draw(low=1, high=4), Draw(low=0, high=2))),
        # More to draw than there are blocks, so some are there twice.
        Case(
            n=Draw(low=33, high=48), parameters=_shape(Draw(low=16, high=20), Draw(low=4, high=6))
        ),
        Case(n=Draw(low=40, high=90), parameters=_shape(Draw(low=4, high=9), Draw.only(0))),
        Case(
            n=Draw(low=20, high=40), parameters=_shape(Draw(low=40, high=64), Draw(low=0, high=3))
        ),
        Case(n=Draw(low=30, high=60), parameters=_shape(_ONE, Draw(low=1, high=3))),
        Case(
            n=Draw(low=60, high=100), parameters=_shape(Draw(low=16, high=20), Draw(low=4, high=9))
        ),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters=_shape(Draw(low=12, high=30), Draw(low=1, high=3)),
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters=_shape(Draw(low=12, high=30), Draw(low=1, high=3)),
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=_ONE_OR_TWO,
            d=Draw(low=32, high=80),
            parameters=_shape(Draw(low=24, high=48), Draw(low=1, high=4)),
        ),
    ),
    probe=Case(
        n=Draw.only(1024),
        parameters={
            "block_size": Draw.only(32),
            "r": Draw.only(3),
            "seed": Draw.only(7),
        },
    ),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("bigbird", 1.6)),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
