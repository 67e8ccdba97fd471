"""How often is a verdict on speed wrong? Candidates of a known true ratio, idle and disturbed.

Both arms are the same file but for the number of equal units of work in a call, so that the true
ratio is known without timing anything. The plain harness measures the same two processes as many
do: one arm's calls after the other's, by the wall clock, and compares the means.
"""

import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field

from benchmarks.common import LOCK, busy_neighbour, number, patient, race
from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.gate import look
from grader.judge.inputs import Inputs
from grader.judge.quiet import one_thread
from grader.judge.session import Reference, Source
from grader.judge.speed import run_race
from sandbox.pool import Pool, open_pool

_DECISIONS = number("FLIPS_DECISIONS", 100)
_THRESHOLD = 1.6
_ASKED = (0.85, 1.15)
_INFORMATION = (0.9, 1.1)
_UNITS = 400
_PLAIN_WARM, _PLAIN_RUNS = 3, 20
_LOOK_EVERY = 10
_CASE = Case(n=Draw.only(768), batch=Draw.only(1), heads=Draw.only(1), d=Draw.only(64))
_WORK = """
import torch

def attention(q, k, v):
    a, b, out = q[0, 0], k[0, 0, :64], torch.empty_like(q)
    for _ in range({units}):
        torch.mm(a, b, out=out[0, 0])
    return out
"""


@dataclass
class Tally:
    """Decisions on candidates of one true ratio."""

    right: bool
    judge: Counter[bool | None] = field(default_factory=Counter)
    plain: Counter[bool | None] = field(default_factory=Counter)
    errors: list[float] = field(default_factory=list)

    def wrong(self, decisions: Counter[bool | None]) -> int:
        """Count the decisions that are not what is true."""
        return decisions[not self.right]


def _units(units: int) -> Source:
    return Source(_WORK.format(units=units).encode(), "attention")


def _plain(candidate: Reference, reference: Reference) -> bool:
    """Decide as a plain harness: the ratio of means of separate blocks, by the wall clock."""
    inputs, means = Inputs(EXERCISES["dense-causal"]), []
    for arm in (reference, candidate):
        calls = [inputs.draw(_CASE) for _ in range(_PLAIN_WARM + _PLAIN_RUNS)]
        seconds = [arm.run(call).wall_seconds for call in calls]
        means.append(statistics.mean(seconds[_PLAIN_WARM:]))
    return means[0] / means[1] >= _THRESHOLD


def _decide(tally: Tally, true_ratio: float, pool: Pool) -> None:
    candidate = _units(round(_UNITS / true_ratio))
    arms = race(EXERCISES["dense-causal"], _CASE, candidate, _units(_UNITS), pool)
    with arms as (runner, one, two):
        met, ratios = run_race(_THRESHOLD, runner, lambda *_: None)
        tally.judge[met] += 1
        tally.errors.append(statistics.median(ratios) / true_ratio)
        tally.plain[_plain(one, two)] += 1


def _table(tallies: dict[float, Tally]) -> Iterator[str]:
    for factor, tally in tallies.items():
        decisions, errors = tally.judge.total(), tally.errors
        yield (
            f"  true ratio {factor:.2f} of the threshold: {tally.wrong(tally.judge)} wrong, "
            f"{tally.judge[None]} inconclusive of {decisions}; plain harness "
            f"{tally.wrong(tally.plain)} wrong; measured / true {statistics.median(errors):.3f} "
            f"({min(errors):.3f} to {max(errors):.3f})"
        )
    asked = [tallies[factor] for factor in _ASKED]
    total = sum(tally.judge.total() for tally in asked)
    wrong = sum(tally.wrong(tally.judge) for tally in asked)
    undecided = sum(tally.judge[None] for tally in asked)
    plain = sum(tally.wrong(tally.plain) for tally in asked)
    yield (
        f"  15 % from the threshold: {wrong / total:.1%} wrong (asked: 0.5 % at most), "
        f"{undecided / total:.1%} inconclusive (asked: 5 % at most); "
        f"plain {plain / total:.1%} wrong"
    )


def _condition(pool: Pool) -> Iterator[str]:
    tallies = {factor: Tally(factor >= 1) for factor in sorted(_ASKED + _INFORMATION)}
    looks = []
    for round_ in range(_DECISIONS):
        if round_ % _LOOK_EVERY == 0:
            looks.append(look(pool, LOCK, patient()).quiet)
        for factor, tally in tallies.items():
            if factor in _ASKED or round_ % 4 == 0:
                _decide(tally, factor * _THRESHOLD, pool)
    yield from _table(tallies)
    yield f"  a worker would have found the machine quiet in {sum(looks)} of {len(looks)} looks"


def measure() -> Iterator[str]:
    """Decide on each candidate, idle and with a busy neighbour, beside a plain harness."""
    with one_thread(), closing(open_pool(2)) as pool:
        for name, neighbour in (("idle", nullcontext()), ("busy neighbour", busy_neighbour())):
            yield f"{name}:"
            with neighbour:
                yield from _condition(pool)
