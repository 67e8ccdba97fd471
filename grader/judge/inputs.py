"""Inputs, drawn anew for every call from a seed that the learner cannot know."""

import functools
import math
import secrets
from dataclasses import replace

import torch
from torch import Tensor

from grader.contract import Case, Draw, Exercise
from grader.judge.calls import Call, visible
from grader.judge.expected import mask_rows, scores_of
from grader.patterns import Pattern, RandomBlocks

# The blind probe needs small logits. Ordinary calls draw the scale of q from the same range, so
# that a probe cannot be told from them.
SMALLEST_SCALE = 0.04
LARGEST_SCALE = 1.5

# A part of the deviation of 12 or so that the logits of a row have; the shift brings the rest.
_LARGE_DEVIATION = 6.0
# exp() of a float32 overflows above 88 and vanishes below -103: a softmax without the usual
# subtraction of the row's maximum fails on both.
_LARGE_SHIFT = 150.0

# The k-th score is larger than the next by this part of the scores' deviation: float32 spends less
# than a hundredth of it. A query without the gap moves by a part of its own size.
_GAP = 1e-3
_GAP_STEP = 0.3
_GAP_ROUNDS = 60

_REPEATS_UP_TO_N = 768
_SHAPE = ("batch", "heads", "groups", "d", "ranks")


class Inputs:
    """Draws the calls of one judging."""

    def __init__(self, exercise: Exercise, seed: int | None = None) -> None:
        self._exercise = exercise
        self._generator = torch.Generator()
        self._secret = seed is None
        if seed is not None:
            self._generator.manual_seed(seed)

    @property
    def generator(self) -> torch.Generator:
        """Randomness that tells nothing of what is drawn next.

        The whole state of a Mersenne Twister follows from some thousand of its numbers, which a
        submission is shown: later inputs and the rows to be compared would follow too. So it is
        seeded anew for each tensor, unless a fixed seed was asked for.
        """
        if self._secret:
            self._generator.manual_seed(secrets.randbits(62))
        return self._generator

    def draw(self, case: Case) -> Call:
        """Return a fresh call of this case."""
        call = self._random(case, self._parameters(case))
        if case.inputs == "large":
            call = self._large(call)
        elif case.inputs == "needles":
            call = self._needles(call)
        if self._exercise.top_k:
            call = self._with_gap(call, call.parameters[self._exercise.top_k])
        if self._exercise.tensors:
            call = replace(call, tensors=self._tensors(call))
        return call

    def pinned(self, case: Case, jitter: int = 0) -> Case:
        """Return the case with everything drawn but ``n``, of which up to ``jitter`` are left off.

        What is timed keeps its cost, and yet no two calls need be of the same shape.
        """

        def pin(draw: Draw) -> Draw:
            return Draw.only(self.integer(draw))

        n = self.integer(case.n)
        return case.model_copy(
            update={
                "n": Draw(low=max(1, n - jitter), high=n),
                **{name: pin(getattr(case, name)) for name in _SHAPE},
                "parameters": {name: pin(draw) for name, draw in case.parameters.items()},
            }
        )

    def normal(self, *shape: int) -> Tensor:
        """Return float32 values of deviation 1."""
        return torch.randn(*shape, generator=self.generator)

    def uniform(self, low: float, high: float) -> float:
        """Return one number between ``low`` and ``high``."""
        return low + (high - low) * float(torch.rand((), generator=self.generator))

    def integer(self, draw: Draw) -> int:
        """Return one integer of this range."""
        steps = (draw.high - draw.low) // draw.step
        return draw.low + draw.step * int(torch.randint(steps + 1, (), generator=self.generator))

    def _parameters(self, case: Case) -> dict[str, int]:
        return {name: self.integer(draw) for name, draw in case.parameters.items()}

    def _random(self, case: Case, parameters: dict[str, int]) -> Call:
        batch, heads, groups, d, ranks = (self.integer(getattr(case, name)) for name in _SHAPE)
        n = math.ceil(self.integer(case.n) / ranks) * ranks
        m = n if case.queries is None else self.integer(case.queries)
        if self._exercise.top_k:
            parameters[self._exercise.top_k] = min(parameters[self._exercise.top_k], n)
        scale = math.exp(self.uniform(math.log(SMALLEST_SCALE), math.log(LARGEST_SCALE)))
        q = self.normal(batch, heads * groups, m, d).mul_(scale)
        k, v = self.normal(batch, heads, n, d), self.normal(batch, heads, n, d)
        return Call(q, k, v, parameters, ranks=ranks)

    def _large(self, call: Call) -> Call:
        """Logits of deviation 12 or so, all of them moved far up or far down."""
        d = call.q.shape[3]
        root = math.sqrt(_LARGE_DEVIATION)
        q, k = root * self.normal(*call.q.shape), root * self.normal(*call.k.shape)
        shift = math.copysign(_LARGE_SHIFT, self.uniform(-1.0, 1.0))
        direction = torch.nn.functional.normalize(self.normal(d), dim=0)
        length = math.sqrt(_LARGE_SHIFT * math.sqrt(d))
        q, k = q + length * direction, k + math.copysign(length, shift) * direction
        return replace(call, q=q, k=k, inputs="large")

    def _needles(self, call: Call) -> Call:
        """Each query points at a key on the rim of what it sees and at one just beyond.

        An implementation whose edge is off by one, on either side, then moves most of the weight.
        """
        inside, beyond = rim(visible(self._exercise, call.parameters), call.n)
        k = call.k.repeat_interleave(call.groups, dim=1)
        q = torch.zeros_like(call.q)
        for choices in (inside, beyond):
            # A row of zeros has no such key: nothing to point at.
            weights = choices.double() + 1e-12
            chosen = torch.multinomial(weights, 1, generator=self.generator).squeeze(1)
            found = choices.any(dim=1).to(k.dtype)
            q += k[:, :, chosen, :] * found[:, None]
        # Aligned keys get logits of about 8, whatever the width; all others have deviation 1.
        return replace(call, q=q * (8.0 / math.sqrt(call.q.shape[3])), inputs="needles")

    def _with_gap(self, call: Call, top_k: int) -> Call:
        """Move queries until their k-th largest score stands clear of the next, as float32 sees it.

        Raises ValueError when some will not.
        """
        if top_k >= call.n:
            return call
        q = call.q
        noise = _GAP_STEP * float(q.std())
        for _ in range(_GAP_ROUNDS):
            moved = replace(call, q=q)
            scores = scores_of(moved, torch.arange(call.m), torch.float64)
            best = scores.topk(top_k + 1, dim=-1).values
            narrow = best[..., -2] - best[..., -1] < _GAP * scores.std(dim=-1)
            if not narrow.any():
                return moved
            q = q + noise * narrow[..., None] * self.normal(*q.shape)
        raise ValueError("no inputs with a gap at the k-th score were found")

    def _tensors(self, call: Call) -> dict[str, Tensor]:
        pattern = visible(self._exercise, call.parameters)
        size = call.parameters["block_size"]
        make = {"block_mask": self._block_mask, "random_blocks": self._random_blocks}
        return {name: make[name](pattern, size, call.n) for name in self._exercise.tensors}

    def _block_mask(self, pattern: Pattern, size: int, n: int) -> Tensor:
        """Return bool ``[n_blocks, n_blocks]``: which tiles a pattern made of tiles has."""
        return tiles(pattern, size, math.ceil(n / size)).clone()

    def _random_blocks(self, pattern: Pattern, size: int, n: int) -> Tensor:
        """Return int64 ``[n_blocks, r]``: the blocks drawn for each, in any order.

        In short calls one is sometimes there twice.
        """
        atom = next(atom for atom in pattern.atoms() if isinstance(atom, RandomBlocks))
        drawn = [sorted(atom.drawn(block, n)) for block in range(math.ceil(n / size))]
        width = atom.at("number", n)
        if width and n <= _REPEATS_UP_TO_N:
            width += self.integer(Draw(low=0, high=1))
        rows = [self._shuffled(row + self._some(row, width - len(row))) for row in drawn]
        return torch.tensor(rows, dtype=torch.int64).reshape(len(drawn), width)

    def _some(self, items: list[int], number: int) -> list[int]:
        return [items[self.integer(Draw(low=0, high=len(items) - 1))] for _ in range(number)]

    def _shuffled(self, items: list[int]) -> list[int]:
        order = torch.randperm(len(items), generator=self.generator).tolist()
        return [items[place] for place in order]


@functools.lru_cache(maxsize=8)
def tiles(pattern: Pattern, size: int, blocks: int) -> Tensor:
    """Return bool ``[blocks, blocks]``: which tiles a pattern made of tiles has, for reading only.

    Calls that are timed have as many blocks again and again.
    """
    starts = torch.arange(0, blocks * size, size)
    return mask_rows(pattern, starts, blocks * size)[:, starts].contiguous()


def rim(pattern: Pattern, n: int) -> tuple[Tensor, Tensor]:
    """Return bool ``[n, n]`` twice: seen keys beside an unseen one, unseen beside a seen."""
    mask = mask_rows(pattern, torch.arange(n), n)
    hidden = ~mask
    return mask & _beside(hidden, edge=True), hidden & _beside(mask, edge=False)


def _beside(flags: Tensor, *, edge: bool) -> Tensor:
    """Say for each key whether a neighbour is flagged; beyond both ends counts as ``edge``."""
    padded = torch.nn.functional.pad(flags, (1, 1), value=edge)
    return padded[:, :-2] | padded[:, 2:]
