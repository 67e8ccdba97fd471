"""The verbs: each one transaction, the clock read once."""

from assessments.services.attempts import (
    NotAnsweredHereError,
    attempt_for,
    record_response,
    start_again,
)
from assessments.services.courses import ClosedCourseError, join
from assessments.services.gradings import queue_position, record_stage, record_verdict
from assessments.services.recovery import recover
from assessments.services.submissions import (
    SourceTooLargeError,
    TooManySubmissionsError,
    submit_code,
)

__all__ = [
    "ClosedCourseError",
    "NotAnsweredHereError",
    "SourceTooLargeError",
    "TooManySubmissionsError",
    "attempt_for",
    "join",
    "queue_position",
    "record_response",
    "record_stage",
    "record_verdict",
    "recover",
    "start_again",
    "submit_code",
]
