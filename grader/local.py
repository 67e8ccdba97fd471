"""Judge one file on this machine, without server, database or broker.

    python -m grader.local FILE --exercise SLUG [--json] [--device cpu|cuda]

The same judge and the same sandbox as behind the web page. Exit status: 0 passed, 1 not passed,
2 could not be judged.
"""

import argparse
import base64
import functools
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.contract import MAX_SOURCE_BYTES, Check, Failure, GradingJob, Stage, Verdict
from grader.devices import exclusive
from grader.exercises import EXERCISES

PASSED, NOT_PASSED, NOT_JUDGED = 0, 1, 2
_WARM_PROCESSES = 2


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="grader.local", description="Judge one file.")
    parser.add_argument("file", type=Path, help="the submission, one Python file")
    parser.add_argument("--exercise", required=True, metavar="SLUG")
    parser.add_argument("--json", action="store_true", help="print the verdict as one JSON object")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    return parser.parse_args(argv)


def _show_stage(stage: Stage, done: int | None = None, total: int | None = None) -> None:
    if sys.stderr.isatty():
        count = "" if done is None else f" {done} of {total}"
        print(f"\r\033[K{stage}{count}", end="", file=sys.stderr, flush=True)


def _judge(job: GradingJob) -> Verdict:
    # torch takes seconds to import: a wrong slug or file is told before that.
    from grader.judge import grade
    from sandbox.limits import Limits
    from sandbox.pool import open_pool

    with open_pool(_WARM_PROCESSES, Limits(device=job.device)) as pool:
        lock = functools.partial(exclusive, job.device, lambda: None)
        return grade(job, pool, progress=_show_stage, lock=lock)


def _line(check: Check) -> str:
    facts = check.model_dump(exclude={"name", "passed"})
    numbers = ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in facts.items()
    )
    return f"  {'ok    ' if check.passed else 'failed'}  {check.name}: {numbers}"


def _describe(verdict: Verdict) -> str:
    headline = "passed" if verdict.passed else f"not passed: {verdict.failure}"
    parts = [f"{verdict.exercise}: {headline}", f"  {verdict.message}"]
    parts += [_line(check) for check in verdict.checks]
    parts += [verdict.evidence.traceback] if verdict.evidence.traceback else []
    parts += [f"printed:\n{verdict.evidence.printed}"] if verdict.evidence.printed else []
    return "\n".join([*parts, f"  {verdict.seconds:.1f} s on {verdict.device}"])


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return NOT_JUDGED


def main(argv: Sequence[str] | None = None) -> int:
    """Judge the file that the command line names and return the exit status."""
    options = _arguments(argv)
    exercise = EXERCISES.get(options.exercise)
    if exercise is None:
        return _refuse(
            f"No exercise is called {options.exercise!r}; there are: {', '.join(sorted(EXERCISES))}"
        )
    try:
        raw = options.file.read_bytes()
    except OSError as fault:
        return _refuse(f"Cannot read {options.file}: {fault.strerror}")
    # One byte over the limit is enough for the judge to refuse a longer file.
    job = GradingJob(
        job="local",
        token=secrets.token_urlsafe(32),
        source_base64=base64.b64encode(raw[: MAX_SOURCE_BYTES + 1]).decode("ascii"),
        exercise=exercise,
        device=options.device,
    )
    verdict = _judge(job)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(verdict.model_dump_json() if options.json else _describe(verdict))
    if verdict.failure is Failure.UNAVAILABLE:
        return NOT_JUDGED
    return PASSED if verdict.passed else NOT_PASSED


if __name__ == "__main__":
    sys.exit(main())
