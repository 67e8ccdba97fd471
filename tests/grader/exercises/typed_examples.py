"""Declarations of typed exercises that several tests make."""

from grader.exercises.typed import Declaration, Parameter


def one(pattern, parameters, values, **more):
    return Declaration(
        **{"slug": "typed-pattern", "title": "A typed pattern"}
        | more
        | {"pattern": pattern, "parameters": parameters, "probe_values": values}
    )


STREAMING = one(
    "causal & (window(window) | sinks(n_sink))",
    {"window": Parameter(low=1, high=400), "n_sink": Parameter(low=0, high=16)},
    {"window": 256, "n_sink": 4},
    slug="streaming",
)

EXAMPLES = [
    STREAMING,
    one(
        "causal & (dilated(stride) | window(w))",
        {"stride": Parameter(low=1, high=400), "w": Parameter(low=1, high=400)},
        {"stride": 32, "w": 64},
        slug="strided-and-local",
    ),
    one(
        "window(w // 2 + 1)",
        {"w": Parameter(low=0, high=400, step=2)},
        {"w": 128},
        slug="two-sided",
    ),
    one("blocks(size, 1)", {"size": Parameter(low=1, high=200)}, {"size": 64}, slug="near-blocks"),
    one(
        "window(w) | globals(0, n // 2, -1)",
        {"w": Parameter(low=1, high=400)},
        {"w": 128},
        slug="globals-in-places",
    ),
    one(
        "causal & (random_blocks(size, number, seed) | window(w))",
        {
            "size": Parameter(low=1, high=200),
            "number": Parameter(low=0, high=4),
            "seed": Parameter(low=0, high=10**6),
            "w": Parameter(low=1, high=300),
        },
        {"size": 64, "number": 3, "seed": 7, "w": 64},
        slug="random-by-seed",
    ),
    one("causal & (sinks(1) | window(3))", {}, {}, slug="no-parameters"),
    one(
        "causal & (window(w) - dilated(s) | window(1))",
        {"w": Parameter(low=2, high=400), "s": Parameter(low=2, high=9)},
        {"w": 128, "s": 3},
        slug="window-with-holes",
        work=False,
    ),
    one(
        "causal & (random_blocks(block_size, r, seed) | blocks(block_size))",
        {
            "block_size": Parameter(low=1, high=100),
            "r": Parameter(low=0, high=4, given=False),
            "seed": Parameter(low=0, high=10**6, given=False),
        },
        {"block_size": 64, "r": 2, "seed": 7},
        slug="random-given",
        work=False,
    ),
    one(
        "causal & dilated(s)",
        {"s": Parameter(low=2, high=5)},
        {"s": 2},
        slug="dilated-alone",
        work=False,
    ),
]
TIMED = [example for example in EXAMPLES if example.work]
JUDGED = [STREAMING, *EXAMPLES[-2:]]
