"""The references against the oracle in numpy, and as text that can be sent to a sandbox."""

import ast

import numpy as np
import pytest
import torch

from grader.references import dense, first_plus_window, global_window, sliding_window, source_of
from tests.grader.judge import oracle

CASES = [
    ("sliding-window", sliding_window.attention, {"window": window}) for window in (1, 5, 128, 500)
]
CASES += [("first-plus-window", first_plus_window.attention, {})]
CASES += [
    ("global-window", global_window.attention, {"window": window, "n_global": n_global})
    for window, n_global in ((0, 0), (1, 1), (7, 3), (40, 1), (600, 2))
]
CASES += [("dense-causal", dense.sdpa_causal, {}), ("dense-causal", dense.naive_causal, {})]


@pytest.mark.parametrize("n", [1, 2, 3, 150])
@pytest.mark.parametrize(("slug", "function", "parameters"), CASES)
def test_a_reference_agrees_with_numpy(slug, function, parameters, n):
    parameters = {
        name: min(value, n) if name == "n_global" else value for name, value in parameters.items()
    }
    generator = np.random.default_rng(n)
    q, k, v = (generator.standard_normal((1, 2, n, 8)).astype(np.float32) for _ in range(3))
    ours = function(*(torch.from_numpy(x) for x in (q, k, v)), **parameters)
    theirs = oracle.attention(slug, *(x.astype(np.float64) for x in (q, k, v)), **parameters)
    assert np.abs(ours.numpy() - theirs).max() < 2e-6


@pytest.mark.parametrize("function", [dense.sdpa_full, dense.naive_full])
def test_full_attention_sees_every_key(function):
    q, k, v = torch.zeros(1, 1, 6, 4), torch.zeros(1, 1, 6, 4), torch.randn(1, 1, 6, 4)
    torch.testing.assert_close(function(q, k, v), v.mean(dim=2, keepdim=True).expand_as(v))


@pytest.mark.parametrize("name", ["dense", "first_plus_window", "global_window", "sliding_window"])
def test_the_text_of_a_reference_needs_nothing_but_torch(name):
    imported = set()
    for node in ast.walk(ast.parse(source_of(name))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert imported <= {"torch", "math"}
