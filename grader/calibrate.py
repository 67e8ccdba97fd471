"""Time the model solutions on this machine and write down which thresholds they allow.

    python -m grader.calibrate [SLUG...] [--device cpu] [--runs N] [--anyway]

Each model solution of each exercise with a speed threshold is judged several times, as a
submission is, but against a threshold that it cannot miss. A threshold may be at most the slowest
model solution's ratio / 1.3; a memory limit leaves 1.3 times what the heaviest one takes. What is
found goes to grader/exercises/calibration.json. On a noisy machine nothing is written.
"""

import argparse
import base64
import functools
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from grader.contract import Exercise, GradingJob, MemoryResult, Speedup, Verdict
from grader.devices import exclusive
from grader.exercises import EXERCISES, calibration
from grader.gate import Reading, look
from grader.judge import grade
from grader.judge.timekeeper import Timekeeper
from grader.references import models_of, source_of
from sandbox.limits import Limits
from sandbox.pool import Pool, open_pool

MARGIN = 1.3
_RUNS = 5
_MISSED_BY_NONE = 0.01
_FREE_MIB = 3_000
_FILE = Path(calibration.__file__).with_name(calibration.FILE)
_LOCK = functools.partial(exclusive, "cpu", lambda: None)


class FailedModel(Exception):  # noqa: N818  (a finding about a model solution)
    """A model solution does not pass."""


@dataclass(frozen=True)
class Found:
    """Ratios and peaks of one model solution, one of each a run."""

    ratios: tuple[float, ...]
    peaks_mib: tuple[float, ...]

    def entry(self) -> dict[str, Any]:
        """Return it as it is written down."""
        told: dict[str, Any] = {
            "ratio": round(statistics.median(self.ratios), 3),
            "low": round(min(self.ratios), 3),
            "high": round(max(self.ratios), 3),
            "runs": len(self.ratios),
        }
        return told | ({"peak_mib": max(self.peaks_mib)} if self.peaks_mib else {})


def lenient(exercise: Exercise) -> Exercise:
    """Return the exercise with bounds that no right solution misses, and no more than is timed."""
    assert exercise.speed is not None
    memory = exercise.memory
    return exercise.model_copy(
        update={
            "speed": exercise.speed.model_copy(update={"threshold": _MISSED_BY_NONE}),
            "memory": memory and memory.model_copy(update={"limit_mib": _FREE_MIB}),
            "probe": None,
            "growth": None,
            "steady": None,
        }
    )


def _judged(exercise: Exercise, source: bytes, pool: Pool) -> Verdict:
    job = GradingJob(
        job="calibrate",
        token="calibrate-this-machine",  # noqa: S106  (nobody asks for it)
        source_base64=base64.b64encode(source).decode("ascii"),
        exercise=exercise,
    )
    return grade(job, pool, progress=lambda *_: None, lock=_LOCK)


def measured(exercise: Exercise, model: str, pool: Pool, runs: int) -> Found:
    """Judge one model solution several times. Raises FailedModel."""
    ratios, peaks = [], []
    for _ in range(runs):
        verdict = _judged(lenient(exercise), source_of(model), pool)
        if not verdict.passed:
            raise FailedModel(f"{model} does not pass: {verdict.failure}: {verdict.message}")
        for check in verdict.checks:
            if isinstance(check, Speedup):
                ratios.append(check.ratio)
            if isinstance(check, MemoryResult):
                peaks.append(check.peak_mib)
    return Found(tuple(ratios), tuple(peaks))


def highest_threshold(slowest: float) -> float:
    """Return the slowest accepted ratio / 1.3, rounded down to two digits."""
    return math.floor(slowest / MARGIN * 100) / 100


def entry_of(exercise: Exercise, found: dict[str, Found]) -> dict[str, Any]:
    """Return what is written down of one exercise."""
    assert exercise.speed is not None
    models = {model: one.entry() for model, one in sorted(found.items())}
    told: dict[str, Any] = {
        "against": exercise.speed.against,
        "highest_threshold": highest_threshold(min(one["ratio"] for one in models.values())),
        "models": models,
        "command": f"python -m grader.calibrate {exercise.slug}",
    }
    peaks = [peak for one in found.values() for peak in one.peaks_mib]
    return told | ({"limit_mib": math.ceil(MARGIN * max(peaks))} if peaks else {})


def processor() -> str:
    """Return the name of this machine's processor."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "unknown"


def _circumstances(readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{os.cpu_count()} cores of {processor()}",
        "torch": torch.__version__,
        "device": "cpu",
        "quiet": all(reading.quiet for reading in readings),
    }


def write(found: dict[str, dict[str, Any]], file: Path = _FILE) -> None:
    """Put these entries among those that are there, in a stable order."""
    old = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    file.write_text(json.dumps(old | found, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    timed = [slug for slug, exercise in EXERCISES.items() if exercise.speed]
    parser = argparse.ArgumentParser(prog="grader.calibrate", description="Find thresholds.")
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help=f"of: {', '.join(timed)}")
    parser.add_argument("--device", choices=("cpu",), default="cpu")
    parser.add_argument("--runs", type=int, default=_RUNS, help="judgings of each solution")
    parser.add_argument("--anyway", action="store_true", help="write even on a noisy machine")
    options = parser.parse_args(argv)
    if unknown := sorted(set(options.slugs) - set(timed)):
        parser.error(f"nothing is timed in {', '.join(unknown)}")
    if options.runs < 1:
        parser.error("at least one run is needed")
    options.slugs = options.slugs or timed
    return options


def _look(pool: Pool) -> Reading:
    reading = look(pool, _LOCK, Timekeeper(lambda *_: None))
    print(f"{'quiet' if reading.quiet else 'noisy'}: {reading}", flush=True)
    return reading


def _calibrated(slug: str, pool: Pool, runs: int) -> dict[str, Any]:
    found = {model: measured(EXERCISES[slug], model, pool, runs) for model in models_of(slug)}
    entry = entry_of(EXERCISES[slug], found)
    for model, one in entry["models"].items():
        peak = f", {one['peak_mib']} MiB" if "peak_mib" in one else ""
        print(f"  {model}: {one['ratio']} (from {one['low']} to {one['high']}){peak}", flush=True)
    print(f"{slug}: a threshold of at most {entry['highest_threshold']}", flush=True)
    return entry


def main(argv: Sequence[str] | None = None) -> int:
    """Calibrate what the command line names and return the exit status."""
    options = _arguments(argv)
    with open_pool(2, Limits()) as pool:
        readings = [_look(pool)]
        if not readings[0].quiet and not options.anyway:
            return _refuse()
        try:
            found = {slug: _calibrated(slug, pool, options.runs) for slug in options.slugs}
        except FailedModel as fault:
            print(fault, file=sys.stderr)
            return 1
        readings.append(_look(pool))
    circumstances = _circumstances(readings)
    if not circumstances["quiet"] and not options.anyway:
        return _refuse()
    write({slug: entry | circumstances for slug, entry in found.items()})
    return 0


def _refuse() -> int:
    print("Nothing was written: this machine is too noisy. --anyway writes it.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
