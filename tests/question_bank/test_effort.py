"""What would take long to test is refused at its field before anything is counted."""

import time
from collections.abc import Iterable
from typing import Any

import pytest

from grader.patterns import parse
from grader.patterns.effort import effort_of_count, effort_of_keys
from question_bank import author_tests
from question_bank.author_tests import failures
from question_bank.effort import check_effort
from question_bank.kinds import Content, ContentError
from question_bank.kinds.case import CaseContent, part_seeds
from question_bank.kinds.numeric import NumericContent, draw_names
from question_bank.variants import DEPLOYED, read_content

#: No handing in holds a web process for longer.

WINDOWS = "|".join(f"window({width})" for width in range(1, 30))
DILATIONS = "|".join(f"dilated({step})" for step in (3, 5, 7, 11, 13, 17, 19))
SPOTS = ",".join(str(2 * place) for place in range(90))


def content(**keys: Any) -> dict[str, Any]:
    return {
        "kind": "numeric",
        "title": "Pairs",
        "concepts": [],
        "bloom": "apply",
        "difficulty": 1,
        "source": "",
        "explanation": "",
        "stem": "How many?",
    } | keys


def total(pattern: str, n: int | str, **keys: Any) -> dict[str, Any]:
    return content(pattern=pattern, answer={"total": {"n": n}}, **keys)


def row(pattern: str, n: int) -> dict[str, Any]:
    return content(pattern=pattern, answer={"row_count": {"n": n, "query": n}})


def idea(**keys: Any) -> dict[str, Any]:
    return {"name": "A slip", "feedback": "No."} | keys


def case(*parts: dict[str, Any]) -> dict[str, Any]:
    return content(kind="case", parts=[{"question": part} for part in parts])


HOSTILE = {
    "small blocks": total("blocks(1)", 1_000_000),
    "blocks as large as drawn": total(
        "blocks(size)",
        "n",
        parameters=[
            {"name": "n", "values": [1_000_000, 8]},
            {"name": "size", "low": 1, "high": 2},
        ],
    ),
    "random blocks": total("random_blocks(1, 1000000000, 7)", 1_000_000),
    "many random blocks": total("random_blocks(10, 500, 7) & causal", 50_000),
    "a row of random blocks": row("random_blocks(1, 400000, 7)", 1_000_000),
    "dilations asked pair by pair": total(DILATIONS, 20_000),
    "a dilated row": row("dilated(3)", 1_000_000_000),
    "dilated blocks": total("blocks(9) & dilated(3) & dilated(5) & dilated(7)", 100_000),
    "many windows in blocks": total(f"blocks(10)|{WINDOWS}", 100_000),
    "many globals": total(f"globals({SPOTS})", 1_000_000),
    "a long expression": total("blocks(" + "+".join(["n//n"] * 70) + ")", 200_000),
    "a ratio": content(
        pattern="causal",
        answer={"ratio": {"n": 64, "of": "blocks(1)", "of_n": 1_000_000}},
        tolerance={"rule": "relative", "size": "0.1"},
    ),
    "a wrong idea": total("causal", 1_000_000, misconceptions=[idea(pattern="blocks(2)")]),
    "many wrong ideas": total(
        "causal", 9_999, misconceptions=[idea(pattern=WINDOWS, feedback=str(k)) for k in range(100)]
    ),
    "many tests": total(
        "causal",
        99,
        misconceptions=[idea(value=k, feedback=str(k)) for k in range(100)],
        tests=[{"answer": str(-k), "credit": "0"} for k in range(1, 100)],
    ),
    "many expressions": total("causal", 99) | {"stem": "[[1 + 1]]" * 20_000},
    "a part of a case": case(total("causal", 9), total("blocks(2)", 1_000_000)),
    "a part that draws its length": case(
        total("causal", 9),
        total("blocks(2)", "n", parameters=[{"name": "n", "values": [8, 1_000_000]}]),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_before_anything_is_drawn(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_content(HOSTILE[name])
    monkeypatch.setattr(author_tests, "KINDS", {})  # Nothing may be drawn.
    (refusal,) = failures(read)
    assert "takes too long" in refusal


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_just_within_the_bound_is_tested(name: str) -> None:
    """The same notation, at the largest length that is allowed."""
    read = largest_allowed(HOSTILE[name])
    assert not [told for told in failures(read) if "takes too long" in told]


def largest_allowed(hostile: dict[str, Any]) -> Content:
    scale = 1
    while not allowed(read := read_content(smaller(hostile, scale))):
        scale *= 2
    return read


def smaller(value: Any, scale: int) -> Any:
    """Return a content with its lengths and its rows divided."""
    if isinstance(value, dict):
        return {key: smaller(one, scale) for key, one in value.items()}
    if isinstance(value, list):
        kept = value if len(value) < 9 else value[: max(1, len(value) // scale)]
        return [smaller(one, scale) for one in kept]
    if isinstance(value, str) and len(value) > 10_000:
        return value[: len(value) // scale // 9 * 9]
    return max(9, value // scale) if isinstance(value, int) and value > 1000 else value


def allowed(read: Content, seeds: Iterable[int] = DEPLOYED) -> bool:
    try:
        check_effort(read, seeds)
    except ContentError:
        return False
    return True


def test_the_refusal_names_the_field_of_a_case() -> None:
    with pytest.raises(ContentError) as refusal:
        check_effort(read_content(HOSTILE["a part of a case"]))
    assert refusal.value.key == "parts.1.question.pattern"


def test_a_wrong_idea_is_refused_at_its_own_pattern() -> None:
    with pytest.raises(ContentError) as refusal:
        check_effort(read_content(HOSTILE["a wrong idea"]))
    assert refusal.value.key == "misconceptions.0.pattern"


def test_a_case_is_looked_at_with_the_seeds_of_its_parts() -> None:
    """Of a length that is drawn, one variant is refused exactly where its own part is large."""
    read = read_content(HOSTILE["a part that draws its length"])
    assert isinstance(read, CaseContent)
    part = read.parts[1].question
    assert isinstance(part, NumericContent)
    lengths = {seed: draw_names(part, part_seeds(2, seed)[1])["n"] for seed in range(16)}
    assert set(lengths.values()) == {8, 1_000_000}
    for seed, n in lengths.items():
        assert allowed(read, [seed]) == (n == 8)


@pytest.mark.timing
@pytest.mark.parametrize(
    ("pattern", "n"),
    [
        ("blocks(10)", 100_000),
        ("random_blocks(64, 3, 7)", 60_000),
        (f"blocks(10)|{WINDOWS}", 3_000),
    ],
)
def test_an_estimate_is_of_the_size_of_what_it_estimates(pattern: str, n: int) -> None:
    read = parse(pattern)
    began = time.process_time()
    read.count(n)
    took = 1e6 * (time.process_time() - began)
    assert took / 5 < effort_of_count(read, n) < 20 * took


def test_listing_the_keys_of_a_dilated_row_asks_each_key() -> None:
    read = parse("dilated(3)")
    assert effort_of_keys(read, 1000) > 1000 > effort_of_keys(parse("causal"), 1000)
