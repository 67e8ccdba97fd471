"""People and what they did: enrolments, assessments, attempts, submissions, gradings."""

from assessments.models.assessments import Accommodation, Assessment, Sitting, Slot
from assessments.models.attempts import Attempt, Response, Submission
from assessments.models.gradings import Grading, HeldGrading, Lane, Review, Worker
from assessments.models.journal import Saved
from assessments.models.learning import Term, Vote
from assessments.models.marks import RubricMark, WaitingText, credit, credited
from assessments.models.people import Course, CourseItem, Enrolment, User
from assessments.models.tokens import Repeatable, Scope, Token

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
    "Repeatable",
    "Response",
    "Review",
    "RubricMark",
    "Saved",
    "Scope",
    "Sitting",
    "Slot",
    "Submission",
    "Term",
    "Token",
    "User",
    "Vote",
    "WaitingText",
    "Worker",
    "credit",
    "credited",
]
