import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings

from grader.patterns import (
    ArgumentError,
    Blocks,
    Causal,
    Dilated,
    Globals,
    Pattern,
    RandomBlocks,
    Sinks,
    Window,
    parse,
)
from tests.grader.patterns.trees import patterns, sizes


@settings(deadline=None, max_examples=100)
@given(patterns, sizes)
def test_tensors_and_ints_get_the_same_answers(pattern: Pattern, n: int) -> None:
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    mask = pattern.sees(i, j, n)
    assert mask.dtype == torch.bool
    assert mask.shape == (n, n)
    assert mask.tolist() == [[pattern.sees(a, b, n) for b in range(n)] for a in range(n)]


@settings(deadline=None)
@given(patterns, sizes)
def test_ints_get_plain_booleans(pattern: Pattern, n: int) -> None:
    assert isinstance(pattern.sees(n - 1, 0, n), bool)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("causal", lambda i, j, n: j <= i),
        ("causal & (sinks(1) | window(3))", lambda i, j, n: j <= i and (j == 0 or i - j <= 2)),
        ("causal & window(window)", lambda i, j, n: 0 <= i - j < 5),
        ("window(window // 2 + 1)", lambda i, j, n: abs(i - j) <= 5 // 2),
        ("causal & dilated(window)", lambda i, j, n: j <= i and (i - j) % 5 == 0),
        (
            "window(window // 2 + 1) | globals(0:n_global)",
            lambda i, j, n: abs(i - j) <= 5 // 2 or i < 3 or j < 3,
        ),
        ("blocks(window, 1)", lambda i, j, n: abs(i // 5 - j // 5) <= 1),
    ],
)
def test_notation_means_what_the_exercises_say(text: str, rule) -> None:
    pattern = parse(text, {"window": 5, "n_global": 3})
    for n in (1, 2, 7, 20):
        for i in range(n):
            assert pattern.keys(i, n) == [j for j in range(n) if rule(i, j, n)]


def test_patterns_are_values() -> None:
    assert Causal() & Window(4) == Causal() & Window(4)
    assert hash(Causal() | Sinks(1)) == hash(Causal() | Sinks(1))
    assert Causal() | Sinks(1) != Causal() & Sinks(1)


def test_operators_build_what_notation_reads() -> None:
    assert Causal() & (Window(256) | Sinks(4)) == parse("causal & (window(256) | sinks(4))")
    assert Causal() - Dilated(2) | Globals((0,)) == parse("causal - dilated(2) | globals(0)")


@pytest.mark.parametrize(
    "build",
    [
        lambda: Window(0),
        lambda: Dilated(0),
        lambda: Sinks(-1),
        lambda: Blocks(0),
        lambda: Blocks(4, -1),
        lambda: RandomBlocks(4, -1, 0),
    ],
)
def test_an_argument_out_of_range_is_refused_at_once(build) -> None:
    with pytest.raises(ArgumentError, match="must be at least"):
        build()


def test_an_argument_that_depends_on_n_is_checked_when_n_is_known() -> None:
    pattern = parse("window(n - 5)")
    assert pattern.count(6) == 6
    with pytest.raises(ArgumentError, match="at least 1; it is -2 at n = 3"):
        pattern.count(3)


def test_the_algebra_loads_no_torch_and_no_numpy() -> None:
    code = (
        "import sys, grader.patterns.pictures;"
        "print([m for m in ('torch', 'numpy', 'pydantic', 'django') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
