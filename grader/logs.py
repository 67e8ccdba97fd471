"""One line an event on standard error, on the web side as on a grading machine.

JSON for machines, readable text for a terminal. What strangers send cannot break a line or fill a
disk, and what learners write, tokens and passwords stay out: values under names that sound like
these are not written, and of a text that is not ours (another library's event, the message of an
exception) the first line only, shortened. A database tells the row that it refuses in the second.
"""

import json
import logging
import logging.config
import os
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from celery import signals
from structlog.types import EventDict, Processor, WrappedLogger

from grader import trace

LEVEL_VARIABLE, FORMAT_VARIABLE = "SPARRING_LOG_LEVEL", "SPARRING_LOG_FORMAT"
FORMATS = ("json", "text")

# The least level of loggers that say nothing else of use, or say what learners write: Celery tells
# arguments, Django statements and paths. What they are silent about is logged here instead.
_QUIET = {
    "axes": "WARNING",
    "celery": "INFO",
    "celery.app.trace": "CRITICAL",
    "celery.worker.strategy": "WARNING",
    "django.db.backends": "WARNING",
    "django.request": "CRITICAL",
    "django.security.csrf": "ERROR",
    "kombu": "WARNING",
}
_NEVER = {
    *("answer", "authorization", "body", "code", "cookie", "password", "payload", "secret"),
    *("session", "source", "text", "token"),
}
_LONGEST, _LONGEST_EXCEPTION, _MOST_LINKS = 300, 8_000, 4

log = structlog.get_logger(__name__)


def chosen_format(asked: str) -> str:
    """Return the format that is asked for; where none is, text for a terminal and else JSON.

    Raises ValueError for what is no format.
    """
    asked = asked or ("text" if sys.stderr.isatty() else "json")
    if asked not in FORMATS:
        raise ValueError(f"{FORMAT_VARIABLE} is one of {', '.join(FORMATS)}, not {asked!r}")
    return asked


def settings(level: str, form: str) -> dict[str, Any]:
    """Return a configuration for ``logging.config``, at ``level``, in one of ``FORMATS``."""
    render = as_json if form == "json" else as_text
    first: list[Processor] = [structlog.stdlib.add_logger_name, structlog.stdlib.add_log_level]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _with_time,
        _with_exception,
        bounded,
        render,
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.contextvars.merge_contextvars, *first, _first_line],
        "processors": last,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": least} for name, least in _QUIET.items()},
    }


def configure() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure_worker(**_: object) -> None:
    """Log as the environment says, Python's warnings too; Celery then leaves logging alone."""
    logging.captureWarnings(True)
    level = (os.environ.get(LEVEL_VARIABLE) or "INFO").upper()
    logging.config.dictConfig(settings(level, chosen_format(os.environ.get(FORMAT_VARIABLE, ""))))
    configure()


def follow_tasks() -> None:
    """Have every task of this process begin with the ids of its message, and tell of failures."""
    for start in (signals.celeryd_init, signals.beat_init, signals.setup_logging):
        start.connect(configure_worker, weak=False)
    signals.task_prerun.connect(_begin, weak=False)
    signals.task_postrun.connect(_end, weak=False)
    signals.task_failure.connect(_failed, weak=False)
    signals.task_retry.connect(_retried, weak=False)


def _begin(task: Any, **_: Any) -> None:
    sent = task.request.headers
    trace.begin_task(task.name, sent if isinstance(sent, Mapping) else {})


def _end(**_: Any) -> None:
    trace.forget()


def _failed(exception: BaseException, **_: Any) -> None:
    log.error("task_failed", exc_info=exception)


def _retried(reason: Any, **_: Any) -> None:
    log.warning("task_retried", why=type(getattr(reason, "exc", None) or reason).__name__)


def bounded(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Shorten what is long and leave out what is nobody's business."""
    return {name: _value(name, value) for name, value in event.items()}


def _value(name: str, value: object) -> object:
    if name.lower() in _NEVER:
        return "(not logged)"
    if value is None or isinstance(value, bool | int | float):
        return value
    return _shortened(str(value), _LONGEST_EXCEPTION if name == "exception" else _LONGEST)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def _with_time(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")(_, __, event)


def _first_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["event"] = str(event["event"]).strip().partition("\n")[0]
    return event


def _with_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its types, its frames and the first line of its messages."""
    given = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if given is True else given
    fault = fault[1] if isinstance(fault, tuple) else fault
    if isinstance(fault, BaseException):
        event["exception"] = _told(fault)
    return event


def _told(fault: BaseException) -> str:
    links: list[str] = []
    link: BaseException | None = fault
    while link is not None and len(links) < _MOST_LINKS:
        message = _shortened(str(link).strip().partition("\n")[0], _LONGEST)
        links.append(
            f"{type(link).__name__}: {message}\n{''.join(traceback.format_tb(link.__traceback__))}"
        )
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "because of ".join(links)


def _ordered(event: EventDict) -> dict[str, object]:
    head = ("time", "level", "event", *trace.NAMES)
    order = (*head, *sorted(event.keys() - set(head)))
    return {name: event[name] for name in order if event.get(name, "") != ""}


def as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Return an event as one line of JSON in ASCII."""
    return json.dumps(_ordered(event))


def as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Return an event as one line for a person, below which an exception has its own lines."""
    told = _ordered(event)
    exception = told.pop("exception", "")
    head = (str(told.pop("time"))[11:19], f"{told.pop('level', ''):<8}", told.pop("event", ""))
    told.pop("logger", None)
    facts = (f"{name}={json.dumps(value)}" for name, value in told.items())
    lines = [_printable(" ".join([*map(str, head), *facts]))]
    lines += [f"    {_printable(line)}" for line in str(exception).splitlines()]
    return "\n".join(lines)


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in line)
