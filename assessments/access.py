"""Who may see and do what.

A learner sees their own attempts and what hangs on them. An assistant of a course sees and marks
what its learners did at its questions. An instructor does besides what decides for a course: its
contents and people, what is published and released, what is graded again, who is given more time.
A superuser may do everything in the admin, and sees every gradebook. To everybody else a thing does
not exist: views look it up in the sets below, and what is not in them is a 404, never a 403 that
would confirm it.
"""

from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from rules.permissions import add_perm
from rules.predicates import predicate

from assessments.models import (
    Accommodation,
    Assessment,
    Attempt,
    Course,
    Enrolment,
    Grading,
    HeldGrading,
    Response,
    RubricMark,
    Sitting,
    Submission,
    User,
    WaitingText,
)
from assessments.ready import Ready
from question_bank.models import Concept, Question

Person = User | AnonymousUser
Right = Literal["view", "write", "approve", "publish", "add_tag"]

_RIGHTS: dict[Right, str] = {
    "view": "question_bank.view_question",
    "write": "question_bank.write_question",
    "approve": "question_bank.approve_question",
    "publish": "question_bank.publish_question",
    "add_tag": "question_bank.add_tag",
}


def may(user: Person, *rights: Right) -> bool:
    """Whether a person has each of these rights in the question bank (``question_bank.roles``)."""
    return all(user.has_perm(_RIGHTS[right]) for right in rights)


def questions_worked_on(user: Person) -> QuerySet[Question]:
    """Return the bank's questions with drafts and keys: all of them, or none.

    They are open to whom the admin shows them, and to nobody else.
    """
    seen = user.is_staff and may(user, "view")
    return Question.objects.all() if seen else Question.objects.none()


def visible_courses(user: Person) -> QuerySet[Course]:
    """Return the courses that a person is in or may join."""
    if not user.is_authenticated:
        return Course.objects.none()
    return Course.objects.filter(Q(is_open=True) | Q(enrolments__user=user)).distinct()


def visible_concepts(user: Person) -> QuerySet[Concept]:
    """Return the concepts of the courses that a person sees."""
    return Concept.objects.filter(courses__in=visible_courses(user)).distinct()


def visible_questions(user: Person) -> QuerySet[Question]:
    """Return the questions of the courses that a person is in, as far as they are there."""
    if not user.is_authenticated:
        return Question.objects.none()
    return questions_there(user).filter(courses__enrolments__user=user).distinct()


def questions_there(user: User) -> QuerySet[Question]:
    """Return the questions that are live, and those at which the person has begun an attempt."""
    practised = Attempt.objects.practice().filter(learner=user, question=OuterRef("pk"))
    return Question.objects.filter(Q(live__isnull=False) | Exists(practised))


def visible_attempts(user: Person) -> QuerySet[Attempt]:
    """Return a person's own attempts and those of the learners they teach or assist.

    An author's trial of an exercise is nobody's work, and not among them.
    """
    if not user.is_authenticated:
        return Attempt.objects.none()
    seen = Q(learner=user) | Exists(_taught(user)) | Exists(_assisted(user))
    return Attempt.objects.exclude(purpose=Attempt.Purpose.TRIAL).filter(seen)


def visible_submissions(user: Person) -> QuerySet[Submission]:
    """Return the submissions of the attempts that a person sees."""
    return Submission.objects.filter(attempt__in=visible_attempts(user))


def readable_submissions(user: Person) -> QuerySet[Submission]:
    """Return the submissions whose page a person may open: those they see, and trials.

    Trials are their author's, and open to whoever may look at questions in the admin.
    """
    trials = Attempt.objects.filter(purpose=Attempt.Purpose.TRIAL)
    if not (user.is_staff and user.has_perm("question_bank.view_question")):
        trials = trials.filter(learner=user.pk)
    return Submission.objects.filter(Q(attempt__in=visible_attempts(user)) | Q(attempt__in=trials))


def visible_assessments(user: Person) -> QuerySet[Assessment]:
    """Return what is published in the courses that a person is in, and all where they teach."""
    if not user.is_authenticated:
        return Assessment.objects.none()
    published = Q(published_at__isnull=False, course__enrolments__user=user)
    return Assessment.objects.filter(published | Q(course__in=courses_taught(user))).distinct()


# Of the person nothing but the key decides what they see of these.
_VISIBLE_ASSESSMENT = Ready(
    lambda person, course, slug: (
        visible_assessments(User(pk=person))
        .filter(course__slug=course, slug=slug)
        .select_related("course")
    )
)


def visible_assessment(user: User, course: str, slug: str) -> Assessment | None:
    """Return the assessment that the two names mean, if the person sees it; with its course."""
    return _VISIBLE_ASSESSMENT.one(user.pk, course, slug)


_OWN_SITTING = Ready(
    lambda learner, key: Sitting.objects.filter(learner=learner, pk=key).select_related(
        "assessment__course"
    )
)


def own_sitting(user: User, key: int) -> Sitting | None:
    """Return the sitting with a key, if it is the person's own; with assessment and course."""
    return _OWN_SITTING.one(user.pk, key)


_OWN_ATTEMPT = Ready(
    lambda learner, key: Attempt.objects.filter(learner=learner, pk=key).only("pk", "sitting")
)


def own_attempt(user: User, key: int) -> Attempt | None:
    """Return the attempt with a key, if it is the person's own; of what it holds, its sitting."""
    return _OWN_ATTEMPT.one(user.pk, key)


def visible_sittings(user: Person) -> QuerySet[Sitting]:
    """Return a person's own sittings, and those in the courses that they teach."""
    if not user.is_authenticated:
        return Sitting.objects.none()
    taught = Q(assessment__course__in=markable_courses(user))
    return Sitting.objects.filter(Q(learner=user) | taught)


def _taught(user: User) -> QuerySet[Enrolment]:
    """Return, for an outer attempt, its learner's enrolments in courses that ``user`` teaches."""
    return Enrolment.objects.filter(
        user=OuterRef("learner"),
        course__items__question=OuterRef("question"),
        course__in=courses_taught(user),
    )


def _assisted(user: User) -> QuerySet[Enrolment]:
    """Return the same for courses that ``user`` assists; of those who teach they see nothing."""
    return Enrolment.objects.filter(
        user=OuterRef("learner"),
        role=Enrolment.Role.LEARNER,
        course__items__question=OuterRef("question"),
        course__in=_courses_as(user, Enrolment.Role.ASSISTANT),
    )


def courses_taught(user: Person) -> QuerySet[Course]:
    """Return the courses that a person is an instructor of."""
    return _courses_as(user, Enrolment.Role.INSTRUCTOR)


def courses_marked(user: Person) -> QuerySet[Course]:
    """Return the courses whose learners' work a person sees and marks."""
    return _courses_as(user, Enrolment.Role.INSTRUCTOR, Enrolment.Role.ASSISTANT)


def _courses_as(user: Person, *roles: Enrolment.Role) -> QuerySet[Course]:
    if not user.is_authenticated:
        return Course.objects.none()
    own = Enrolment.objects.filter(user=user, role__in=roles)
    return Course.objects.filter(pk__in=own.values("course"))


def reviewable_gradings(user: Person) -> QuerySet[HeldGrading]:
    """Return the held gradings that a person may decide about: those of the learners they teach.

    A superuser may decide about all; nobody about their own. In a trial nobody is judged, so that
    there is nothing to decide: what is held there is no verdict.
    """
    held = HeldGrading.objects.exclude(held="")
    held = held.exclude(submission__attempt__purpose=Attempt.Purpose.TRIAL)
    if not user.is_authenticated:
        return held.none()
    if not user.is_superuser:
        taught = Attempt.objects.filter(Exists(_taught(user)))
        held = held.filter(submission__attempt__in=taught)
    return held.exclude(submission__attempt__learner=user)


def regradable_submissions(user: Person) -> QuerySet[Submission]:
    """Return the submissions that a person may have graded again: those of whom they teach.

    A trial is repeated as a whole, on the page of its question.
    """
    if not user.is_authenticated:
        return Submission.objects.none()
    theirs = Submission.objects.exclude(attempt__purpose=Attempt.Purpose.TRIAL)
    if user.is_superuser:
        return theirs
    return theirs.filter(attempt__in=Attempt.objects.filter(Exists(_taught(user))))


def courses_run(user: Person) -> QuerySet[Course]:
    """Return the courses whose people a person decides about: a superuser about all."""
    return Course.objects.all() if user.is_superuser else courses_taught(user)


def people_taught(user: Person) -> QuerySet[User]:
    """Return who is in the courses that a person teaches; all accounts for a superuser alone."""
    if user.is_superuser:
        return User.objects.all()
    within = Enrolment.objects.filter(user=OuterRef("pk"), course__in=courses_taught(user))
    return User.objects.filter(Exists(within))


def accommodations_seen(user: Person) -> QuerySet[Accommodation]:
    """Return the accommodations in the courses that a person teaches; assistants see none."""
    return Accommodation.objects.filter(course__in=courses_run(user))


def assessments_staffed(user: Person) -> QuerySet[Assessment]:
    """Return all assessments, unpublished ones too, of the courses that a person works in."""
    return Assessment.objects.filter(course__in=markable_courses(user))


def markable_courses(user: Person) -> QuerySet[Course]:
    """Return the courses whose gradebook a person sees and whose texts they mark in the admin.

    A superuser does so in all.
    """
    return Course.objects.all() if user.is_superuser else courses_marked(user)


def markable_texts(user: Person) -> QuerySet[WaitingText]:
    """Return the responses that a person may mark: of learners in a course they mark, never own.

    They are the last answer of each attempt and whatever has been marked; from a sitting once it
    is handed in.
    """
    texts = WaitingText.objects.filter(waits__gt=0)
    if not user.is_authenticated:
        return texts.none()
    learns = Enrolment.objects.filter(
        user=OuterRef("attempt__learner"),
        role=Enrolment.Role.LEARNER,
        course__in=markable_courses(user),
    )
    practised = Q(attempt__purpose=Attempt.Purpose.PRACTICE) & Exists(
        learns.filter(course__items__question=OuterRef("attempt__question"))
    )
    sat = Q(attempt__sitting__is_test=False, attempt__sitting__handed_in_at__isnull=False) & Exists(
        learns.filter(course=OuterRef("attempt__sitting__assessment__course"))
    )
    later = Response.objects.filter(attempt=OuterRef("attempt"), number__gt=OuterRef("number"))
    marked = RubricMark.objects.filter(response=OuterRef("pk"))
    return texts.filter(practised | sat, ~Exists(later) | Exists(marked)).exclude(
        attempt__learner=user
    )


def may_review(user: Person, grading: Grading | None) -> bool:
    """Whether the person may decide about a held grading."""
    return grading is not None and reviewable_gradings(user).filter(pk=grading.pk).exists()


def may_regrade(user: Person, submission: Submission | None) -> bool:
    """Whether the person may have the submission graded again, and choose what counts."""
    return submission is not None and regradable_submissions(user).filter(pk=submission.pk).exists()


def is_own(user: Person, attempt: Attempt | None) -> bool:
    """Whether the attempt is the person's own."""
    return attempt is not None and attempt.learner_id == user.pk


def sees(user: Person, attempt: Attempt | None) -> bool:
    """Whether the person sees the attempt."""
    return attempt is not None and visible_attempts(user).filter(pk=attempt.pk).exists()


def teaches(user: Person, course: Course | None) -> bool:
    """Whether the person is an instructor of the course."""
    return course is not None and courses_taught(user).filter(pk=course.pk).exists()


def marks_course(user: Person, course: Course | None) -> bool:
    """Whether the person sees and marks what the course's learners do."""
    return course is not None and markable_courses(user).filter(pk=course.pk).exists()


for name, holds in {
    "assessments.view_attempt": sees,
    "assessments.answer_attempt": is_own,
    "assessments.teach_course": teaches,
    "assessments.mark_course": marks_course,
    "assessments.review_grading": may_review,
    "assessments.regrade_submission": may_regrade,
}.items():
    add_perm(name, predicate(holds))  # type: ignore[no-untyped-call] # rules is half typed
