from xml.etree import ElementTree

import pytest

from assessments.web.plots import (
    error_plot,
    growth_plot,
    memory_plot,
    ratio_plot,
    steady_plot,
    traffic_plot,
    work_plot,
)
from assessments.web.plots.bars import scientific
from assessments.web.plots.budget import Floor, Share, floors_plot
from assessments.web.plots.budget import memory_plot as parts_plot
from assessments.web.plots.growth import duration
from assessments.web.plots.svg import decades, round_ticks
from tests.assessments.web.verdicts import growth_points, ratios

PICTURES = {
    "ratios": ratio_plot(ratios(2.4), median=2.4, low=2.3, high=2.5, threshold=1.6),
    "one ratio": ratio_plot((2.0,), median=2.0, low=2.0, high=2.0, threshold=2.0),
    "error": error_plot(3e-7, 4e-6),
    "no error at all": error_plot(0.0, 4e-6),
    "huge error": error_plot(1e30, 4e-6),
    "memory": memory_plot(41, 128),
    "memory over the limit": memory_plot(641, 64),
    "no memory": memory_plot(0, 64),
    "no growth of memory": steady_plot(-0.2, 4),
    "traffic": traffic_plot(393_216, 432_537),
    "no traffic": traffic_plot(0, 1),
    "work": work_plot(1_048_576, 229_504),
    "growth": growth_plot(growth_points(), slope=1.07),
    "a budget": parts_plot([Share("weights", 16, "16 GiB")], Share("all", 80, "80 GiB")),
    "a time": floors_plot([Floor("Step", 3, 4, "3 s", "at most 4 s")]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_sound_xml_without_style_or_script(name: str) -> None:
    svg = ElementTree.fromstring(PICTURES[name])
    assert svg.attrib["role"] == "img"
    for part in svg.iter():
        assert part.tag not in {"script", "style", "foreignObject"}
        assert not {"style", "onload", "onclick"} & part.attrib.keys()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_named_and_described(name: str) -> None:
    svg = ElementTree.fromstring(PICTURES[name])
    named = {part.attrib.get("id"): part.text for part in svg}
    assert named[svg.attrib["aria-labelledby"]]
    assert named[svg.attrib["aria-describedby"]]


@pytest.mark.parametrize("name", PICTURES)
def test_every_number_of_a_picture_is_finite(name: str) -> None:
    assert "nan" not in PICTURES[name].lower().replace("nance", "")
    assert "inf" not in PICTURES[name].lower().replace("infinity", "")


def test_ratios_under_the_threshold_are_hollow() -> None:
    svg = ratio_plot((1.0, 1.59, 1.6, 2.0), median=1.6, low=1.0, high=2.0, threshold=1.6)
    assert svg.count('class="dot hollow"') == 2
    assert svg.count('class="dot"') == 2


def test_the_ratio_plot_says_its_numbers_in_words() -> None:
    svg = ratio_plot((1.0, 2.0), median=1.5, low=1.0, high=2.0, threshold=1.6)
    assert "Median 1.50 times, interval 1.00 to 2.00, needed 1.60." in svg
    assert "1 of 2 pairs reach what is needed" in svg


def test_an_error_without_a_value_has_no_picture() -> None:
    assert error_plot(None, 1e-6) == ""
    assert error_plot(float("nan"), 1e-6) == ""


def test_growth_needs_two_sizes() -> None:
    assert growth_plot(growth_points()[:1]) == ""


def test_lines_of_the_growth_plot_are_labelled_directly() -> None:
    svg = growth_plot(growth_points(), slope=1.07)
    names = ("yours, slope 1.07", "dense, slope 1.98", "ideal, slope 1")
    assert all(f">{name}</text>" in svg for name in names)
    assert "Your slope is 1.07. Dense has slope 1.98." in svg


def test_ticks_are_round_and_inside() -> None:
    assert round_ticks(0.87, 2.61) == pytest.approx([1.0, 1.5, 2.0, 2.5])
    assert decades(3e-8, 2e-4) == [-7, -6, -5, -4]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (4.4e-6, "4.4\xa0×\xa010⁻⁶"),
        (0.41, "0.41"),
        (12, "12"),
        (3e30, "3.0\xa0×\xa010³⁰"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, words: str) -> None:
    assert scientific(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(2.5, "2.5 s"), (0.0432, "43.2 ms"), (0.00009, "90 µs")]
)
def test_durations_have_the_unit_of_their_size(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_line_that_ends_early_is_named_where_it_ends() -> None:
    *early, last = growth_points()
    shorter = last.model_copy(update={"reference_seconds": None})
    svg = growth_plot([*early, shorter], slope=1.07)
    places = {
        label.text: float(label.attrib["x"])
        for label in ElementTree.fromstring(svg).iter("text")
        if "name" in label.attrib["class"].split()
    }
    (dense,) = (name for name in places if name.startswith("dense"))
    assert places[dense] < places["yours, slope 1.07"]


def test_more_work_than_needed_is_not_drawn_as_a_fault() -> None:
    assert "bar over" not in work_plot(1_048_576, 229_504)
    assert "bar over" in traffic_plot(524_288, 432_537)


def share(name: str, size: float) -> Share:
    return Share(name, size, f"{size:g} GiB")


def bars(svg: str) -> list[tuple[str, float, float]]:
    """The class, the start and the end of each bar, in the order drawn."""
    found = []
    for bar in ElementTree.fromstring(svg).iter("rect"):
        start = float(bar.attrib["x"])
        found.append((bar.attrib["class"], start, start + float(bar.attrib["width"])))
    return found


def test_parts_of_the_memory_begin_where_the_one_before_ends() -> None:
    svg = parts_plot([share("weights", 16), share("cache", 40)], share("all there is", 80))
    (_, _, weights_end), (_, cache_start, cache_end) = bars(svg)
    assert cache_start == pytest.approx(weights_end, abs=0.02)
    assert cache_end / weights_end == pytest.approx(56 / 16, rel=0.01)
    assert "weights 16 GiB; cache 40 GiB; all there is 80 GiB" in svg


def test_what_does_not_fit_is_outlined_beyond_the_limit() -> None:
    svg = parts_plot([share("weights", 16), share("cache", 100)], share("all there is", 80))
    assert [kind for kind, _, _ in bars(svg)] == ["bar", "bar", "bar over"]
    assert "bar over" not in parts_plot([share("weights", 16)], share("all there is", 16))


def test_a_time_over_its_bound_is_outlined_beyond_it() -> None:
    slow = Floor("Step", 45.8, 20, "45.8 ms", "at most 20 ms")
    assert [kind for kind, _, _ in bars(floors_plot([slow]))] == ["bar", "bar over"]
    assert "Step 45.8 ms, at most 20 ms" in floors_plot([slow])
    assert floors_plot([]) == ""
