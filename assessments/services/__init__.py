"""The verbs: each one transaction, the clock read once."""

from assessments.services.attempts import (
    NotAnsweredHereError,
    WithdrawnError,
    attempt_for,
    record_response,
    start_again,
)
from assessments.services.courses import ClosedCourseError, join
from assessments.services.forecast import Place, place_of
from assessments.services.gradings import record_hand_on, record_stage, record_verdict
from assessments.services.journal import (
    late_entries,
    record_entries,
    record_posted,
    saved_answer,
    saved_answers,
    saved_state,
)
from assessments.services.queue import send_waiting
from assessments.services.recovery import recover
from assessments.services.regrades import NotNowError, let_count, regrade
from assessments.services.reviews import ReasonMissingError, review, standing_review, undo_review
from assessments.services.submissions import (
    SourceTooLargeError,
    SubmittedBeforeError,
    TooManySubmissionsError,
    submit_code,
)
from assessments.services.workers import record_worker, workers_there

__all__ = [
    "ClosedCourseError",
    "NotAnsweredHereError",
    "NotNowError",
    "Place",
    "ReasonMissingError",
    "SourceTooLargeError",
    "SubmittedBeforeError",
    "TooManySubmissionsError",
    "WithdrawnError",
    "attempt_for",
    "join",
    "late_entries",
    "let_count",
    "place_of",
    "record_entries",
    "record_hand_on",
    "record_posted",
    "record_response",
    "record_stage",
    "record_verdict",
    "record_worker",
    "recover",
    "regrade",
    "review",
    "saved_answer",
    "saved_answers",
    "saved_state",
    "send_waiting",
    "standing_review",
    "start_again",
    "submit_code",
    "undo_review",
    "workers_there",
]
