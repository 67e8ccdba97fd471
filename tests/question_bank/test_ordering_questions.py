"""The built-in ordering questions: their steps, carried out, work in the right orders alone."""

import cmath
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from grader.patterns import parse
from question_bank.courses import BUILT_IN, read_course
from question_bank.kinds import OrderingPage
from question_bank.kinds.ordering import OrderingContent, OrderingVariant

ORDERINGS = {
    slug: content
    for slug, content in read_course(BUILT_IN).questions.items()
    if isinstance(content, OrderingContent)
}

Keys = Sequence[str]
Steps = Mapping[str, Callable[[], None]]


def answered(content: OrderingContent, keys: Keys) -> dict[str, str]:
    page = OrderingVariant(content, 0).page
    assert isinstance(page, OrderingPage)
    texts = {item.key: item.text for item in content.items}
    return {"order": ",".join(str(page.items.index(texts[key])) for key in keys)}


def keys_of(slug: str) -> list[str]:
    return [item.key for item in ORDERINGS[slug].items]


def is_right(slug: str, keys: Keys) -> bool:
    content = ORDERINGS[slug]
    assert content.before is not None
    return all(keys.index(pair.first) < keys.index(pair.then) for pair in content.before)


def carried_out(steps: Steps, keys: Keys) -> bool:
    """Do the steps in an order; return whether each found what it needs."""
    try:
        for key in keys:
            steps[key]()
    except (KeyError, ZeroDivisionError):
        return False
    return True


def table_of(slug: str) -> list[list[str]]:
    """Return the cells of the stem's table, without its head."""
    text = Path(BUILT_IN / "questions" / slug / "stem.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.mark.parametrize("slug", ORDERINGS)
def test_the_written_order_gets_the_whole_mark(slug: str) -> None:
    content = ORDERINGS[slug]
    mark = OrderingVariant(content, 0).mark(answered(content, keys_of(slug)))
    assert (mark.fraction, mark.feedback) == (1, "")


@pytest.mark.parametrize("slug", ORDERINGS)
def test_whoever_turns_everything_round_is_told_every_mistake(slug: str) -> None:
    content = ORDERINGS[slug]
    mark = OrderingVariant(content, 0).mark(answered(content, keys_of(slug)[::-1]))
    assert content.mistakes
    assert mark.feedback.split("\n\n")[1:] == [mistake.feedback for mistake in content.mistakes]


def test_the_savings_of_pruning_are_as_stated() -> None:
    dense, kept = (
        parse(text).count(16_384) for text in ("causal", "causal & (window(1024) | sinks(4))")
    )
    assert table_of("ordering-pruning-to-saving")[0][1:] == [f"{dense:,}", f"{kept:,}"]
    told = ORDERINGS["ordering-pruning-to-saving"].explanation
    assert f"{dense / kept:.1f} times fewer pairs" in told


BLOCKS = (((1.0, 3.0), (2.0, 4.0)), ((5.0, 2.0), (10.0, 6.0)))


def flash(block: int, kept: dict[str, Any]) -> Steps:
    """Return the steps for a block, on what is kept from one block to the next."""
    chip: dict[str, Any] = {}

    def load() -> None:
        chip["keys"], chip["values"] = BLOCKS[block]

    def scores() -> None:
        chip["scores"] = chip["keys"]

    def maximum() -> None:
        chip["m"] = max(kept["m"], *chip["scores"])

    def factor() -> None:
        chip["c"] = math.exp(kept["m"] - chip["m"])

    def weights() -> None:
        chip["p"] = [math.exp(score - chip["m"]) for score in chip["scores"]]

    def add_weights() -> None:
        kept["l"] = chip["c"] * kept["l"] + sum(chip["p"])

    def output() -> None:
        pairs = zip(chip["p"], chip["values"], strict=True)
        kept["o"] = chip["c"] * kept["o"] + sum(weight * value for weight, value in pairs)

    def keep() -> None:
        kept["m"] = chip["m"]

    return {
        "load": load,
        "scores": scores,
        "maximum": maximum,
        "factor": factor,
        "weights": weights,
        "sum": add_weights,
        "output": output,
        "keep": keep,
    }


def traced(keys: Keys) -> list[tuple[float, ...]]:
    """Return m, ℓ and o after each block, as far as the order can be carried out."""
    kept = {"m": -math.inf, "l": 0.0, "o": 0.0}
    trace = []
    for block in range(len(BLOCKS)):
        if not carried_out(flash(block, kept), keys):
            break
        trace.append((kept["m"], kept["l"], kept["o"]))
    return trace


def plain() -> tuple[float, ...]:
    """Return m, ℓ and o of all blocks at once."""
    scores = [score for keys, _ in BLOCKS for score in keys]
    values = [value for _, block in BLOCKS for value in block]
    terms = [math.exp(score - max(scores)) for score in scores]
    weighted = sum(term * value for term, value in zip(terms, values, strict=True))
    return max(scores), sum(terms), weighted


def test_flash_gives_the_right_numbers_in_exactly_the_right_orders() -> None:
    slug = "ordering-flash-tile"
    for keys in permutations(keys_of(slug)):
        trace = traced(keys)
        works = len(trace) == 2 and trace[1] == pytest.approx(plain())
        assert works is is_right(slug, keys), keys


def test_the_trace_is_that_of_a_maximum_replaced_too_soon() -> None:
    keys = keys_of("ordering-flash-tile")
    keys.remove("keep")
    keys.insert(keys.index("factor"), "keep")
    rows = table_of("ordering-flash-tile")
    for (m, total, output), row in zip([*traced(keys), plain()], rows, strict=True):
        assert row[3:6] == [f"{m:g}", f"{total:.3f}", f"{output:.3f}"]
        assert row[6] in {"", f"{output / total:.3f}"}


W, S, TOKENS = 4, 1, 9
SEEN = parse(f"causal & (window({W}) | sinks({S}))")
VECTORS = [complex(math.sin(3 * t + 1), math.cos(5 * t)) for t in range(TOKENS)]


def expected(t: int) -> list[int]:
    """Return the tokens that the query at a position sees, from 0."""
    return [token for tokens in SEEN.ranges(t, TOKENS) for token in tokens]


def scored(t: int, other: int) -> float:
    """Return the score of two tokens: vectors of two numbers, turned by their positions."""
    turned = VECTORS[t] * (0.5 + 1j) * cmath.exp(0.3j * t)
    key = VECTORS[other] * (1 - 0.2j) * cmath.exp(0.3j * other)
    return (turned * key.conjugate()).real


def reference(t: int) -> complex:
    terms = {other: math.exp(scored(t, other)) for other in expected(t)}
    return sum(term * VECTORS[other] for other, term in terms.items()) / sum(terms.values())


def decoding(t: int, cache: dict[int, Any], seen: list[int]) -> tuple[Steps, dict[str, Any]]:
    """Return the steps for a token, and where they leave their results."""
    now: dict[str, Any] = {}

    def project() -> None:
        now.update(q=VECTORS[t] * (0.5 + 1j), k=VECTORS[t] * (1 - 0.2j), v=VECTORS[t])

    def rotate() -> None:
        now["q"], now["k"] = (now[name] * cmath.exp(0.3j * t) for name in "qk")

    def slot() -> None:
        now["slot"] = t if t < S else S + (t - S) % W

    def write() -> None:
        cache[now["slot"]] = (now["k"], now["v"], t)

    def scores() -> None:
        now["scores"] = {at: (now["q"] * key.conjugate()).real for at, (key, *_) in cache.items()}
        seen[:] = sorted(token for *_, token in cache.values())

    def softmax() -> None:
        terms = {at: math.exp(score) for at, score in now["scores"].items()}
        now["weights"] = {at: term / sum(terms.values()) for at, term in terms.items()}

    def add_values() -> None:
        now["out"] = sum(weight * cache[at][1] for at, weight in now["weights"].items())

    steps = {
        "project": project,
        "rotate": rotate,
        "slot": slot,
        "write": write,
        "scores": scores,
        "softmax": softmax,
        "sum": add_values,
    }
    return steps, now


def decodes(keys: Keys) -> bool:
    cache: dict[int, Any] = {}
    for t in range(TOKENS):
        steps, now = decoding(t, cache, [])
        if not carried_out(steps, keys) or abs(now["out"] - reference(t)) > 1e-9:
            return False
    return True


def test_a_rolling_cache_decodes_in_exactly_the_right_orders() -> None:
    slug = "ordering-rolling-decode"
    for keys in permutations(keys_of(slug)):
        assert decodes(keys) is is_right(slug, keys), keys


def test_the_table_of_tokens_is_that_of_attending_before_writing() -> None:
    late = ["project", "rotate", "slot", "scores", "softmax", "sum", "write"]
    rows = {int(row[0]): row[1:] for row in table_of("ordering-rolling-decode")}
    cache: dict[int, Any] = {}
    for t in range(max(rows) + 1):
        seen: list[int] = []
        steps, _ = decoding(t, cache, seen)
        for key in late:
            steps[key]()
        told = [str(tokens)[1:-1] or "none, the result is NaN" for tokens in (expected(t), seen)]
        assert rows.get(t, told) == told


def test_the_times_of_a_round_are_as_stated() -> None:
    run, kv_heads, heads, d = 131_072 // 8, 8, 32, 128
    sent, operations = 2 * run * kv_heads * d * 2, 4 * run**2 * d * heads
    transfer, arithmetic = sent / 25e9 * 1e3, operations / 400e12 * 1e3
    rows = table_of("ordering-ring-round")
    assert f"{sent // 2**20} MiB" in rows[0][0]
    assert f"{operations / 1e12:.1f} TFLOP" in rows[1][0]
    told = [f"{time:.1f} ms" for time in (transfer, arithmetic, transfer + arithmetic)]
    assert [row[1] for row in rows] == told


def round_time(keys: Keys) -> float | None:
    """Return what a round takes in ms, and None where its result would be wrong."""
    clock, done = 0.0, math.inf
    behind: set[str] = set()
    needs = {"tiles": {"owner"}, "attend": {"tiles"}, "wait": {"start"}, "swap": {"wait", "attend"}}
    for key in keys:
        if not needs.get(key, set()) <= behind:
            return None
        behind.add(key)
        if key == "start":
            done = clock + 2.7
        elif key == "attend":
            clock += 11.0
        elif key == "wait":
            clock = max(clock, done)
    return clock


def test_a_round_hides_its_transfer_in_exactly_the_right_orders() -> None:
    slug = "ordering-ring-round"
    times = {keys: round_time(keys) for keys in permutations(keys_of(slug))}
    possible = {round(time, 1) for time in times.values() if time is not None}
    assert possible == {11.0, 13.7}
    for keys, time in times.items():
        assert (time == 11.0) is is_right(slug, keys), keys
