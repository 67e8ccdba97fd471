"""People and what they did: enrolments, assessments, attempts, submissions, gradings."""

from assessments.models.assessments import Accommodation, Assessment, Sitting, Slot
from assessments.models.attempts import Attempt, Response, Submission
from assessments.models.gradings import Grading, HeldGrading, Lane, Review, Worker
from assessments.models.journal import Saved
from assessments.models.learning import Term, Vote
from assessments.models.marks import RubricMark, WaitingText, credited
from assessments.models.people import Course, CourseItem, Enrolment, User

__all__ = [
    "Accommodation",
    "Assessment",
    "Attempt",
    "Course",
    "CourseItem",
    "Enrolment",
    "Grading",
    "HeldGrading",
    "Lane",
    "Response",
    "Review",
    "RubricMark",
    "Saved",
    "Sitting",
    "Slot",
    "Submission",
    "Term",
    "User",
    "Vote",
    "WaitingText",
    "Worker",
    "credited",
]
