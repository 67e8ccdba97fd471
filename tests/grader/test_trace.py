"""Ids: which are taken, and how they travel beside messages."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import dispatch, trace
from grader.contract import WorkerMessage


@pytest.fixture(autouse=True)
def _nothing_worked_on() -> Iterator[None]:
    trace.forget()
    yield
    trace.forget()


@given(st.text())
def test_an_id_is_short_and_breaks_no_line_whatever_was_given(given: str) -> None:
    chosen = trace.new_request(given)
    assert 1 <= len(chosen) <= 64
    assert chosen.isascii()
    assert chosen.isprintable()
    assert " " not in chosen


@pytest.mark.parametrize("hostile", ["", "a\nb", "x" * 10_000, "a b", "é", 'a"b', None, 7, b"ab"])
def test_what_is_no_id_is_replaced(hostile: Any) -> None:
    assert trace.new_request(hostile) != hostile
    assert len(trace.present_request()) == 32


def test_what_is_one_is_kept() -> None:
    assert trace.new_request("proxy-17.a_b") == trace.present_request() == "proxy-17.a_b"


def test_a_task_begins_with_the_ids_of_its_message() -> None:
    trace.new_request("first")
    with trace.about(request_id="first", submission=7, job=9):
        sent = trace.headers()
    trace.begin_task("some.task", sent)
    assert trace.named() == {"request_id": "first", "submission": "7", "job": "9"}


def test_a_task_takes_nothing_else_from_headers() -> None:
    trace.begin_task("some.task", {"sparring_job": "9\n", "sparring_other": "x", "lang": "py"})
    assert trace.named() == {}


def test_what_is_about_one_job_names_no_id_of_the_job_before() -> None:
    trace.name(request_id="mine", submission=1, job=2)
    with trace.about(request_id="", submission=3, job=4):
        assert trace.named() == {"submission": "3", "job": "4"}
    assert trace.named() == {"request_id": "mine", "submission": "1", "job": "2"}


def test_every_message_carries_the_ids_beside_it_and_not_in_it() -> None:
    class Sender:
        sent: tuple[str, dict[str, str]]

        def send_task(
            self, name: str, args: tuple[str, ...], queue: str, headers: dict[str, str]
        ) -> None:
            self.sent = (args[0], headers)

    sender, message = Sender(), WorkerMessage(worker="one", device="cpu")
    with trace.about(request_id="mine", submission=3, job=4):
        dispatch.send_worker(sender, message)
    payload, headers = sender.sent
    assert WorkerMessage.model_validate_json(payload) == message
    assert headers == {
        "sparring_request_id": "mine", "sparring_submission": "3", "sparring_job": "4",
    }  # fmt: skip
