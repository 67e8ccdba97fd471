"""The ids by which one grep tells a submission's story from the logs of every machine.

Request, submission and job are named in each line that is logged while they are worked on, and
travel beside messages, in their headers. They are there to be read: the contract does not know
them, and nothing is ever decided by them.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from structlog import contextvars

REQUEST_HEADER = "X-Request-ID"

NAMES = ("request_id", "submission", "job")
_PREFIX = "sparring_"
# Whoever may send an id must not be able to write lines of a log with it, or fill a disk.
_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")


def accepted(given: object) -> str:
    """Return an id as it was given, or an empty text where it is none."""
    return given if isinstance(given, str) and _FORM.fullmatch(given) else ""


def new_request(given: object = None) -> str:
    """Forget what was worked on before and begin a request; return its id, the given one if it is
    one.
    """
    contextvars.clear_contextvars()
    chosen = accepted(given) or uuid.uuid4().hex
    contextvars.bind_contextvars(request_id=chosen)
    return chosen


def present_request() -> str:
    """Return the id of the request that is worked on; empty outside one."""
    return named().get("request_id", "")


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Name these ids, and no others, for as long as it lasts; empty ones are left out."""
    told = {name: str(value) for name, value in ids.items() if value}
    outer = contextvars.get_contextvars()
    rest = {name: outer[name] for name in outer if name not in NAMES}
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(**rest, **told)
    try:
        yield
    finally:
        contextvars.clear_contextvars()
        contextvars.bind_contextvars(**outer)


def name(**ids: object) -> None:
    """Name these ids from now on, instead of what was named before."""
    contextvars.unbind_contextvars(*NAMES)
    contextvars.bind_contextvars(**{key: str(value) for key, value in ids.items() if value})


def named() -> dict[str, str]:
    """Return the ids of what is worked on."""
    present = contextvars.get_contextvars()
    return {each: value for each in NAMES if (value := accepted(present.get(each)))}


def headers() -> dict[str, str]:
    """Return the ids of what is worked on as a message's headers."""
    return {_PREFIX + each: value for each, value in named().items()}


def begin_task(task: str, sent: Mapping[str, object]) -> None:
    """Begin a task with the ids in its message's headers; what is no id is left out."""
    contextvars.clear_contextvars()
    told = {each: value for each in NAMES if (value := accepted(sent.get(_PREFIX + each)))}
    contextvars.bind_contextvars(task=task, **told)


def forget() -> None:
    """Forget what was worked on."""
    contextvars.clear_contextvars()
