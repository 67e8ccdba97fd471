"""Every number of pairs that the built-in course states is what the algebra counts."""

from pathlib import Path

import pytest

import question_bank
from grader.patterns import parse

COURSE = Path(question_bank.__file__).parent / "content" / "sparse-attention"


@pytest.mark.parametrize(
    ("file", "pattern", "n", "stated"),
    [
        ("concepts/scaled-dot-product.md", "causal", 1024, "524,800"),
        ("concepts/quadratic-cost.md", "all", 100_000, "10^{10}"),
        ("concepts/quadratic-cost.md", "causal", 100_000, "5{,}000{,}050{,}000"),
        ("concepts/sparse-attention.md", "causal", 8192, "33,558,528"),
        ("concepts/sparse-attention.md", "causal & window(256)", 8192, "2,064,512"),
        ("concepts/sparse-attention.md", "causal", 100_000, "5,000,050,000"),
        ("concepts/sparse-attention.md", "causal & window(256)", 100_000, "25,567,360"),
        ("concepts/sparse-attention.md", "causal & (sinks(1) | window(3))", 16, "58"),
        ("concepts/sparse-attention.md", "causal", 16, "136"),
        ("concepts/pruning-compression.md", "causal & window(256)", 1024, "229,504"),
        ("concepts/pruning-compression.md", "causal & window(256)", 2048, "491,648"),
        ("concepts/pruning-compression.md", "all", 2048, "4,194,304"),
        ("concepts/local-window.md", "causal & window(4)", 24, "90"),
        ("concepts/global-tokens.md", "window(4) | globals(0:2)", 24, "234"),
        ("concepts/global-tokens.md", "all", 24, "576"),
        ("concepts/longformer.md", "window(512 // 2 + 1) | globals(0)", 4096, "2,043,134"),
        ("concepts/longformer.md", "all", 4096, "16,777,216"),
        ("questions/masked-dense-flaw/stem.md", "causal", 2048, "2,098,176"),
        ("questions/masked-dense-flaw/stem.md", "causal", 4096, "8,390,656"),
        ("questions/masked-dense-flaw/stem.md", "causal & window(256)", 4096, "1,015,936"),
        ("questions/masked-dense-flaw/stem.md", "causal & window(256)", 8192, "2,064,512"),
        ("questions/reach-of-global-tokens/stem.md", "window(17)", 4096, "134,896"),
        ("questions/reach-of-global-tokens/stem.md", "window(17) | globals(0:2)", 4096, "151,210"),
        ("questions/dense-causal/explanation.md", "causal", 1024, "524,800"),
        ("questions/sliding-window/explanation.md", "causal & window(256)", 1024, "229,504"),
    ],
)
def test_a_number_of_pairs_in_the_course_is_right(
    file: str, pattern: str, n: int, stated: str
) -> None:
    assert stated in (COURSE / file).read_text(encoding="utf-8")
    plain = stated.replace("{,}", ",").replace("10^{10}", "10,000,000,000")
    assert f"{parse(pattern).count(n):,}" == plain
