"""The ledger of marks: lines are added, the last one stands, nothing is overwritten."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessments.models import Attempt, Course, Enrolment, Response, RubricMark, User, credited
from assessments.services import (
    Given,
    NotNowError,
    OutOfRubricError,
    ReasonMissingError,
    StaleMarkError,
    attempt_for,
    last_mark,
    mark_text,
    record_response,
    take_back,
)
from assessments.services.handing_in import latest_responses
from assessments.services.marks import rubric_digest
from question_bank.immutable import ImmutableRowError
from question_bank.variants import variant_of
from tests.cast.essays import ALL, HALF, NONE, credit, essay, given, handed_in
from tests.cast.people import person
from tests.cast.questions import published, put_live
from tests.question_bank.design_items import DESIGN, answer
from tests.question_bank.test_case import CHOICE, content
from tests.question_bank.test_essay import ESSAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def response(course: Course, learner: User) -> Response:
    return handed_in(learner, essay(course))


@pytest.fixture
def assistant(course: Course) -> User:
    return person("assistant", course, Enrolment.Role.ASSISTANT)


def test_points_become_the_share_of_what_waited(response: Response, instructor: User) -> None:
    assert credit(response) == (0, 1)
    mark = mark_text(response, instructor, given(HALF), seen=None)
    assert mark.fraction == Decimal("0.5")
    assert credit(response) == (0.5, 0)


def test_a_mark_says_who_when_as_what_and_by_which_rubric(
    response: Response, assistant: User
) -> None:
    mark = mark_text(
        response, assistant, given(ALL, cause="Well seen."), comment=" Go on.\n", seen=None
    )
    assert (mark.marker, mark.role, mark.comment) == (assistant, "assistant", "Go on.")
    assert mark.given[0] == {
        "field": "text",
        "criterion": "cause",
        "points": 3,
        "comment": "Well seen.",
    }
    before = rubric_digest(mark.response.attempt)
    put_live(response.attempt.question, rubric=[ESSAY["rubric"][1]])
    mark.refresh_from_db()
    assert rubric_digest(mark.response.attempt) == before


def test_a_text_is_marked_by_the_rubric_of_the_version_that_was_answered(
    response: Response, instructor: User
) -> None:
    put_live(response.attempt.question, rubric=[ESSAY["rubric"][1]])
    mark_text(response, instructor, given(ALL), seen=None)
    assert credit(response) == (1, 0)


def test_a_correction_is_a_line_of_its_own_with_its_reason(
    response: Response, instructor: User, assistant: User
) -> None:
    first = mark_text(response, assistant, given(HALF), seen=None)
    second = mark_text(
        response, instructor, given(ALL), seen=first.pk, reason="The number is there."
    )
    assert list(RubricMark.objects.values_list("pk", "supersedes", "fraction")) == [
        (first.pk, None, Decimal("0.5")),
        (second.pk, first.pk, Decimal(1)),
    ]
    assert last_mark(response) == second
    assert credit(response) == (1, 0)


def test_a_correction_without_a_reason_is_refused(response: Response, instructor: User) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    with pytest.raises(ReasonMissingError):
        mark_text(response, instructor, given(ALL), seen=first.pk, reason=" ")
    assert last_mark(response) == first


def test_what_was_marked_meanwhile_is_not_overwritten(
    response: Response, instructor: User, assistant: User
) -> None:
    theirs = mark_text(response, assistant, given(HALF), seen=None)
    with pytest.raises(StaleMarkError) as refused:
        mark_text(response, instructor, given(ALL), seen=None, reason="Mine.")
    assert refused.value.standing == theirs
    with pytest.raises(StaleMarkError):
        take_back(response, instructor, seen=None, reason="Mine.")
    assert RubricMark.objects.count() == 1


def test_giving_what_stands_adds_no_line(response: Response, instructor: User) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    assert mark_text(response, instructor, given(HALF), seen=first.pk) == first
    assert RubricMark.objects.count() == 1


def test_a_mark_that_is_taken_back_leaves_the_text_waiting(
    response: Response, instructor: User
) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    undone = take_back(response, instructor, seen=first.pk, reason="The wrong text.")
    assert credit(response) == (0, 1)
    with pytest.raises(NotNowError):
        take_back(response, instructor, seen=undone.pk, reason="Again.")
    mark_text(response, instructor, given(ALL), seen=undone.pk)
    assert credit(response) == (1, 0)
    assert RubricMark.objects.count() == 3


def test_nothing_is_taken_back_where_nothing_is_marked(
    response: Response, instructor: User
) -> None:
    with pytest.raises(NotNowError):
        take_back(response, instructor, seen=None, reason="Why not.")


def test_the_database_keeps_one_line_after_each(response: Response, instructor: User) -> None:
    first = mark_text(response, instructor, given(HALF), seen=None)
    facts = {
        "response": response,
        "marker": instructor,
        "role": "instructor",
        "marked_at": first.marked_at,
        "given": [],
        "fraction": Decimal(1),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        RubricMark.objects.create(**facts)
    mark_text(response, instructor, given(ALL), seen=first.pk, reason="Better.")
    with pytest.raises(IntegrityError), transaction.atomic():
        RubricMark.objects.create(**facts, supersedes=first)


def test_a_line_is_never_changed_or_deleted(response: Response, instructor: User) -> None:
    mark = mark_text(response, instructor, given(HALF), seen=None)
    mark.fraction = Decimal(1)
    with pytest.raises(ImmutableRowError):
        mark.save()
    with pytest.raises(ImmutableRowError):
        RubricMark.objects.all().delete()


@pytest.mark.parametrize(
    "points",
    [
        [],
        [Given("text", "cause", 3)],
        [Given("text", "cause", 2), Given("text", "clear", 1)],
        [*given(ALL), Given("text", "clear", 1)],
        [*given(ALL), Given("other", "clear", 1)],
        [*given(ALL), Given("text", "style", 1)],
    ],
)
def test_what_is_not_in_the_rubric_is_refused(
    response: Response, instructor: User, points: list[Given]
) -> None:
    with pytest.raises(OutOfRubricError):
        mark_text(response, instructor, points, seen=None)
    assert not RubricMark.objects.exists()


def test_a_design_keeps_what_was_decided_and_adds_its_justification(
    course: Course, learner: User, instructor: User
) -> None:
    attempt = attempt_for(learner, published(course, "stack", DESIGN))
    response = record_response(attempt, answer(dense=32, windowed=0))
    assert credit(response) == (0.4, 0.4)
    mark_text(response, instructor, [Given("text", "why", 4)], seen=None)
    assert credit(response) == (0.72, 0)


def case_of(course: Course, learner: User) -> Attempt:
    """Begin a case of a choice (1 point) and two essays (2 points and 1)."""
    parts = [
        {"points": count, "question": part} for count, part in ((1, CHOICE), (2, ESSAY), (1, ESSAY))
    ]
    return attempt_for(learner, published(course, "a-case", content(parts=parts)))


def test_texts_of_a_case_are_weighed_by_their_points(
    course: Course, learner: User, instructor: User
) -> None:
    attempt = case_of(course, learner)
    shown = variant_of(attempt.version, attempt.seed).page.parts[0].choices  # type: ignore[attr-defined]
    right = str(shown.index("Into reading the cache"))
    texts = {"part-1-text": "The cache grows.", "part-2-text": "It grows more."}
    response = record_response(attempt, {"part-0-choice": right, **texts})
    assert credit(response) == (0.25, 0.75)
    both = [*given(ALL, "part-1-text"), *given(NONE, "part-2-text")]
    mark_text(response, instructor, both, seen=None)
    assert credit(response) == (0.75, 0)


class Totals(TestCase):
    @for_any(
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.none() | st.fractions(0, 1, max_denominator=400),
    )
    @settings(max_examples=60, deadline=None)
    def test_credit_is_what_was_decided_and_the_part_of_what_waited(
        self, first: int, second: int, marked: Fraction | None
    ) -> None:
        low, high = sorted((first, second))
        fraction, waits = Decimal(low) / 10_000, Decimal(high - low) / 10_000
        response = self._response(fraction, waits, marked)
        row = credited(Response.objects.all()).get(pk=response.pk)
        exact = Fraction(fraction) + Fraction(waits) * (marked or 0)
        assert abs(Fraction(row.earned) - exact) <= Fraction(51, 1_000_000)
        assert row.waiting == (waits if marked is None else 0)
        alone = latest_responses([response.attempt])[response.attempt_id]
        assert abs(alone.earned - row.earned) <= Decimal("0.0001")
        assert alone.waiting == row.waiting
        assert fraction <= row.earned <= row.earned + row.waiting <= fraction + waits
        if marked == 1:
            assert row.earned == fraction + waits

    def _response(self, fraction: Decimal, waits: Decimal, marked: Fraction | None) -> Response:
        course = Course.objects.create(slug="totals", title="Totals", summary="Of marks.")
        learner = person("sums", course)
        attempt = attempt_for(learner, published(course, "essay", ESSAY))
        response = Response.objects.create(
            attempt=attempt,
            number=1,
            answer={},
            fraction=fraction,
            waits=waits,
            feedback={},
            created_at=attempt.started_at,
        )
        if marked is not None:
            RubricMark.objects.create(
                response=response,
                marker=learner,
                role="instructor",
                marked_at=attempt.started_at,
                given=[],
                fraction=round(Decimal(marked.numerator) / marked.denominator, 6),
            )
        return response
