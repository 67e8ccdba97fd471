"""The verbs: each one transaction, the clock read once."""

from assessments.services.answering import check, flag
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
from assessments.services.handing_in import hand_in, sweep
from assessments.services.marks import (
    Given,
    OutOfRubricError,
    StaleMarkError,
    last_mark,
    mark_text,
    standing_marks,
    take_back,
)
from assessments.services.people import (
    LastInstructorError,
    change_role,
    enrol_people,
    find_people,
    remove_person,
)
from assessments.services.queue import send_waiting
from assessments.services.recovery import recover
from assessments.services.regrades import NotNowError, let_count, regrade
from assessments.services.repeats import forget_repeats
from assessments.services.reviews import ReasonMissingError, review, standing_review, undo_review
from assessments.services.sittings import (
    NoSittingError,
    TooFewQuestionsError,
    ask_again,
    begin,
    reschedule,
)
from assessments.services.submissions import (
    SittingOverError,
    SourceTooLargeError,
    SubmittedBeforeError,
    TooManySubmissionsError,
    submit_code,
)
from assessments.services.workers import record_worker, workers_there

__all__ = [
    "ClosedCourseError",
    "Given",
    "LastInstructorError",
    "NoSittingError",
    "NotAnsweredHereError",
    "NotNowError",
    "OutOfRubricError",
    "Place",
    "ReasonMissingError",
    "SittingOverError",
    "SourceTooLargeError",
    "StaleMarkError",
    "SubmittedBeforeError",
    "TooFewQuestionsError",
    "TooManySubmissionsError",
    "WithdrawnError",
    "ask_again",
    "attempt_for",
    "begin",
    "change_role",
    "check",
    "enrol_people",
    "find_people",
    "flag",
    "forget_repeats",
    "hand_in",
    "join",
    "last_mark",
    "let_count",
    "mark_text",
    "place_of",
    "record_hand_on",
    "record_response",
    "record_stage",
    "record_verdict",
    "record_worker",
    "recover",
    "regrade",
    "remove_person",
    "reschedule",
    "review",
    "send_waiting",
    "standing_marks",
    "standing_review",
    "start_again",
    "submit_code",
    "sweep",
    "take_back",
    "undo_review",
    "workers_there",
]
