"""What a learner's answers say about what they know; reads only, and no mark comes of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from assessments.analytics.mastery import Answer, Mastery, mastery
from assessments.analytics.recall import Answered, Recall, recall
from assessments.models import Assessment, Attempt, Course, Response, User, credited
from question_bank.models import Question, QuestionVersion, Tested
from question_bank.variants import read_content

_MIDDLE = 3
_ECHO = timedelta(days=1)
_FACTS = ("question", "version__digest", "question__kind", "question__difficulty")
_CHANCES: dict[str, float] = {}
_RECALLED = {
    Question.Kind.CHOICE,
    Question.Kind.MULTI,
    Question.Kind.MATCHING,
    Question.Kind.NUMERIC,
    Question.Kind.ORDERING,
    Question.Kind.SHORT,
}


@dataclass(frozen=True)
class Observation:
    """What the first answer of an attempt earned: what follows has seen the feedback.

    A text speaks once a person has marked it, by the mark that stands.

    ``content`` is the digest of the version that was answered.
    """

    question: int
    content: str
    kind: str
    difficulty: int | None
    at: datetime
    share: float


def mastery_by_concept(learner: User, course: Course) -> dict[int, Mastery]:
    """Return the mastery of each concept of a course that any answer speaks of, by primary key."""
    seen = _without_echoes(observations(learner, course))
    tested = defaultdict(list)
    rows = Tested.objects.filter(question__courses=course, concept__courses=course).order_by()
    for question, concept in rows.values_list("question", "concept").distinct():
        tested[question].append(concept)
    chances = _chances({each.content for each in seen})
    answers: dict[int, list[Answer]] = defaultdict(list)
    for each in seen:
        answer = Answer(each.share, each.difficulty or _MIDDLE, chances[each.content])
        for concept in tested[each.question]:
            answers[concept].append(answer)
    return {concept: mastery(given) for concept, given in answers.items()}


def recalls(learner: User, course: Course, now: datetime) -> dict[int, Recall]:
    """Return when each answered question is worth asking again, by its primary key.

    Code, essays, designs and cases are left out: they take longer than remembering does.
    """
    by_question: dict[int, list[Answered]] = defaultdict(list)
    for each in observations(learner, course):
        if each.kind in _RECALLED:
            by_question[each.question].append(Answered(each.at, each.share))
    found = {question: recall(answers, now) for question, answers in by_question.items()}
    return {question: when for question, when in found.items() if when is not None}


def observations(learner: User, course: Course) -> list[Observation]:
    """Return what each attempt whose feedback the learner may see says, oldest first."""
    attempts = Attempt.objects.filter(_told(), learner=learner, question__courses=course)
    return sorted(
        [*_answered(attempts), *_graded(attempts)], key=lambda each: (each.at, each.question)
    )


def _told() -> Q:
    """Attempts whose marks hide nothing from their learner any more.

    Of sittings these are the handed-in ones whose feedback waits for nobody, or was released.
    """
    asked = Assessment.Feedback
    shown = Q(sitting__assessment__feedback__in=[asked.AT_ONCE, asked.HANDED_IN])
    released = Q(sitting__assessment__released_at__isnull=False)
    sat = Q(sitting__handed_in_at__isnull=False, sitting__is_test=False)
    return Q(purpose=Attempt.Purpose.PRACTICE) | (sat & (shown | released))


def _answered(attempts: QuerySet[Attempt]) -> Iterator[Observation]:
    """Yield one observation an attempt: what its first answer is worth, once nothing waits."""
    first = credited(Response.objects.filter(attempt__in=attempts, number=1)).filter(waiting=0)
    facts = [f"attempt__{name}" for name in _FACTS]
    rows = first.values_list(*facts, "created_at", "earned").order_by()
    for question, content, kind, difficulty, at, share in rows:
        yield Observation(question, content, kind, difficulty, at, float(share))


def _graded(attempts: QuerySet[Attempt]) -> Iterator[Observation]:
    """Yield one observation an attempt at code: whether any submission has passed so far."""
    decided = attempts.filter(
        submissions__gradings__counts=True, submissions__gradings__passed__isnull=False
    ).annotate(
        at=Max("submissions__submitted_at"),
        passes=Count("pk", filter=Q(submissions__gradings__passed=True)),
    )
    rows = decided.values_list(*_FACTS, "at", "passes").order_by()
    for question, content, kind, difficulty, at, passes in rows:
        yield Observation(question, content, kind, difficulty, at, float(passes > 0))


def _without_echoes(seen: Iterable[Observation]) -> list[Observation]:
    """Leave out answers to what was answered a day ago or less: they repeat what was just read.

    Numbers are drawn anew each time, and have to be worked out again.
    """
    last: dict[int, datetime] = {}
    kept = []
    for each in seen:
        echo = each.question in last and each.at - last[each.question] < _ECHO
        if echo and each.kind != Question.Kind.NUMERIC:
            continue
        last[each.question] = each.at
        kept.append(each)
    return kept


def _chances(digests: Collection[str]) -> Mapping[str, float]:
    """Return what guessing earns at each content; what has a digest never changes."""
    unknown = [digest for digest in digests if digest not in _CHANCES]
    rows = QuestionVersion.objects.filter(digest__in=unknown) if unknown else ()
    for version in rows:
        _CHANCES[version.digest] = float(read_content(version.content).chance())
    return _CHANCES


def due(found: Mapping[int, Recall], now: datetime | None = None) -> list[int]:
    """Return the questions that are worth asking again now, the least likely known first."""
    now = now or timezone.now()
    ready = [(when.likely, question) for question, when in found.items() if when.due_at <= now]
    return [question for _, question in sorted(ready)]
