"""Sittings begin once, on the terms that hold for their learner, with questions drawn fairly."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.models import Accommodation, Assessment, Attempt, Course, Sitting, User
from assessments.services import NoSittingError, TooFewQuestionsError, begin, hand_in, reschedule
from assessments.timing import Refusal
from question_bank.models import Concept, Question, Tag
from question_bank.variants import DEPLOYED
from tests.cast.questions import published
from tests.cast.sittings import asks, assessment, practice
from tests.question_bank.test_case import CHOICE

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen", "sliding-window", sittings_allowed=2)


def accommodate(learner: User, exam: Assessment, **told: object) -> Accommodation:
    usual = {"learner": learner, "course": exam.course, "given_by": learner}
    return Accommodation.objects.create(**(usual | told), given_at=timezone.now())


def slugs(sitting: Sitting) -> list[str]:
    return list(sitting.attempts.order_by("place").values_list("question__slug", flat=True))


def test_questions_stand_in_the_order_of_their_places_and_are_pinned(
    learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    attempts = list(sitting.attempts.order_by("place").select_related("question"))
    assert [attempt.question.slug for attempt in attempts] == [
        "which-cut", "keys-seen", "sliding-window",
    ]  # fmt: skip
    assert all(attempt.version_id == attempt.question.live_id for attempt in attempts)
    assert all(attempt.seed in DEPLOYED and attempt.points == 1 for attempt in attempts)
    assert [bool(attempt.grader_digest) for attempt in attempts] == [False, False, True]


def test_two_pages_begin_one_sitting(learner: User, exam: Assessment) -> None:
    assert begin(learner, exam) == begin(learner, exam)


def test_a_sitting_is_due_after_its_time_and_takes_answers_a_little_longer(
    learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    assert sitting.due_at == sitting.started_at + HOUR
    assert sitting.grace_until == sitting.due_at + timedelta(seconds=60)


def test_a_sitting_whose_time_is_over_makes_room_for_the_next(
    learner: User, exam: Assessment
) -> None:
    first = begin(learner, exam)
    second = begin(learner, exam, now=first.started_at + 2 * HOUR)
    first.refresh_from_db()
    assert (first.by_clock, first.handed_in_at) == (True, first.grace_until)
    assert second.number == 2


def test_there_are_as_many_sittings_as_are_allowed(learner: User, exam: Assessment) -> None:
    for _ in range(2):
        hand_in(begin(learner, exam))
    with pytest.raises(NoSittingError) as refused:
        begin(learner, exam)
    assert refused.value.refusal is Refusal.NONE_LEFT
    accommodate(learner, exam, extra_sittings=1)
    assert begin(learner, exam).number == 3


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"opens_at": HOUR, "closes_at": 3 * HOUR}, Refusal.NOT_OPEN_YET),
        ({"opens_at": -3 * HOUR, "closes_at": -HOUR}, Refusal.CLOSED),
    ],
)
def test_outside_of_its_window_nothing_begins(
    learner: User, exam: Assessment, told: dict[str, timedelta], refusal: Refusal
) -> None:
    for name, delay in told.items():
        setattr(exam, name, timezone.now() + delay)
    with pytest.raises(NoSittingError) as refused:
        begin(learner, exam)
    assert refused.value.refusal is refusal
    assert not Sitting.objects.exists()


def test_one_accommodation_for_the_assessment_goes_before_that_for_the_course(
    learner: User, teammate: User, exam: Assessment
) -> None:
    accommodate(learner, exam, factor=Decimal(3))
    accommodate(learner, exam, factor=Decimal("1.5"), assessment=exam)
    accommodate(teammate, exam, factor=Decimal(2))
    mine, theirs = begin(learner, exam), begin(teammate, exam)
    assert mine.due_at == mine.started_at + 1.5 * HOUR
    assert mine.grace_until == mine.due_at + timedelta(seconds=90)
    assert theirs.due_at == theirs.started_at + 2 * HOUR


def test_a_test_sitting_needs_no_window_and_counts_nowhere(
    instructor: User, exam: Assessment
) -> None:
    exam.closes_at, exam.published_at = timezone.now(), None
    for _ in range(3):
        sitting = hand_in(begin(instructor, exam, test=True))
    assert (sitting.is_test, sitting.number) == (True, 3)
    assert not Attempt.objects.by_learners().exists()


def test_pools_draw_what_fits_and_nothing_twice(learner: User, course: Course) -> None:
    for number in range(6):
        published(course, f"extra-{number}", CHOICE | {"title": f"Extra {number}"})
    Question.objects.filter(slug="extra-0").update(difficulty=5)
    Question.objects.filter(slug__startswith="extra", difficulty__lt=5).update(difficulty=4)
    exam = assessment(course)
    asks(exam, kind="choice", easiest=4, hardest=4, draws=4)
    asks(exam, "extra-1")
    for _ in range(10):
        drawn = slugs(hand_in(begin(learner, exam)))
        assert drawn[4] == "extra-1"
        assert set(drawn[:4]) == {"extra-2", "extra-3", "extra-4", "extra-5"}


def test_pools_go_by_concept_and_by_tag(learner: User, course: Course) -> None:
    question = Question.objects.get(slug="keys-seen")
    question.tags.add(Tag.objects.create(name="warm"))
    exam = assessment(course)
    asks(exam, tag=Tag.objects.get(name="warm"))
    asks(exam, concept=Concept.objects.get(slug="window"), kind="code")
    assert slugs(begin(learner, exam)) == ["keys-seen", "sliding-window"]


def test_a_pool_that_is_too_small_is_told_by_its_place(learner: User, course: Course) -> None:
    exam = assessment(course, "which-cut")
    asks(exam, kind="choice", draws=2)
    with pytest.raises(TooFewQuestionsError, match="Place 2"):
        begin(learner, exam)
    assert not Sitting.objects.exists()


def test_a_withdrawn_question_is_told_by_its_place(learner: User, exam: Assessment) -> None:
    Question.objects.filter(slug="keys-seen").update(live=None)
    with pytest.raises(TooFewQuestionsError, match="Place 2: its question is withdrawn"):
        begin(learner, exam)


def test_without_any_question_nothing_begins(learner: User, course: Course) -> None:
    with pytest.raises(TooFewQuestionsError):
        begin(learner, assessment(course))


def test_shuffled_questions_come_in_many_orders(learner: User, course: Course) -> None:
    exam = assessment(course, "which-cut", "keys-seen", "sliding-window", shuffles=True)
    orders = {tuple(slugs(hand_in(begin(learner, exam)))) for _ in range(25)}
    assert len(orders) > 2


def test_values_come_again_only_once_all_have_come(learner: User, course: Course) -> None:
    warm_up = practice(course, "keys-seen")
    seeds = []
    for _ in range(len(DEPLOYED) + 1):
        seeds.append(begin(learner, warm_up).attempts.get().seed)
        hand_in(Sitting.objects.get(handed_in_at=None))
    assert sorted(seeds[:-1]) == list(DEPLOYED)


def test_more_minutes_move_the_end_of_open_sittings_only(
    learner: User, teammate: User, exam: Assessment
) -> None:
    done = hand_in(begin(teammate, exam))
    going = begin(learner, exam)
    exam.minutes = 90
    exam.save()
    assert reschedule(exam) == 1
    going.refresh_from_db()
    due = done.due_at
    done.refresh_from_db()
    assert going.due_at == going.started_at + 1.5 * HOUR
    assert done.due_at == due


def test_an_accommodation_moves_the_end_when_given_and_when_taken_away(
    learner: User, teammate: User, exam: Assessment
) -> None:
    mine, theirs = begin(learner, exam), begin(teammate, exam)
    given = accommodate(learner, exam, factor=Decimal(2))
    assert reschedule(given) == 1
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.due_at == mine.started_at + 2 * HOUR
    assert theirs.due_at == theirs.started_at + HOUR
    given.delete()
    assert reschedule(given) == 1
    mine.refresh_from_db()
    assert mine.due_at == mine.started_at + HOUR
    assert reschedule(given) == 0


def test_a_sitting_begins_in_few_queries_however_many_questions(
    learner: User, course: Course, django_assert_max_num_queries: object
) -> None:
    names = [f"extra-{number}" for number in range(10)]
    for name in names:
        published(course, name, CHOICE | {"title": name})
    exam = assessment(course)
    asks(exam, kind="choice", draws=10)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        begin(learner, exam)
