from xml.etree import ElementTree

import pytest

from assessments.web.pictures import exercise_picture
from grader.contract import Case, Draw, Exercise
from grader.exercises import EXERCISES
from grader.patterns import parse

SVG = "{http://www.w3.org/2000/svg}"


def drawn(low: int, high: int | None = None) -> Draw:
    return Draw(low=low, high=low if high is None else high)


def made(pattern: str, *, n: int = 32, queries: int | None = None, **declared: object) -> Exercise:
    """Declare an exercise with one case, whose parameters are half-way the values named."""
    named: dict[str, int] = declared.pop("named", {})  # type: ignore[assignment]
    shape: dict[str, Draw] = declared.pop("shape", {})  # type: ignore[assignment]
    case = Case(
        n=drawn(n, n + 8),
        queries=None if queries is None else drawn(queries),
        parameters={name: drawn(value - 1, value + 1) for name, value in named.items()},
        **shape,  # type: ignore[arg-type]
    )
    told: dict[str, object] = {"title": "Made"} | declared
    return Exercise(slug="made", pattern=pattern, cases=(case,), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_exercise_has_a_picture_with_a_row_for_each_query(slug: str) -> None:
    picture = exercise_picture(EXERCISES[slug], query=None)
    rows = ElementTree.fromstring(picture.svg).findall(f".//{SVG}rect")
    assert len(rows) == picture.queries == len(picture.rows)
    assert all(row.count for row in picture.rows), "every query sees a key"
    assert "mask-row chosen" in picture.svg


def test_names_that_reach_no_learner_are_not_told() -> None:
    blocks = made(
        "random_blocks(block_size, tiles, seed) | blocks(block_size)",
        named={"block_size": 4, "tiles": 2, "seed": 500},
        parameters=("block_size",),
        tensors=("block_mask",),
    )
    picture = exercise_picture(blocks, query=None)
    assert "n = 32, block_size = 4;" in picture.caption
    assert "seed" not in picture.caption
    assert "drawn at random" in picture.caption
    expected = parse("random_blocks(4, 2, 500) | blocks(4)")
    assert [row.count for row in picture.rows] == [expected.row_count(i, 32) for i in range(32)]


def test_as_many_keys_as_asked_for_are_chosen_by_score() -> None:
    top = made("all", n=20, queries=12, named={"top_k": 5}, parameters=("top_k",), top_k="top_k")
    picture = exercise_picture(top, query=None)
    assert [row.count for row in picture.rows] == [5] * 12
    assert "n = 20, m = 12, top_k = 5" in picture.caption
    assert "every call has other pairs" in picture.caption
    assert len({row.keys for row in picture.rows}) > 6, "each query chooses for itself"


def test_the_same_scores_are_drawn_for_every_reader() -> None:
    top = made("all", n=20, named={"top_k": 5}, parameters=("top_k",), top_k="top_k")
    again = made("all", n=20, named={"top_k": 5}, parameters=("top_k",), top_k="top_k", title="B")
    assert exercise_picture(top, query=None).rows == exercise_picture(again, query=None).rows


def test_a_ring_tells_how_its_ranks_share_the_rows() -> None:
    ring = made("causal", n=31, form="ring", shape={"ranks": drawn(3, 5)})
    picture = exercise_picture(ring, query=None)
    assert picture.queries == 32
    assert "4 ranks hold 8 rows and 8 keys each" in picture.caption


def test_a_query_beyond_the_rows_is_kept_inside() -> None:
    few = made("all", queries=6)
    assert exercise_picture(few, query="30").query == 6
