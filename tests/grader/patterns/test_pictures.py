import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from grader.patterns import Pattern, parse
from grader.patterns.pictures import block_size, mask_svg
from grader.patterns.selection import Selection
from tests.grader.patterns.trees import patterns, sizes

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, name: str) -> set[tuple[int, int]]:
    """The (row, column) of every square that the path of a class covers."""
    path = ElementTree.fromstring(svg).find(f".//{SVG}path[@class='{name}']")
    covered = set()
    rectangles = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", "" if path is None else path.attrib["d"])
    for left, top, width, height in (map(int, rectangle) for rectangle in rectangles):
        squares = {(top + y, left + x) for y in range(height) for x in range(width)}
        assert not covered & squares
        covered |= squares
    return covered


@settings(deadline=None, max_examples=60)
@given(patterns, sizes)
def test_the_filled_squares_are_the_pairs(pattern: Pattern, n: int) -> None:
    pairs = {(i, j) for i in range(n) for j in range(n) if pattern.sees(i, j, n)}
    assert drawn(mask_svg(pattern, n, title="mask"), "mask-seen") == pairs


def test_extra_and_missing_pairs_have_shapes_of_their_own() -> None:
    svg = mask_svg(parse("causal"), 8, title="yours", extra=[(1, 5)], missing=[(3, 2), (4, 2)])
    assert drawn(svg, "mask-extra") == {(1, 5)}
    assert "l1 -1" in svg
    assert drawn(svg, "mask-missing") == {(3, 2), (4, 2)}
    assert not drawn(svg, "mask-seen") & {(3, 2), (4, 2), (1, 5)}
    assert "Missing pairs, outlined: 2. Extra pairs, hatched: 1." in svg


def test_a_pair_outside_the_mask_is_not_drawn() -> None:
    svg = mask_svg(parse("causal"), 4, title="yours", extra=[(9, 9), (-1, 0)])
    assert drawn(svg, "mask-extra") == set()


@pytest.mark.parametrize("n", [1, 2, 64, 65, 1000, 1024])
def test_the_drawing_passes_a_strict_content_security_policy(n: int) -> None:
    svg = mask_svg(parse("causal & window(5)"), n, title='<b> & "quotes"')
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == '<b> & "quotes"'
    assert root.attrib["role"] == "img"
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "g", "text", "path", "rect"
        }  # fmt: skip
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


def test_beyond_64_positions_squares_stand_for_many_pairs_and_say_so() -> None:
    svg = mask_svg(parse("causal & window(256)"), 1024, title="window")
    assert "Each square stands for 16 × 16 pairs" in svg
    assert "229,504 of 1,048,576 pairs attended" in svg
    seen = drawn(svg, "mask-seen")
    assert (20, 19) in seen
    assert (20, 20) not in seen
    assert "mask-part-3" in svg


@pytest.mark.parametrize(("n", "block"), [(1, 1), (64, 1), (65, 2), (129, 4), (8192, 128)])
def test_block_sizes(n: int, block: int) -> None:
    assert block_size(n) == block


def test_the_last_square_is_full_even_if_it_holds_fewer_pairs() -> None:
    assert (64 // 2, 64 // 2) in drawn(mask_svg(parse("all"), 65, title="all"), "mask-seen")


def test_a_missing_pair_lowers_the_filling_of_its_square() -> None:
    svg = mask_svg(parse("all"), 128, title="all", missing=[(0, 0)])
    assert (0, 0) not in drawn(svg, "mask-seen")
    assert "mask-part-3" in svg


def test_the_drawing_of_64_positions_is_small() -> None:
    assert len(mask_svg(parse("causal & window(16)"), 64, title="window")) < 12_000


def test_each_row_tells_its_keys() -> None:
    svg = mask_svg(parse("causal & (sinks(1) | window(3))"), 16, title="first plus window")
    strips = ElementTree.fromstring(svg).findall(f".//{SVG}rect[@class='mask-row']")
    assert [strip.attrib["data-query"] for strip in strips] == [str(i) for i in range(1, 17)]
    assert strips[9][0].text == "query 10 sees 4 keys: 1, 8, 9, 10"


def test_there_may_be_fewer_queries_than_keys() -> None:
    svg = mask_svg(parse("all"), 40, queries=10, title="all", extra=[(9, 39), (10, 0)])
    assert drawn(svg, "mask-seen") == {(i, j) for i in range(10) for j in range(40)}
    assert drawn(svg, "mask-extra") == {(9, 39)}
    assert "10 queries down, 40 keys across, 400 of 400 pairs attended." in svg
    assert svg.count('class="mask-row"') == 10
    _left, _top, width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split())
    assert height < width


def test_there_may_be_more_queries_than_keys() -> None:
    chosen = Selection(frozenset({(0, 1), (29, 0), (29, 1), (29, 3)}))
    svg = mask_svg(chosen, 5, queries=30, title="chosen")
    assert drawn(svg, "mask-seen") == set(chosen.pairs)
    strips = ElementTree.fromstring(svg).findall(f".//{SVG}rect[@class='mask-row']")
    assert strips[1][0].text == "query 2 sees no keys"
    assert strips[29][0].text == "query 30 sees 3 keys: 1, 2, 4"


def test_large_grids_that_are_not_square_are_drawn_in_blocks() -> None:
    svg = mask_svg(parse("all"), 100, queries=300, title="all")
    assert "Each square stands for 8 × 8 pairs" in svg
    assert drawn(svg, "mask-seen") == {(i, j) for i in range(38) for j in range(13)}
