"""The contract refuses everything that is not exactly a message."""

import json

import pytest
from pydantic import ValidationError

from grader.contract import (
    MAX_SOURCE_BYTES,
    Case,
    Draw,
    Exercise,
    Failure,
    GradingJob,
    Verdict,
    VerdictMessage,
    source_fault,
)

EXERCISE = Exercise(
    slug="sliding-window",
    title="Sliding window",
    parameters=("window",),
    pattern="causal & window(window)",
    cases=(Case(n=Draw(low=1, high=9), parameters={"window": Draw(low=1, high=4)}),),
    probe=Case(n=Draw.only(64), parameters={"window": Draw.only(8)}),
)
VERDICT = Verdict(
    exercise="sliding-window",
    passed=False,
    failure=Failure.TOO_SLOW,
    message="Too slow.",
    device="cpu",
    seconds=1.5,
)


def test_an_exercise_travels_whole_in_its_job() -> None:
    job = GradingJob(job="1", token="t" * 32, source_base64="cGFzcw==", exercise=EXERCISE)
    assert GradingJob.model_validate_json(job.model_dump_json()).exercise == EXERCISE


def test_a_verdict_comes_back_as_it_was_sent() -> None:
    message = VerdictMessage(job="1", token="t" * 32, verdict=VERDICT)
    assert VerdictMessage.model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize(
    "change",
    [
        {"passed": True},
        {"failure": None},
        {"failure": "lucky"},
        {"seconds": "1.5"},
        {"surprise": 1},
        {"version": 2},
        {"message": "x" * 1001},
        {"checks": [{"name": "correctness", "passed": False, "error": 1.0}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_verdict_that_is_not_exactly_one_is_refused(change: dict[str, object]) -> None:
    told = json.loads(VERDICT.model_dump_json()) | change
    with pytest.raises(ValidationError):
        Verdict.model_validate_json(json.dumps(told))


def test_an_infinite_figure_is_refused() -> None:
    text = VERDICT.model_dump_json().replace("1.5", "Infinity")
    with pytest.raises(ValidationError):
        Verdict.model_validate_json(text)


def test_a_draw_from_nowhere_is_refused() -> None:
    with pytest.raises(ValidationError, match="above high"):
        Draw(low=2, high=1)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"x = '\0'", "null bytes"),
        (b"x = '\xff'", "not UTF-8"),
        (b"#" * (MAX_SOURCE_BYTES + 1), "longer than"),
    ],
)
def test_bytes_that_cannot_be_a_submission_are_told_why(raw: bytes, words: str) -> None:
    assert words in (source_fault(raw) or "")


def test_a_file_of_exactly_the_longest_size_is_accepted() -> None:
    assert source_fault(b"#" * MAX_SOURCE_BYTES) is None
