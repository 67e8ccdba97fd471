"""Is an output right, by data and not by guessed constants?

An output is accepted when its error against float64 is at most 16 times that of a trusted float32
implementation on the same rows, pooled over the call, plus a floor. The floor pays for what pooling
cannot know: one rounding of the result (it matters at n = 1, where the trusted error may be zero)
and the rounding of the logits, which grows with the largest of them and which a correct
log-sum-exp merge or another order of sums may spend differently.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from grader.judge.calls import Call, Rule
from grader.judge.expected import attend

TRUSTED_FACTOR = 16.0
_FLOOR = 1e-7
_LOGIT_ROUNDING = 4 * torch.finfo(torch.float32).eps / 2

# Every row of a short call is checked, and a fresh sample of every long one: a submission that gets
# one row in twenty wrong at the timed size survives all calls with probability 1e-6.
FULL_ROWS = 768
_RANDOM_ROWS = 16


@dataclass(frozen=True)
class Comparison:
    """Largest error of an output against what was tolerated; ``error`` is None if not finite."""

    error: float | None
    tolerance: float
    query: int
    queries: int
    wrong_queries: int

    @property
    def passed(self) -> bool:
        """Whether the output is right."""
        return self.strain <= 1.0

    @property
    def strain(self) -> float:
        """Error as a multiple of what is tolerated."""
        return math.inf if self.error is None else self.error / self.tolerance


def compare(call: Call, rule: Rule, output: Tensor, rows: Tensor) -> Comparison:
    """Compare the queries ``rows`` of an output with float64."""
    expected, largest_logit = attend(call, rule, rows, torch.float64)
    trusted, _ = attend(call, rule, rows, torch.float32)
    tolerance = tolerated(
        trusted_error=float((trusted.double() - expected).abs().max()),
        largest_logit=largest_logit,
        largest_value=float(call.v.abs().max()),
    )
    errors = (output[:, :, rows, :].double() - expected).abs().amax(dim=(0, 1, 3))
    errors = errors.nan_to_num(nan=torch.inf, posinf=torch.inf)
    worst = int(errors.argmax())
    error = float(errors[worst])
    return Comparison(
        error=None if error == torch.inf else error,
        tolerance=tolerance,
        query=int(rows[worst]),
        queries=len(rows),
        wrong_queries=int((errors > tolerance).sum()),
    )


def tolerated(*, trusted_error: float, largest_logit: float, largest_value: float) -> float:
    """Return the largest error to accept; see the head of this file."""
    floor = _FLOOR + _LOGIT_ROUNDING * (1.0 + largest_logit)
    return TRUSTED_FACTOR * trusted_error + floor * largest_value


def rows_to_check(call: Call, generator: torch.Generator) -> Tensor:
    """Return every query of a short call; of a long one the edges and a random sample."""
    n = call.m
    if n <= FULL_ROWS:
        return torch.arange(n)
    edges = {0, 1, 2, n - 2, n - 1}
    for value in call.parameters.values():
        for near in (value // 2, value, n - value):
            edges.update((near - 1, near, near + 1))
    sample = torch.randint(0, n, (_RANDOM_ROWS,), generator=generator).tolist()
    return torch.tensor(sorted({row for row in [*edges, *sample] if 0 <= row < n}))
