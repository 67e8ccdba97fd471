"""Saying how a request ended, whatever was raised."""

import itertools
import json
import socket
import traceback

from sandbox.inside.requests import FILENAME

MAX_DETAIL = 8_000
OUT_OF_MEMORY_WORDS = ("can't allocate memory", "not enough memory", "out of memory")


def out_of_memory(fault: BaseException) -> bool:
    """Tell whether an exception says that memory ran out."""
    if isinstance(fault, MemoryError):
        return True
    return isinstance(fault, RuntimeError) and any(w in str(fault) for w in OUT_OF_MEMORY_WORDS)


def told(fault: BaseException) -> str:
    """Return the traceback of an exception with only the learner's own frames."""
    try:
        story = traceback.TracebackException.from_exception(fault, compact=True)
        own_frames(story)
        pieces, length = [], 0
        for piece in itertools.islice(story.format(), 4_000):
            pieces.append(piece)
            length += len(piece)
            if length > 100 * MAX_DETAIL:
                break
        return "".join(pieces)
    except BaseException:  # noqa: BLE001  (whatever a hostile __str__ raises)
        return f"{type(fault).__name__} (its text could not be made)"


def own_frames(story: traceback.TracebackException | None) -> None:
    """Drop every frame that is not of the submission, along the chain of causes."""
    seen: set[int] = set()
    while story is not None and id(story) not in seen:
        seen.add(id(story))
        frames = [frame for frame in story.stack if frame.filename == FILENAME]
        story.stack = traceback.StackSummary.from_list(frames)
        story = story.__cause__ or story.__context__


def bounded(text: str) -> str:
    """Cut a text in its middle, where it is least missed."""
    if len(text) <= MAX_DETAIL:
        return text
    return text[: MAX_DETAIL // 2 - 10] + "\n  […]\n" + text[-MAX_DETAIL // 2 :]


def answer(channel: socket.socket, nonce: str, outcome: str, detail: str) -> None:
    """Say how a request ended."""
    message = {"nonce": nonce, "outcome": outcome, "detail": bounded(detail)}
    channel.send(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))
