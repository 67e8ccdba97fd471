"""Attention over the tiles of a given mask, as in block-sparse kernels."""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from grader.exercises.calibration import calibrated

_ONE = Draw.only(1)
_TWO = Draw.only(2)
_SEVERAL = Draw(low=2, high=4)
_ONE_OR_TWO = Draw(low=1, high=2)
_NONE = Draw.only(0)
_SEED = Draw(low=0, high=10**6)


def _shape(block_size: Draw, tiles: Draw, more: Draw) -> dict[str, Draw]:
    """Return draws of a mask with ``tiles`` in each row, and in some rows up to ``more`` beside."""
    return {"block_size": block_size, "tiles": tiles, "more": more, "seed": _SEED}


_TIMED = Case(
    n=Draw(low=7936, high=8448),
    batch=_ONE,
    heads=_ONE,
    parameters=_shape(Draw(low=60, high=68), Draw(low=7, high=9), _NONE),
)

EXERCISE = Exercise(
    slug="block-sparse",
    title="Block-sparse attention",
    parameters=("block_size",),
    tensors=("block_mask",),
    # Rows of tiles differ in number where the second draw hits the coarse diagonal.
    pattern="random_blocks(block_size, tiles, seed)"
    " | (random_blocks(block_size, more, seed + 1) & blocks(3 * block_size))",
    cases=(
        Case(
            n=Draw(low=36, high=48),
            d=Draw(low=16, high=64),
            parameters={
                "block_size": Draw(low=3, high=5),
                "tiles": Draw(low=1, high=2),
                "more": Draw(low=2, high=4),
                "seed": Draw(low=1, high=30),
            },
        ),
        Case(
            n=_ONE,
            parameters=_shape(Draw(low=1, high=4), _ONE_OR_TWO, Draw(low=0, high=1)),
        ),
        Case(
            n=Draw(low=2, high=3),
            parameters=_shape(Draw(low=1, high=4), _ONE_OR_TWO, Draw(low=0, high=1)),
        ),
        Case(
            n=Draw(low=30, high=60),
            parameters=_shape(_ONE, Draw(low=1, high=9), Draw(low=0, high=30)),
        ),
        Case(
            n=Draw(low=20, high=40),
            parameters=_shape(Draw(low=40, high=64), _ONE_OR_TWO, Draw(low=0, high=1)),
        ),
        Case(
            n=Draw(low=60, high=90),
            parameters=_shape(Draw(low=16, high=20), Draw(low=6, high=9), _NONE),
        ),
        Case(n=Draw(low=60, high=90), parameters=_shape(Draw(low=4, high=9), _ONE, _NONE)),
        Case(
            n=Draw(low=200, high=400),
            d=Draw(low=8, high=96),
            parameters=_shape(Draw(low=12, high=30), Draw(low=1, high=4), Draw(low=0, high=6)),
            inputs="needles",
        ),
        Case(
            n=Draw(low=200, high=400),
            parameters=_shape(Draw(low=12, high=30), Draw(low=1, high=4), Draw(low=0, high=6)),
            batch=_TWO,
            heads=_SEVERAL,
            inputs="large",
        ),
        Case(
            n=Draw(low=513, high=699, step=2),
            heads=_ONE_OR_TWO,
            d=Draw(low=32, high=80),
            parameters=_shape(Draw(low=24, high=48), Draw(low=2, high=6), Draw(low=4, high=12)),
        ),
    ),
    probe=Case(
        n=Draw.only(1024),
        parameters={
            "block_size": Draw.only(32),
            "tiles": Draw.only(4),
            "more": Draw.only(8),
            "seed": Draw.only(7),
        },
    ),
    speed=Speed(against="sdpa", case=_TIMED, threshold=calibrated("block-sparse", 1.6)),
    growth=Growth(limit=1.65),
    memory=Memory(case=_TIMED, limit_mib=192),
)
