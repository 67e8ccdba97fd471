"""Results are added up from rows: exactly, as a range where something waits, by the right rule."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessments.models import (
    Assessment,
    Course,
    Grading,
    RubricMark,
    Sitting,
    User,
)
from assessments.scoring import Score
from assessments.services.gradebook import Result, result_of, results, sittings_of
from assessments.services.results import credits_of, score_with
from assessments.services.tallies import EMPTY, QuestionTally, Tally, by_question, tallies
from tests.cast.courses import loaded
from tests.cast.people import person
from tests.cast.results import Sat, answered, marked, submitted
from tests.conftest import COURSE_FOLDER

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def exam(course: Course) -> Assessment:
    return Assessment.objects.create(
        course=course, slug="exam", title="Exam", kind="exam", published_at=timezone.now()
    )


def tally(sat: Sat) -> Tally:
    return tallies(Sitting.objects.all())[sat.row.pk]


def test_points_are_added_up(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    sat.answers("which-cut", 2, "1")
    sat.answers("keys-seen", D("1.5"), "0.3333")
    assert tally(sat) == Tally(Score(D("2.49995"), D("2.49995"), D("3.5")))


def test_what_was_not_answered_earns_nothing(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    sat.asks("which-cut", 2)
    sat.asks("sliding-window", 3)
    assert tally(sat) == Tally(Score(D(0), D(0), D(5)))


def test_what_waits_for_a_person_makes_a_range(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    response = sat.answers("which-cut", 4, "0.25", "0.5")
    assert tally(sat) == Tally(Score(D(1), D(3), D(4)), waiting=1)
    marked(response, "0.75")
    assert tally(sat) == Tally(Score(D("2.5"), D("2.5"), D(4)))


def test_a_mark_that_was_taken_back_makes_a_range_again(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    first = marked(sat.answers("which-cut", 4, "0", "1"), "1")
    RubricMark.objects.create(
        response=first.response,
        marker=first.marker,
        role=first.role,
        marked_at=first.marked_at,
        given=[],
        fraction=None,
        supersedes=first,
        reason="Not this one.",
    )
    assert tally(sat) == Tally(Score(D(0), D(4), D(4)), waiting=1)


def test_the_last_answer_counts(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    first = sat.answers("which-cut", 2, "1")
    answered(first.attempt, 2, "0.5")
    assert tally(sat).score.least == 1


def test_the_last_submissions_verdict_counts(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    attempt = sat.asks("sliding-window", 3)
    submitted(attempt, 1, passed=True)
    assert tally(sat) == Tally(Score(D(3), D(3), D(3)))
    submitted(attempt, 2, passed=False)
    assert tally(sat) == Tally(Score(D(0), D(0), D(3)))


def test_a_regrade_counts_once_it_is_the_one_that_counts(learner: User, exam: Assessment) -> None:
    sat = Sat(learner, exam)
    first = submitted(sat.asks("sliding-window", 3), 1, passed=False)
    later = Grading.objects.create(
        submission=first.submission,
        device="cpu",
        state="done",
        passed=True,
        counts=False,
        lease_until=first.lease_until,
        created_at=first.created_at,
    )
    assert tally(sat).score.most == 0
    Grading.objects.filter(pk=first.pk).update(counts=False)
    Grading.objects.filter(pk=later.pk).update(counts=True)
    assert tally(sat).score.least == 3


@pytest.mark.parametrize(
    ("told", "waiting", "judging"),
    [
        ({"state": "queued"}, 0, 1),
        ({"failure": "unavailable"}, 0, 1),
        ({"held": "Very fast."}, 1, 0),
    ],
)
def test_code_that_is_not_decided_makes_a_range(
    learner: User, exam: Assessment, told: dict[str, object], waiting: int, judging: int
) -> None:
    sat = Sat(learner, exam)
    sat.answers("which-cut", 1, "1")
    submitted(sat.asks("sliding-window", 3), 1, **told)
    assert tally(sat) == Tally(Score(D(1), D(4), D(4)), waiting, judging)


def of(least: str, most: str, whole: str = "10", waiting: int = 0) -> Tally:
    return Tally(Score(D(least), D(most), D(whole)), waiting)


def counted(rule: str, *found: Tally, open_ones: int = 0) -> Result:
    """Return the result of sittings that came to these tallies."""
    now = timezone.now()
    over = [Sitting(pk=place, number=place, handed_in_at=now) for place, _ in enumerate(found)]
    on = [Sitting(pk=-1 - place) for place in range(open_ones)]
    return result_of([*over, *on], dict(enumerate(found)), rule)


@pytest.mark.parametrize(("rule", "place"), [("best", 1), ("last", 2), ("first", 0)])
def test_the_assessment_says_which_sitting_counts(rule: str, place: int) -> None:
    found = [of("4", "4"), of("8", "8"), of("6", "6")]
    result = counted(rule, *found)
    assert (result.sitting, result.tally, result.taken) == (
        Sitting(pk=place),
        found[place],
        3,
    )


def test_of_equally_good_sittings_the_first_counts() -> None:
    result = counted("best", of("8", "8"), of("8", "8"))
    assert result.sitting is not None
    assert result.sitting.pk == 0


def test_the_best_may_still_be_overtaken_by_what_waits() -> None:
    result = counted("best", of("8", "8"), of("5", "9.5", waiting=2), of("1", "3", waiting=1))
    assert result.sitting is not None
    assert result.sitting.pk == 0
    assert result.tally == of("8", "9.5", waiting=2)


def test_sittings_of_other_points_are_compared_by_their_share() -> None:
    result = counted("best", of("8", "8", "10"), of("9", "9", "20"))
    assert result.tally.score == Score(D(8), D(8), D(10))


def test_without_a_sitting_that_is_handed_in_there_is_no_result_yet() -> None:
    assert counted("best", open_ones=1) == Result(None, EMPTY, 0, going_on=True)


def test_another_sitting_that_goes_on_is_said() -> None:
    assert counted("last", of("1", "1"), open_ones=1).going_on


scores = st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000)).map(
    lambda ends: of(*(str(D(end) / 100) for end in sorted(ends)))
)


@for_any(st.lists(scores, min_size=1, max_size=5), st.sampled_from(["best", "last", "first"]))
def test_a_result_is_never_less_than_what_counts_and_never_more_than_there_is(
    found: list[Tally], rule: str
) -> None:
    score = counted(rule, *found).tally.score
    assert 0 <= score.least <= score.most <= score.of
    if rule == "best":
        shares = [Fraction(one.score.least) / Fraction(one.score.of or 1) for one in found]
        assert Fraction(score.least) / Fraction(score.of or 1) == max(shares)


def test_a_sitting_comes_to_the_same_by_itself_and_with_all_others(
    learner: User, teammate: User, exam: Assessment
) -> None:
    sat, other = Sat(learner, exam), Sat(teammate, exam)
    response = sat.answers("which-cut", 3, "0.3333", "0.5")
    sat.answers("keys-seen", D("1.25"), "0.6667")
    submitted(sat.asks("sliding-window", 7), 1, state="running")
    other.answers("which-cut", 3, "1")
    attempts = list(sat.row.attempts.select_related("question"))
    assert score_with(attempts, credits_of(attempts)) == tally(sat).score
    marked(response, "0.777777")
    assert score_with(attempts, credits_of(attempts)) == tally(sat).score


def test_questions_are_tallied_over_sittings(
    course: Course, learner: User, teammate: User, exam: Assessment
) -> None:
    one, two = Sat(learner, exam), Sat(teammate, exam)
    one.answers("which-cut", 2, "1")
    two.answers("which-cut", 2, "0.5")
    one.answers("keys-seen", 2, "0", "1")
    two.asks("keys-seen", 2)
    submitted(one.asks("sliding-window", 2), 1, passed=True)
    submitted(two.asks("sliding-window", 2), 1, state="running")
    rows = {row.question.slug: row for row in by_question(Sitting.objects.all())}
    cut, keys, window = rows["which-cut"], rows["keys-seen"], rows["sliding-window"]
    assert cut == QuestionTally(cut.question, 2, 2, 1, 0, 0, D("0.75"))
    assert keys == QuestionTally(keys.question, 2, 1, 0, 1, 0, D(0))
    assert window == QuestionTally(window.question, 2, 2, 1, 0, 1, D(1))


def test_trials_and_those_who_do_not_learn_are_not_counted(
    course: Course, learner: User, instructor: User, stranger: User, exam: Assessment
) -> None:
    Sat(learner, exam, is_test=True)
    Sat(instructor, exam)
    Sat(stranger, exam)
    assert not sittings_of(course).exists()


def test_results_cost_the_same_queries_for_any_number(
    course: Course,
    learner: User,
    teammate: User,
    exam: Assessment,
    django_assert_num_queries: object,
) -> None:
    for number in range(1, 4):
        Sat(learner, exam, number).answers("which-cut", 2, "1")
    Sat(teammate, exam).answers("keys-seen", 2, "1")
    with django_assert_num_queries(4):
        found = results(sittings_of(course), [exam])
    assert {key[0] for key in found} == {learner.pk, teammate.pk}


shares = st.integers(0, 10_000)
answers = st.lists(
    st.tuples(st.integers(0, 9_999), shares, shares, st.none() | st.integers(0, 1_000_000)),
    min_size=1,
    max_size=3,
)


class Sums(TestCase):
    @for_any(answers)
    @settings(max_examples=40, deadline=None)
    def test_the_database_adds_up_what_fractions_do(
        self, rows: Sequence[tuple[int, int, int, int | None]]
    ) -> None:
        course = loaded(COURSE_FOLDER)
        exam = Assessment.objects.create(course=course, slug="exam", title="Exam")
        sat = Sat(person("learner", course), exam)
        least = most = of = Fraction(0)
        for slug, (cents, first, second, part) in zip(
            ("which-cut", "keys-seen", "sliding-window"), rows, strict=False
        ):
            low, high = sorted((first, second))
            points = D(cents) / 100
            response = sat.answers(slug, points, D(low) / 10_000, D(high - low) / 10_000)
            earned, open_ = Fraction(low, 10_000), Fraction(high - low, 10_000)
            if part is not None:
                marked(response, D(part) / 1_000_000)
                earned, open_ = earned + open_ * Fraction(part, 1_000_000), Fraction(0)
            least += Fraction(points) * earned
            most += Fraction(points) * (earned + open_)
            of += Fraction(points)
        score = tally(sat).score
        slack = of / 19_999  # each credit is rounded to four places
        assert abs(Fraction(score.least) - least) <= slack
        assert abs(Fraction(score.most) - most) <= slack
        assert score.of == of
        if all(part is None for *_, part in rows):
            assert (score.least, score.most) == (least, most)
