"""What a GPU grades: model solutions, Triton kernels, wrong submissions, exploits, FlexAttention.

Not part of a run without names, for most machines have no GPU. ``GPU_PARTS`` names what to run,
``GPU_EVERY=10`` judges one submission in ten.
"""

import base64
import os
import statistics
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.common import number, patient
from benchmarks.exploits import outcomes
from grader.contract import Case, Draw, GradingJob, Verdict
from grader.devices import exclusive
from grader.exercises import EXERCISES
from grader.judge import grade
from grader.judge.findings import BrokenReferenceError
from grader.judge.inputs import Inputs
from grader.judge.quiet import quiet
from grader.judge.session import Reference, Source, source_for
from grader.judge.speed import CallRace
from grader.references import models_of, source_of
from sandbox import gpu
from sandbox.limits import Limits
from sandbox.pool import Pool, open_pool

_PAIRS = number("GPU_PAIRS", 15)
_POOL = 4
_EVERY = number("GPU_EVERY", 1)
_SUBMISSIONS = Path(__file__).parent.parent / "tests" / "submissions"
_KERNEL = Path(__file__).with_name("triton_window.py")
_CALLED = {
    "flash-tiled": b"def attention(q, k, v):\n    return windowed(q, k, v, q.shape[2])\n",
    "sliding-window": b"attention = windowed\n",
}
#: The submissions of the tests were written for a CPU and do not say where their tensors belong.
_THERE = b"import torch; torch.set_default_device('cuda')\n"
_LOCK = partial(exclusive, "cuda", lambda: None)
_N, _WINDOW = 32_768, 256
_FLEX = b"""
import torch
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

compiled = torch.compile(flex_attention)


def attention(q, k, v, window):
    def seen(batch, head, i, j):
        return (j <= i) & (i - j < window)

    mask = create_block_mask(seen, None, None, q.shape[2], k.shape[2], device=q.device)
    return compiled(q, k, v, block_mask=mask)
"""


def _judged(slug: str, source: bytes, pool: Pool) -> Verdict:
    job = GradingJob(
        job="bench",
        token="b" * 32,
        source_base64=base64.b64encode(source).decode(),
        exercise=EXERCISES[slug],
        device="cuda",
    )
    return grade(job, pool, progress=lambda *_: None, lock=_LOCK)


def _told(name: str, given: Verdict) -> str:
    """Return a line on one verdict with the figures of its checks."""
    checks = [f"{check.name} {check.model_dump(exclude={'name'})}" for check in given.checks]
    outcome = "passed" if given.passed else f"{given.failure}: {given.message}"
    return f"  {name}: {outcome}, {given.seconds:.1f} s; " + "; ".join(checks)


def _models(pool: Pool) -> Iterator[str]:
    for slug in EXERCISES:
        for model in models_of(slug):
            yield _told(model, _judged(slug, source_of(model), pool))


def _kernels(pool: Pool) -> Iterator[str]:
    for slug, called in _CALLED.items():
        source = _KERNEL.read_bytes() + b"\n\n" + called
        yield _told(f"{slug} in Triton", _judged(slug, source, pool))


def _submissions(pool: Pool) -> Iterator[str]:
    """Judge submissions of the tests; tell those whose verdict is not the expected one."""
    count, missed = 0, 0
    for path in sorted(_SUBMISSIONS.rglob("*.py"))[::_EVERY]:
        raw = path.read_bytes()
        expected = raw.partition(b"\n")[0].decode().removeprefix("# expect:").strip()
        slug = path.relative_to(_SUBMISSIONS).parts[0]
        given = _judged(slug, _THERE + raw, pool)
        found = "passed" if given.passed else str(given.failure)
        count += 1
        if found not in expected:
            missed += 1
            name = path.relative_to(_SUBMISSIONS)
            yield f"  {name}: {found}, expected {expected}: {given.message[:200]}"
    yield f"submissions without their verdict: {missed} of {count}"


def _exploits() -> Iterator[str]:
    found, failed = outcomes(
        ("tests/sandbox/test_exploits.py",), os.environ | {"SPARRING_TEST_DEVICE": "cuda"}
    )
    yield "exploits: " + ", ".join(f"{times} {name}" for name, times in sorted(found.items()))
    yield from (f"  {name} failed" for name in failed)


def _beside_flex(pool: Pool) -> Iterator[str]:
    """Race the model solutions for a sliding window against compiled FlexAttention."""
    exercise, keeper = EXERCISES["sliding-window"], patient()
    case = Case(
        n=Draw.only(_N),
        batch=Draw.only(1),
        heads=Draw.only(4),
        parameters={"window": Draw.only(_WINDOW)},
    )
    for model in models_of("sliding-window"):
        candidate = source_for(exercise, source_of(model))
        flex = Source(_FLEX, "attention", exercise.parameters)
        try:
            with (
                closing(Reference(candidate, pool, keeper)) as one,
                closing(Reference(flex, pool, keeper)) as two,
                quiet(_LOCK, pool, keeper),
            ):
                race = CallRace(case, Inputs(exercise), one.run, two.run, lambda *_: None)
                race.warm_up()
                ratio = statistics.median(race.pair() for _ in range(_PAIRS))
        except BrokenReferenceError as fault:
            yield f"  {model} beside FlexAttention at n = {_N:,}: could not run: {fault}"
            continue
        yield f"  {model} beside FlexAttention at n = {_N:,}: {ratio:.2f} times as fast"


_WITH_POOL = {
    "models": _models,
    "kernels": _kernels,
    "flex": _beside_flex,
    "submissions": _submissions,
}


def measure() -> Iterator[str]:
    """Judge on the GPU what the tests judge on the CPU. Raises SandboxUnavailable without one."""
    device = gpu.chosen()
    yield f"on {device.name} ({device.identifier.partition('-')[0]})"
    parts = os.environ.get("GPU_PARTS", ",".join([*_WITH_POOL, "exploits"])).split(",")
    with closing(open_pool(_POOL, Limits(device="cuda"))) as pool:
        for part in parts:
            if part in _WITH_POOL:
                yield from _WITH_POOL[part](pool)
    if "exploits" in parts:
        yield from _exploits()
