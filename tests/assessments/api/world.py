"""A closed course with its cast, and one thing of each kind that the API tells of: the owner's."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.models import Course, Enrolment, Scope, User
from assessments.services import attempt_for, enrol_people, hand_in, record_response
from assessments.services.sittings import begin
from assessments.services.tokens import make_token
from question_bank.models import Question
from tests.assessments.web import verdicts
from tests.cast.people import person
from tests.cast.sittings import assessment, save

ROLES = {"assistant": Enrolment.Role.ASSISTANT, "instructor": Enrolment.Role.INSTRUCTOR}
OF_COURSE = frozenset({"owner", "teammate", "assistant", "instructor"})
OUTSIDERS = frozenset({"other instructor", "stranger", "admin"})
#: Words that only those in the course may read.
SECRETS = ("A small course", "Sliding window", "Which cut", "Keys that one", "owner-of-it", "Exam")


@dataclass(frozen=True)
class World:
    """People by their part, and the values that stand in addresses and bodies, by name."""

    people: dict[str, User]
    things: dict[str, Any]


def made(course: Course, admin: User) -> World:
    """Return the world around a course that has just been loaded."""
    people = cast(course) | {"admin": admin}
    owner = people["owner"]
    code = attempt_for(owner, Question.objects.get(slug="sliding-window"))
    submission = verdicts.record(verdicts.submission(code), verdicts.passed())
    practised = attempt_for(owner, Question.objects.get(slug="which-cut"))
    response = record_response(practised, {"choice": "0"})
    exam = assessment(course, "keys-seen", title="Exam")
    sitting = begin(owner, exam)
    token, _text = make_token(owner, "owner-of-it", [Scope.COURSES_READ], 1)
    things = {
        "course": course.slug, "concept": "window", "question": "which-cut",
        "attempt": practised.pk, "code": code.pk, "submission": submission.pk,
        "response": response.pk, "assessment": exam.pk, "sitting": sitting.pk,
        "sat": sitting.attempts.get().pk, "token": token.pk, "seed": 5,
    }  # fmt: skip
    return World(people, things)


def cast(course: Course) -> dict[str, User]:
    """Return those in the course, and those who are not; the course is closed."""
    Course.objects.update(is_open=False)
    other = Course.objects.create(slug="other", title="Other", summary="Another.", is_open=False)
    people = {"stranger": person("stranger")}
    for name in sorted(OF_COURSE):
        people[name] = person("owner-of-it" if name == "owner" else name)
        enrol_people(course, [people[name]], ROLES.get(name, Enrolment.Role.LEARNER))
    people["other instructor"] = person("elsewhere")
    enrol_people(other, [people["other instructor"]], Enrolment.Role.INSTRUCTOR)
    return people


def handed_in_exam(course: Course, learner: User, **told: Any) -> Any:
    """Return a sitting of an exam with all kinds of the course, handed in, marks not released."""
    exam = assessment(course, "which-cut", "keys-seen", "sliding-window", slug="sealed", **told)
    sitting = begin(learner, exam)
    for attempt in sitting.attempts.select_related("question"):
        if attempt.question.slug == "which-cut":
            save(attempt, {"choice": "0"})
        if attempt.question.slug == "sliding-window":
            verdicts.record(verdicts.submission(attempt), verdicts.passed())
    return hand_in(sitting, now=timezone.now())
