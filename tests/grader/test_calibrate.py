"""Thresholds found by timing the model solutions."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader import calibrate
from grader.calibrate import FailedModel, Found, entry_of, highest_threshold, measured, write
from grader.exercises import EXERCISES, calibration
from grader.gate import Reading
from grader.references import models_of
from sandbox.limits import Limits
from sandbox.pool import open_pool

QUIET = Reading(low=0.99, median=1.0, high=1.01)
NOISY = Reading(low=0.7, median=1.0, high=1.3)


def test_a_threshold_leaves_the_slowest_solution_thirty_per_cent() -> None:
    assert highest_threshold(2.6) == 2.0
    assert highest_threshold(2.0) == 1.53


def test_the_slowest_median_and_the_heaviest_peak_decide() -> None:
    found = {
        "one": Found(ratios=(3.0, 5.0, 4.0), peaks_mib=(10.0, 12.0, 11.0)),
        "other": Found(ratios=(2.0, 9.0, 2.6), peaks_mib=(20.0, 20.1, 19.0)),
    }
    entry = entry_of(EXERCISES["sliding-window"], found)
    assert entry["highest_threshold"] == 2.0
    assert entry["limit_mib"] == 27
    assert entry["models"]["other"] == {
        "ratio": 2.6, "low": 2.0, "high": 9.0, "runs": 3, "peak_mib": 20.1,
    }  # fmt: skip


def test_writing_some_exercises_keeps_the_others_and_the_order(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    write({"strided": {"highest_threshold": 2.0}, "bigbird": {"highest_threshold": 1.0}}, file)
    write({"strided": {"highest_threshold": 1.5}}, file)
    told = json.loads(file.read_text())
    assert list(told) == ["bigbird", "strided"]
    assert told["strided"] == {"highest_threshold": 1.5}


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Pretend that this was calibrated."""
    told: dict[str, Any] = {"sliding-window": {"highest_threshold": 1.4, "limit_mib": 40}}
    monkeypatch.setattr(calibration, "entries", lambda: told)
    return told


def test_calibration_lowers_a_threshold_and_never_raises_one(entries: dict[str, Any]) -> None:
    assert calibration.calibrated("sliding-window", 1.6) == 1.4
    assert calibration.calibrated("sliding-window", 1.3) == 1.3


def test_what_was_not_calibrated_keeps_its_starting_values(entries: dict[str, Any]) -> None:
    assert calibration.calibrated("strided", 1.6) == 1.6
    assert calibration.calibrated_mib("strided", 192) == 192
    assert calibration.calibrated_mib("sliding-window", 192) == 40


class Idle:
    """A pool that gives nothing."""

    def __enter__(self) -> "Idle":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Catch what is written, with nothing measured for real."""
    caught: list[dict[str, Any]] = []
    monkeypatch.setattr(calibrate, "open_pool", lambda *_: Idle())
    monkeypatch.setattr(calibrate, "measured", lambda *_: Found((4.0,), (8.0,)))
    monkeypatch.setattr(calibrate, "write", caught.append)
    return caught


def test_a_noisy_machine_writes_nothing(
    written: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(calibrate, "look", lambda *_: NOISY)
    assert calibrate.main(["sliding-window"]) == 1
    assert not written
    assert "too noisy" in capsys.readouterr().err


def test_a_machine_that_became_noisy_writes_nothing(
    written: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = [QUIET, NOISY]
    monkeypatch.setattr(calibrate, "look", lambda *_: readings.pop(0))
    assert calibrate.main(["sliding-window"]) == 1
    assert not written


def test_what_is_written_anyway_says_that_the_machine_was_noisy(
    written: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "look", lambda *_: NOISY)
    assert calibrate.main(["sliding-window", "--anyway"]) == 0
    assert written[0]["sliding-window"]["quiet"] is False
    assert written[0]["sliding-window"]["highest_threshold"] == 3.07


@pytest.mark.parametrize("slug", ["dense-causal", "no-such-exercise"])
def test_what_is_not_timed_cannot_be_calibrated(slug: str) -> None:
    with pytest.raises(SystemExit):
        calibrate.main([slug])


@pytest.mark.sandbox
@pytest.mark.timing
def test_a_model_solution_is_timed_by_the_judge_and_a_wrong_one_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exercise = EXERCISES["first-plus-window"]
    with open_pool(2, Limits()) as pool:
        found = measured(exercise, models_of(exercise.slug)[0], pool, 1)
        assert found.ratios[0] > 1
        assert found.peaks_mib[0] > 0
        monkeypatch.setattr(calibrate, "source_of", lambda _: b"attention = print\n")
        check = partial(measured, exercise, "nonsense", pool, 1)
        with pytest.raises(FailedModel, match="nonsense does not pass"):
            check()
