"""Bad files, and what each gets: one row, one submission."""

import pytest

from sandbox.pool import WarmPool
from sandbox.process import Process
from sandbox.wire import Outcome
from tests.sandbox.learner import HONEST, Learner

pytestmark = pytest.mark.sandbox

HEAD = "import torch\nfrom torch import *\n"

# One process loads all of these in turn: none of them gets to be called.
REFUSED_FILES = {
    "def attention(q, k, v:\n": ("invalid", "line 1"),
    "x = 1\n": ("invalid", "defines no function named attention"),
    "attention = 3\n": ("invalid", "defines no function named attention"),
    "def attention(q, k): pass\n": ("invalid", "cannot take the call attention(q, k, v)"),
    "def attention(q, k, v, window): pass\n": ("invalid", "missing a required argument: 'window'"),
    "import django\n": ("raised", "No module named 'django'"),
    "1 / 0\n": ("raised", 'File "submission.py", line 1'),
    "raise SystemExit\n": ("raised", "SystemExit"),
    "raise MemoryError\n": ("out_of_memory", "MemoryError"),
    "(" * 5000: ("invalid", ""),
    "-" * 90_000 + "1": ("invalid", ""),
}

# And one process calls all of these.
BODIES = {
    "return None": ("wrong_shape", "expected a torch.Tensor, got NoneType"),
    "return q[:, :1]": ("wrong_shape", "expected a tensor of shape (1, 2, 8, 4), got (1, 1, 8, 4)"),
    "return q.double()": ("wrong_shape", "expected dtype torch.float32, got torch.float64"),
    "return q.to('meta')": ("wrong_shape", "expected a tensor on cpu, got one on meta"),
    "return (q + 1).to_sparse()": ("wrong_shape", "layout"),
    "return torch.nn.Parameter(q + 1)": ("wrong_shape", "a subclass of torch.Tensor"),
    "return q": ("wrong_shape", "shares memory with an input"),
    "return k.mT.mT[..., :]": ("wrong_shape", "shares memory with an input"),
    "return from_numpy(v.numpy())": ("wrong_shape", "shares memory with an input"),
    "return torch.nope": ("raised", "has no attribute 'nope'"),
    "raise KeyboardInterrupt": ("raised", "KeyboardInterrupt"),
    "return empty(1 << 40)": ("out_of_memory", "can't allocate memory"),
    "return attention(q, k, v)": ("raised", "RecursionError"),
    "return (q + k + v).mT.contiguous().mT": ("done", ""),
    "with enable_grad(): return (q + k + v).requires_grad_() * 1": ("done", ""),
    "return torch.nn.functional.softmax(q, -1) * 0 + q + k + v": ("done", ""),
}


@pytest.fixture(scope="module")
def files(pool: WarmPool) -> Learner:
    return Learner(pool.take())


@pytest.mark.parametrize("source", REFUSED_FILES, ids=lambda text: repr(text[:40]))
def test_a_file_that_cannot_be_used_is_told_why(files: Learner, source: str) -> None:
    outcome, detail = REFUSED_FILES[source]
    reply = files.load(source)
    assert (reply.outcome, detail in reply.detail) == (outcome, True), reply


@pytest.mark.parametrize("body", BODIES)
def test_a_result_is_exactly_the_tensor_asked_for_or_told_why_not(
    files: Learner, body: str
) -> None:
    outcome, detail = BODIES[body]
    reply = files.runs(f"{HEAD}\ndef attention(q, k, v):\n    {body}\n")
    assert (reply.outcome, detail in reply.detail) == (outcome, True), reply
    assert (reply.output is not None) == (outcome == "done")
    assert outcome != "done" or files.answered_right(reply)


def test_bytes_that_are_not_utf8_are_invalid(files: Learner) -> None:
    assert files.load(b"# \xff\n").outcome is Outcome.INVALID


def test_a_byte_order_mark_is_no_mistake(files: Learner) -> None:
    assert files.load(b"\xef\xbb\xbf" + HONEST.encode()).outcome is Outcome.DONE


@pytest.mark.parametrize(
    "line",
    [
        "f = torch.nn.functional.forbidden_fruit",
        "from torch import forbidden_fruit as f",
        "import torch.forbidden_fruit",
        "getattr(torch, 'forbidden_fruit')",
        "forbidden_fruit = 1",
    ],
)
def test_a_ruled_out_name_is_found_however_it_is_written(files: Learner, line: str) -> None:
    reply = files.load(f"import torch\n{line}\n{HONEST}", ruled_out=("forbidden_fruit",))
    assert reply.outcome is Outcome.INVALID
    assert "line 2 names forbidden_fruit" in reply.detail


def test_a_ruled_out_name_may_be_spoken_of(files: Learner) -> None:
    source = f'"""Faster than forbidden_fruit."""\n# forbidden_fruit\n{HONEST}'
    assert files.load(source, ruled_out=("forbidden_fruit",)).outcome is Outcome.DONE


def test_a_traceback_has_the_learners_lines_and_nothing_of_ours(files: Learner) -> None:
    source = "import torch\n\ndef attention(q, k, v):\n    return torch.matmul(q, k)  # here\n"
    reply = files.runs(source)
    assert 'File "submission.py", line 4, in attention' in reply.detail
    assert "return torch.matmul(q, k)  # here" in reply.detail
    assert "inside" not in reply.detail
    assert "/packages" not in reply.detail


def test_causes_are_told_without_our_frames_too(files: Learner) -> None:
    source = (
        "def attention(q, k, v):\n"
        "    try:\n        q.nope\n"
        "    except AttributeError as fault:\n        raise ValueError('second') from fault\n"
    )
    reply = files.runs(source)
    assert "AttributeError" in reply.detail
    assert "ValueError: second" in reply.detail
    assert "inside" not in reply.detail


def test_an_exception_that_cannot_be_told_is_told_by_its_name(files: Learner) -> None:
    source = (
        "class Mute(Exception):\n    def __str__(self):\n        raise SystemExit\n"
        "def attention(q, k, v):\n    raise Mute\n"
    )
    reply = files.runs(source)
    assert reply.outcome is Outcome.RAISED
    assert "Mute" in reply.detail


def test_what_is_printed_is_shown_without_terminal_sequences(process: Process) -> None:
    learner = Learner(process)
    learner.loads('import sys\nprint("\\x1b[31mred\\x1b[0m\\x07 caf\\u00e9")\n' + HONEST)
    assert process.printed == "red café\n"
