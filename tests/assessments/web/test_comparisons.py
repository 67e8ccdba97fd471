"""Two submissions on one page, and whose they may be."""

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import begin, hand_in
from tests.assessments.web import verdicts
from tests.cast.sittings import assessment

PAGE = "/questions/sliding-window/submissions/"


@pytest.fixture
def two(attempt: Attempt) -> tuple[int, int]:
    """A wrong submission, and the right one after it; their keys."""
    first = verdicts.record(verdicts.submission(attempt), verdicts.wrong_pairs())
    changed = verdicts.SOURCE.encode() + b"\n# fixed <b>\n"
    second = verdicts.record(verdicts.submission(attempt, changed), verdicts.EVERY["passed"])
    return first.pk, second.pk


def compared(client: Client, a: object, b: object, more: str = "") -> tuple[int, str]:
    response = client.get(f"{PAGE}compare/?a={a}&b={b}{more}")
    return response.status_code, response.content.decode()


def test_the_history_offers_two_to_compare(page: Client, two: tuple[int, int]) -> None:
    html = page.get(PAGE).content.decode()
    assert f'name="a" value="{two[0]}" checked' in html
    assert f'name="b" value="{two[1]}" checked' in html


def test_one_submission_alone_has_nothing_to_be_compared_with(
    page: Client, attempt: Attempt
) -> None:
    verdicts.submission(attempt)
    assert 'type="radio"' not in page.get(PAGE).content.decode()


def test_verdicts_and_code_stand_side_by_side(page: Client, two: tuple[int, int]) -> None:
    status, html = compared(page, *two)
    assert status == 200
    assert "Some queries see the wrong keys" in html
    assert "passed" in html
    assert "not run" in html
    assert "<ins># fixed &lt;b&gt;</ins>" in html
    assert "0 lines gone" in html


def test_equal_lines_are_left_out_unless_all_are_asked_for(page: Client, attempt: Attempt) -> None:
    sources = ["x = 1\n" * 30, "x = 1\n" * 30 + "y = 2\n"]
    kept = [verdicts.submission(attempt, one.encode()).pk for one in sources]
    assert "equal lines" in compared(page, *kept)[1]
    assert "equal lines" not in compared(page, *kept, "&all")[1]


def test_what_is_still_graded_is_compared_too(page: Client, attempt: Attempt) -> None:
    one = verdicts.submission(attempt)
    assert "waiting to be graded" in compared(page, one.pk, one.pk)[1]


@pytest.mark.parametrize("wanted", ["", "x", "٣", "9" * 30, "-1", "0"])
def test_what_is_no_submission_is_not_found(
    page: Client, two: tuple[int, int], wanted: str
) -> None:
    assert compared(page, two[0], wanted)[0] == 404


def test_another_question_does_not_show_them(page: Client, two: tuple[int, int]) -> None:
    response = page.get(f"/questions/bigbird/submissions/compare/?a={two[0]}&b={two[1]}")
    assert response.status_code == 404


def test_of_others_only_their_instructor_sees_them(
    client: Client, enrol: Callable[..., User], two: tuple[int, int]
) -> None:
    found = {}
    for name, role in (("peer", "learner"), ("teacher", Enrolment.Role.INSTRUCTOR)):
        client.force_login(enrol(name, role))
        found[name] = compared(client, *two)[0]
    client.force_login(User.objects.create_user("stranger"))
    found["stranger"] = compared(client, *two)[0]
    client.logout()
    found["nobody"] = compared(client, *two)[0]
    assert found == {"peer": 404, "teacher": 200, "stranger": 404, "nobody": 302}


def test_a_comparison_takes_few_queries(
    page: Client, two: tuple[int, int], django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        compared(page, *two)


def test_an_exam_that_asks_the_question_closes_the_comparison(
    page: Client, learner: User, course: Course, two: tuple[int, int]
) -> None:
    sitting = begin(learner, assessment(course, "sliding-window"))
    assert compared(page, *two)[0] == 404
    hand_in(sitting)
    assert compared(page, *two)[0] == 200


def test_verdicts_that_are_not_released_are_not_compared(
    client: Client, page: Client, learner: User, course: Course, enrol: Callable[..., User]
) -> None:
    sitting = begin(learner, assessment(course, "sliding-window"))
    taken = verdicts.submission(sitting.attempts.get())
    hand_in(sitting)
    assert compared(page, taken.pk, taken.pk)[0] == 404
    client.force_login(enrol("teacher", Enrolment.Role.INSTRUCTOR))
    assert compared(client, taken.pk, taken.pk)[0] == 200
