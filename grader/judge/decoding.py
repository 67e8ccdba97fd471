"""Timing a decoder: step against step, far into a sequence, beside a cache that keeps all."""

from collections.abc import Callable
from dataclasses import replace

import torch

from grader.contract import Case, Draw
from grader.judge.calls import Call
from grader.judge.candidate import DecodeCandidate
from grader.judge.correctness import rows_to_check
from grader.judge.findings import Answer
from grader.judge.inputs import Inputs
from grader.judge.session import Reference, tokens
from grader.judge.speed import Race

_ROWS_OF_EACH = 8

VerifyRows = Callable[[Call, Answer, torch.Tensor], None]


class DecodeRace(Race):
    """Both arms hold the same ``filled`` tokens and go on by the same fresh ones.

    ``case`` is pinned; its ``n`` are the steps of a pair.
    """

    def __init__(
        self,
        case: Case,
        filled: int,
        inputs: Inputs,
        arms: tuple[DecodeCandidate, Reference],
        verify: VerifyRows,
    ) -> None:
        super().__init__()
        self._case, self._inputs, self._verify = case, inputs, verify
        self._candidate, self._reference = arms
        whole = case.model_copy(update={"n": Draw(low=filled, high=filled)})
        self._past = inputs.draw(whole)

    def warm_up(self) -> None:
        """Fill both, and let both touch their pages."""
        past = self._past
        answer = self._candidate.run(past)
        self._verify(past, answer, rows_to_check(past, self._inputs.generator))
        last = tokens(past, past.n - 1, past.n)
        self._reference.fill(replace(last, k=past.k, v=past.v))
        super().warm_up()

    def _timed(self, *, reference_first: bool) -> tuple[Answer, Answer]:
        fresh = replace(self._inputs.draw(self._case), parameters=self._past.parameters)
        if reference_first:
            reference = self._reference.steps(fresh)
            candidate = self._candidate.go_on(fresh)
        else:
            candidate = self._candidate.go_on(fresh)
            reference = self._reference.steps(fresh)
        self._extend(fresh, candidate)
        return candidate, reference

    def _extend(self, fresh: Call, answer: Answer) -> None:
        """Take the new tokens into the past, and compare some of the new results."""
        past, start = self._past, self._past.n
        q, k, v = (torch.cat([getattr(past, name), getattr(fresh, name)], dim=2) for name in "qkv")
        self._past = replace(past, q=q, k=k, v=v)
        output = torch.zeros_like(self._past.q)
        output[:, :, start:] = answer.output
        some = torch.randperm(fresh.n, generator=self._inputs.generator)[:_ROWS_OF_EACH]
        self._verify(self._past, replace(answer, output=output), start + some.sort().values)
