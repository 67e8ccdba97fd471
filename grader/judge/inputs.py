"""Inputs, drawn anew for every call from a seed that the learner cannot know."""

import math
import secrets
from collections.abc import Mapping

import torch
from torch import Tensor

from grader.contract import Case, Draw, Exercise
from grader.judge.calls import Call, visible
from grader.judge.expected import mask_rows
from grader.patterns import Pattern

# The blind probe needs small logits. Ordinary calls draw the scale of q from the same range, so
# that a probe cannot be told from them.
SMALLEST_SCALE = 0.05
LARGEST_SCALE = 1.5

# A part of the deviation of 12 or so that the logits of a row have; the shift brings the rest.
_LARGE_DEVIATION = 6.0
# exp() of a float32 overflows above 88 and vanishes below -103: a softmax without the usual
# subtraction of the row's maximum fails on both.
_LARGE_SHIFT = 150.0


class Inputs:
    """Draws the calls of one judging."""

    def __init__(self, exercise: Exercise, seed: int | None = None) -> None:
        self._exercise = exercise
        self.generator = torch.Generator()
        self.generator.manual_seed(secrets.randbits(62) if seed is None else seed)

    def draw(self, case: Case) -> Call:
        """Return a fresh call of this case."""
        shape = tuple(self._integer(draw) for draw in (case.batch, case.heads, case.n, case.d))
        parameters = {name: self._integer(draw) for name, draw in case.parameters.items()}
        call = self._random(shape, parameters)
        if case.inputs == "large":
            return self._large(call)
        if case.inputs == "needles":
            return self._needles(call)
        return call

    def normal(self, *shape: int) -> Tensor:
        """Return float32 values of deviation 1."""
        return torch.randn(*shape, generator=self.generator)

    def uniform(self, low: float, high: float) -> float:
        """Return one number between ``low`` and ``high``."""
        return low + (high - low) * float(torch.rand((), generator=self.generator))

    def _integer(self, draw: Draw) -> int:
        return int(torch.randint(draw.low, draw.high + 1, (), generator=self.generator))

    def _random(self, shape: tuple[int, ...], parameters: Mapping[str, int]) -> Call:
        scale = math.exp(self.uniform(math.log(SMALLEST_SCALE), math.log(LARGEST_SCALE)))
        q, k, v = (self.normal(*shape) for _ in range(3))
        return Call(q.mul_(scale), k, v, parameters)

    def _large(self, call: Call) -> Call:
        """Logits of deviation 12 or so, all of them moved far up or far down."""
        batch, heads, n, d = call.q.shape
        root = math.sqrt(_LARGE_DEVIATION)
        q, k = root * self.normal(batch, heads, n, d), root * self.normal(batch, heads, n, d)
        shift = math.copysign(_LARGE_SHIFT, self.uniform(-1.0, 1.0))
        direction = torch.nn.functional.normalize(self.normal(d), dim=0)
        length = math.sqrt(_LARGE_SHIFT * math.sqrt(d))
        q, k = q + length * direction, k + math.copysign(length, shift) * direction
        return Call(q, k, call.v, call.parameters, "large")

    def _needles(self, call: Call) -> Call:
        """Each query points at a key on the rim of what it sees and at one just beyond.

        An implementation whose edge is off by one, on either side, then moves most of the weight.
        """
        inside, beyond = rim(visible(self._exercise, call.parameters), call.n)
        q = torch.zeros_like(call.q)
        for choices in (inside, beyond):
            # A row of zeros has no such key: nothing to point at.
            weights = choices.double() + 1e-12
            chosen = torch.multinomial(weights, 1, generator=self.generator).squeeze(1)
            found = choices.any(dim=1).to(call.k.dtype)
            q += call.k[:, :, chosen, :] * found[:, None]
        # Aligned keys get logits of about 8, whatever the width; all others have deviation 1.
        return Call(
            q * (8.0 / math.sqrt(call.q.shape[3])), call.k, call.v, call.parameters, "needles"
        )


def rim(pattern: Pattern, n: int) -> tuple[Tensor, Tensor]:
    """Return bool ``[n, n]`` twice: seen keys beside an unseen one, unseen beside a seen."""
    mask = mask_rows(pattern, torch.arange(n), n)
    hidden = ~mask
    return mask & _beside(hidden, edge=True), hidden & _beside(mask, edge=False)


def _beside(flags: Tensor, *, edge: bool) -> Tensor:
    """Say for each key whether a neighbour is flagged; beyond both ends counts as ``edge``."""
    padded = torch.nn.functional.pad(flags, (1, 1), value=edge)
    return padded[:, :-2] | padded[:, 2:]
