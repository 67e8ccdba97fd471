"""Every judging meets the edges of what is legal for certain, not only when the draw falls so.

A fault at an edge would else pass now and then. A case counts where it can draw nothing else.
"""

import pytest

from grader.exercises import EXERCISES
from grader.judge.inputs import Inputs


def always(draw, value):
    return draw.low == draw.high == value


def parameter(name, value):
    return lambda case: always(case.parameters[name], value)


def beyond_n(name, times=1):
    return lambda case: case.parameters[name].low > times * case.n.high


EDGES = {
    "sliding-window": {"one": parameter("window", 1), "beyond n": beyond_n("window")},
    "bidirectional-window": {
        "none": parameter("window", 0),
        "beyond n": beyond_n("window", times=2),
    },
    "strided": {"one": parameter("stride", 1), "beyond n": beyond_n("stride")},
    "global-window": {
        "no window": parameter("window", 0),
        "window beyond n": beyond_n("window", times=2),
        "no global": lambda case: parameter("n_global", 0)(case) and case.parameters["window"].low,
        "all global": lambda case: (
            always(case.parameters["n_global"], case.n.low) and case.n.low > 9
        ),
    },
    "bigbird": {
        "none drawn": parameter("r", 0),
        "blocks of one": parameter("block_size", 1),
        "one block": lambda case: case.parameters["block_size"].low >= case.n.high > 9,
        "some drawn twice": lambda case: (
            case.n.high <= 3 * case.parameters["block_size"].low and case.parameters["r"].low > 3
        ),
    },
    "block-sparse": {
        "blocks of one": parameter("block_size", 1),
        "one block": lambda case: case.parameters["block_size"].low >= case.n.high > 9,
        "all tiles": lambda case: (
            case.parameters["tiles"].low * case.parameters["block_size"].low >= case.n.high > 9
        ),
    },
    "swa-gqa": {
        "a window of one": parameter("window", 1),
        "a window beyond n": beyond_n("window"),
        "ungrouped": lambda case: always(case.groups, 1),
        "several KV heads in groups": lambda case: case.heads.low > 1 and case.groups.low > 1,
        "one KV head": lambda case: always(case.heads, 1) and case.groups.low > 1,
    },
    "top-k-pruned": {
        "one key": lambda case: parameter("top_k", 1)(case) and case.n.low > 9,
        "all keys": lambda case: always(case.parameters["top_k"], case.n.low) and case.n.low > 9,
        "one query": lambda case: case.queries and always(case.queries, 1) and case.n.low > 9,
        "more queries than keys": lambda case: case.queries and case.queries.low > case.n.high,
    },
    "ring": {
        "one rank": lambda case: always(case.ranks, 1),
        "two ranks": lambda case: always(case.ranks, 2),
        "three ranks": lambda case: always(case.ranks, 3),
        "four ranks": lambda case: always(case.ranks, 4),
        "one token a rank": lambda case: case.n.high == 1 and case.ranks.low > 1,
    },
    "rolling-cache-decode": {
        "a window of one": parameter("window", 1),
        "a window beyond n": beyond_n("window"),
        "no sinks": lambda case: parameter("n_sink", 0)(case) and case.n.low > 9,
    },
}

EVERYWHERE = {
    "one position": lambda case: always(case.n, 1) and always(case.ranks, 1),
    "several sequences of several heads": lambda case: case.batch.low > 1 and case.heads.low > 1,
    "an odd length": lambda case: case.n.low > 9 and case.n.low % 2 and case.n.step % 2 == 0,
}


def edges():
    for slug, exercise in EXERCISES.items():
        for name, holds in (EVERYWHERE | EDGES.get(slug, {})).items():
            yield pytest.param(exercise, holds, id=f"{slug}: {name}")


@pytest.mark.parametrize(("exercise", "holds"), list(edges()))
def test_an_edge_is_met_in_every_judging(exercise, holds):
    assert any(holds(case) for case in exercise.cases)


def test_only_exercises_without_parameters_have_no_edges_of_their_own():
    plain = {"dense-causal", "first-plus-window", "flash-tiled", "linear-attention"}
    assert set(EXERCISES) == set(EDGES) | plain


@pytest.mark.parametrize("seed", range(5))
def test_more_blocks_to_draw_than_there_are_means_some_twice(seed):
    exercise = EXERCISES["bigbird"]
    (case,) = [case for case in exercise.cases if EDGES["bigbird"]["some drawn twice"](case)]
    blocks = Inputs(exercise, seed=seed).draw(case).tensors["random_blocks"]
    assert all(len(set(row)) < len(row) for row in blocks.tolist())
