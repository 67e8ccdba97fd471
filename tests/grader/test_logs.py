"""Logs: one line an event, whatever is in it, and nothing in it that nobody may read."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from grader import logs, trace

Lines = Callable[[], list[str]]


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What has been logged so far, line by line, by handlers as the settings describe them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    config = logs.settings("INFO", getattr(request, "param", "json"))
    factory = dict(config["formatters"]["line"])
    handler.setFormatter(factory.pop("()")(**factory))
    loggers = [logging.getLogger(name) for name in ("ours", "celery.worker.consumer.consumer")]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    for each in loggers:
        each.removeHandler(handler)
    trace.forget()


def test_an_event_is_one_line_of_json_with_time_level_and_the_ids(written: Lines) -> None:
    trace.name(request_id="r-1", submission=7, job=9)
    structlog.get_logger("ours").info("judged", failure="too_slow")
    (line,) = written()
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert told == {
        "level": "info", "event": "judged", "request_id": "r-1", "submission": "7", "job": "9",
        "failure": "too_slow", "logger": "ours",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["text"], indirect=True)
def test_a_person_reads_time_level_event_and_facts(written: Lines) -> None:
    trace.name(job=9)
    structlog.get_logger("ours").warning("unavailable", deliveries=2)
    (line,) = written()
    assert line[8:] == ' warning  unavailable job="9" deliveries=2'


@pytest.mark.parametrize("form", logs.FORMATS)
@given(value=st.text())
def test_no_text_breaks_a_line_or_ends_an_escape_in_it(form: str, value: str) -> None:
    render = logs.as_json if form == "json" else logs.as_text
    event = {"time": "2026-01-01T00:00:00Z", "level": "info", "event": value, "fact": value}
    line = render(None, "info", event)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_long_values_are_shortened(written: Lines) -> None:
    structlog.get_logger("ours").info("sent", fault="x" * 10_000)
    assert len(written()[0]) < 600


@pytest.mark.parametrize("name", ["token", "password", "source", "answer", "payload", "Secret"])
def test_what_sounds_secret_is_not_written(written: Lines, name: str) -> None:
    structlog.get_logger("ours").info("sent", **{name: "hunter2"})
    assert "hunter2" not in written()[0]


def test_of_other_libraries_only_the_first_line_is_written(written: Lines) -> None:
    """Celery tells the whole body of a message that it does not know."""
    logging.getLogger("celery.worker.consumer.consumer").error(
        "Received unregistered task of type %r.\nThe full contents of the message body was:\n%s",
        "grader.other", "def attention(q, k, v): secret",
    )  # fmt: skip
    (line,) = written()
    assert "grader.other" in line
    assert "attention" not in line


def test_an_exception_is_told_without_the_row_and_the_values_that_it_is_about(
    written: Lines,
) -> None:
    def fail(answer: str) -> None:
        try:
            raise ValueError(f"null value in column\nDETAIL: Failing row contains ({answer})")
        except ValueError as fault:
            raise RuntimeError("could not be kept") from fault

    try:
        fail("".join(("hun", "ter2")))
    except RuntimeError:
        structlog.get_logger("ours").exception("failed")
    (line,) = written()
    told = json.loads(line)["exception"]
    assert told.startswith("RuntimeError: could not be kept\n")
    assert "because of ValueError: null value in column\n" in told
    assert "in fail" in told
    assert "hunter" not in line


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="json, text"):
        logs.chosen_format("xml")


def test_a_failed_task_is_told_without_its_arguments(written: Lines) -> None:
    from celery import Celery

    app = Celery("failing", set_as_current=False, broker="memory://")

    @app.task  # type: ignore[untyped-decorator]
    def fails(payload: str) -> None:
        raise LookupError("gone")

    handler = logging.getLogger("ours").handlers[-1]
    ours = logging.getLogger("grader.logs")
    ours.addHandler(handler)
    try:
        fails.apply(("def attention(q, k, v): secret",))
    finally:
        ours.removeHandler(handler)
    told: dict[str, Any] = json.loads(written()[-1])
    assert (told["event"], told["level"]) == ("task_failed", "error")
    assert told["exception"].startswith("LookupError: gone")
    assert "attention" not in json.dumps(written())
