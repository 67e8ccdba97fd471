"""Which keys does a black box attend to? The blind probe.

Attention is linear in v: out = A v. Let v be d columns at a time of a secret random orthogonal
matrix R, and the scores the same in every call: the n / d outputs side by side are A R, and
A = (A R) Rᵀ. The function sees nothing but random values: v is scaled to deviation 1 and each call
shows q and k through another secret matrix, q M and k M⁻ᵀ, which changes every number and no score.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from grader.contract import Case, Draw, KvPairs, PairEvidence
from grader.judge.calls import Call, Rule
from grader.judge.expected import chosen
from grader.judge.inputs import SMALLEST_SCALE, Inputs

# Logits stay so small that the pairs of a row weigh nearly the same: no one is below 1/25 of the
# heaviest, even when the scale 1/sqrt(d) is forgotten. Noise is 1e-7 in float32; in bfloat16 it is
# 1/1000 of the heaviest.
_CUT_OF_HEAVIEST = 0.01
_CUT = 1e-5
# Whatever the heaviest of its row: a third of an even share of all keys is attention, not noise.
_CUT_OF_EVEN_SHARE = 0.3
_SCALE_ABOVE_SMALLEST = (1.0, 1.2)
_MOST_LISTED = 4_000
_STRETCH = (0.7, 1.4)


@dataclass(frozen=True)
class Pairs:
    """Two bool masks ``[m, n]``: the pairs attended and those of the rule."""

    rule: Rule
    attended: Tensor
    expected: Tensor

    @property
    def n(self) -> int:
        """Number of keys of the probe."""
        return self.expected.shape[1]

    @property
    def right(self) -> bool:
        """Whether exactly the pattern's pairs are attended."""
        return torch.equal(self.attended, self.expected)

    def check(self) -> KvPairs:
        """Return the counts."""
        return KvPairs(
            passed=self.right,
            attended=int(self.attended.sum()),
            expected=int(self.expected.sum()),
            extra=int((self.attended & ~self.expected).sum()),
            missing=int((self.expected & ~self.attended).sum()),
        )

    def evidence(self) -> PairEvidence:
        """Return what a picture of the mask needs."""
        return PairEvidence(
            n=self.n,
            queries=len(self.expected),
            pattern=str(self.rule.pattern),
            chosen=() if self.rule.top_k is None else _listed(self.expected),
            extra=_listed(self.attended & ~self.expected),
            missing=_listed(self.expected & ~self.attended),
        )


def _listed(mask: Tensor) -> tuple[tuple[int, int], ...]:
    return tuple((query, key) for query, key in mask.nonzero()[:_MOST_LISTED].tolist())


def probe(
    case: Case, inputs: Inputs, rule_of: Callable[[Call], Rule], run: Callable[[Call], Tensor]
) -> Pairs:
    """Find the pairs that ``run`` attends to on a call of ``case``, with one KV head of one batch.

    ``run`` maps a call to its output, ``[1, groups, m, d]``. Of several query heads the one that
    strays furthest is told.
    """
    one = Draw(low=1, high=1)
    base = inputs.draw(case.model_copy(update={"batch": one, "heads": one, "inputs": "random"}))
    rule = rule_of(base)
    expected = chosen(base, rule, torch.arange(base.m))[0]
    weights = torch.zeros(base.groups, base.m, base.n)
    for call, width in _calls(base, inputs):
        block = call.v[0, 0, :, :width]
        weights += run(call)[0, :, :, :width] @ block.T
    weights /= base.n
    heads = [
        Pairs(rule, _attended(seen.abs(), mask), mask)
        for seen, mask in zip(weights, expected.expand(base.groups, -1, -1), strict=True)
    ]
    return max(heads, key=lambda head: int((head.attended ^ head.expected).sum()))


def _attended(weights: Tensor, expected: Tensor) -> Tensor:
    heaviest = weights.amax(dim=1, keepdim=True)
    cut = (_CUT_OF_HEAVIEST * heaviest).clamp(_CUT, _CUT_OF_EVEN_SHARE / weights.shape[1])
    attended = weights > cut
    # Rows that are not finite say nothing of pairs; that they are wrong is told elsewhere.
    return torch.where(heaviest.isfinite(), attended, expected)


def _calls(base: Call, inputs: Inputs) -> Iterator[tuple[Call, int]]:
    """Yield the probe's calls, and how many columns of each v belong to the secret matrix."""
    n, d = base.n, base.q.shape[-1]
    unit = base.q / base.q.std(correction=0).clamp_min(1e-6)
    q, k = unit * (SMALLEST_SCALE * inputs.uniform(*_SCALE_ABOVE_SMALLEST)), base.k
    secret = _orthogonal(n, inputs) * n**0.5
    for start in range(0, n, d):
        columns = secret[:, start : start + d]
        width = columns.shape[1]
        v = torch.cat([columns, inputs.normal(n, d - width)], dim=1)[None, None]
        view = _distortion(d, inputs)
        shown_q = (q.double() @ view).float()
        shown_k = (k.double() @ torch.linalg.inv(view).T).float()
        yield replace(base, q=shown_q, k=shown_k, v=v.contiguous()), width


def _orthogonal(size: int, inputs: Inputs) -> Tensor:
    orthogonal: Tensor = torch.linalg.qr(inputs.normal(size, size))[0]
    return orthogonal


def _distortion(d: int, inputs: Inputs) -> Tensor:
    """Return a well-conditioned secret matrix, float64 ``[d, d]``."""
    low, high = _STRETCH
    stretch = low + (high - low) * torch.rand(d, generator=inputs.generator)
    return (_orthogonal(d, inputs) * stretch @ _orthogonal(d, inputs)).double()
