"""The gradebooks: of those who teach, and a learner's own, which shows only what is released."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Accommodation, Assessment, Course, Enrolment, Sitting, User
from assessments.services import mark_text, record_response
from assessments.services.late import late_answers
from question_bank.models import Question
from tests.cast.essays import HALF, essay, given, handed_in
from tests.cast.gradebooks import fill
from tests.cast.results import Sat, marked, submitted
from tests.cast.sittings import save

BOOK = "/courses/sparse-attention/gradebook/"
BOOK_FILE = "/courses/sparse-attention/gradebook.csv"
EXAM = f"{BOOK}exam/"
EXAM_FILE = f"{BOOK}exam.csv"
MARKS = "/courses/sparse-attention/marks/"
CUT, KEYS, CODE = "masked-dense-flaw", "keys-of-one-query", "sliding-window"


def words(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_of(response: HttpResponse) -> list[dict[str, str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def exam(course: Course) -> Assessment:
    return Assessment.objects.create(
        course=course,
        slug="exam",
        title="Mid-term",
        kind="exam",
        feedback=Assessment.Feedback.RELEASED,
        published_at=timezone.now(),
    )


@pytest.fixture
def teammate(enrol: Callable[..., User]) -> User:
    return enrol("teammate")


@pytest.fixture
def instructor(enrol: Callable[..., User]) -> User:
    return enrol("teacher", Enrolment.Role.INSTRUCTOR)


@pytest.fixture
def book(instructor: User) -> Client:
    """The instructor's browser."""
    browser = Client()
    browser.force_login(instructor)
    return browser


@pytest.fixture
def sat(learner: User, exam: Assessment) -> Sat:
    """The learner has 3 of 4 points for certain."""
    made = Sat(learner, exam)
    made.answers(CUT, 2, "0.5")
    made.answers(KEYS, 2, "1")
    return made


# --- Who sees it ------------------------------------------------------------------------------


@pytest.fixture
def cast(
    enrol: Callable[..., User], learner: User, teammate: User, instructor: User
) -> dict[str, Client]:
    other = Course.objects.create(slug="other", title="Other", summary="Another one.")
    elsewhere = User.objects.create_user("elsewhere")
    Enrolment.objects.create(user=elsewhere, course=other, role=Enrolment.Role.INSTRUCTOR)
    people = {
        "owner": learner,
        "teammate": teammate,
        "stranger": User.objects.create_user("stranger"),
        "assistant": enrol("assistant", Enrolment.Role.ASSISTANT),
        "instructor": instructor,
        "other instructor": elsewhere,
        "superuser": User.objects.create_superuser("root"),
    }
    browsers = {name: Client() for name in (*people, "nobody")}
    for name, user in people.items():
        browsers[name].force_login(user)
    return browsers


@pytest.mark.parametrize("address", [BOOK, BOOK_FILE, EXAM, EXAM_FILE])
def test_a_gradebook_is_for_those_who_mark_the_course(
    cast: dict[str, Client], sat: Sat, address: str
) -> None:
    found = {name: browser.get(address).status_code for name, browser in cast.items()}
    assert {name for name, status in found.items() if status == 200} == {
        "assistant",
        "instructor",
        "superuser",
    }
    assert found.pop("nobody") == 302
    assert set(found.values()) == {200, 404}


@pytest.mark.parametrize("address", [BOOK, BOOK_FILE, EXAM, EXAM_FILE, MARKS])
def test_gradebooks_are_only_read(book: Client, exam: Assessment, address: str) -> None:
    assert book.post(address).status_code == 405


def test_marks_are_of_whoever_asks(cast: dict[str, Client], sat: Sat, exam: Assessment) -> None:
    Assessment.objects.update(feedback=Assessment.Feedback.HANDED_IN)
    told = {name: words(browser.get(MARKS)) for name, browser in cast.items()}
    assert {name for name, text in told.items() if "3 of 4" in text} == {"owner"}


def test_who_has_not_joined_is_led_to_the_course(cast: dict[str, Client], exam: Assessment) -> None:
    assert cast["stranger"].get(MARKS)["Location"] == "/courses/sparse-attention/"
    assert cast["nobody"].get(MARKS)["Location"].startswith("/accounts/login/")
    Course.objects.update(is_open=False)
    assert cast["stranger"].get(MARKS).status_code == 404


def test_the_course_leads_to_the_gradebook_those_who_have_one(
    cast: dict[str, Client], course: Course
) -> None:
    def led(path: str) -> set[str]:
        pages = {name: one.get("/courses/sparse-attention/") for name, one in cast.items()}
        return {name for name, page in pages.items() if f'href="{path}"' in page.content.decode()}

    assert led(BOOK) == {"assistant", "instructor", "superuser"}
    assert led(MARKS) == {"owner", "teammate", "assistant", "instructor"}


# --- The instructor's ---------------------------------------------------------------------------


def test_learners_are_rows_and_assessments_columns(
    book: Client, sat: Sat, teammate: User, exam: Assessment
) -> None:
    told = words(book.get(BOOK))
    assert "2 learners." in told
    assert "learner 3 3 of 4 75 %" in told
    assert "teammate 0 – not taken" in told


def test_what_waits_is_a_range_and_said(book: Client, learner: User, exam: Assessment) -> None:
    made = Sat(learner, exam)
    response = made.answers(CUT, 4, "0.25", "0.5")
    submitted(made.asks(CODE, 2), 1, state="running")
    told = words(book.get(BOOK))
    assert "1 to 5 of 6 16.7 to 83.3 % ◐ 1 for a person, 1 being judged" in told
    marked(response, "1")
    assert "3 to 5 of 6 50 to 83.3 % ◔ 1 being judged" in words(book.get(BOOK))


def test_a_trial_appears_nowhere(book: Client, instructor: User, exam: Assessment) -> None:
    Sat(instructor, exam, is_test=True).answers(CUT, 2, "1")
    assert "2 of 2" not in words(book.get(BOOK))
    assert "Nobody has handed anything in yet." in words(book.get(EXAM))
    assert rows_of(book.get(BOOK_FILE)) == []


def test_an_assessment_that_is_not_published_is_no_column(book: Client, exam: Assessment) -> None:
    Assessment.objects.update(published_at=None)
    assert "There is no published assessment yet." in words(book.get(BOOK))
    assert book.get(EXAM).status_code == 404


def test_a_sitting_that_goes_on_is_said(book: Client, learner: User, exam: Assessment) -> None:
    Sat(learner, exam, handed_in_at=None).answers(CUT, 2, "1")
    assert "learner 0 being sat" in words(book.get(BOOK))


def names(page: HttpResponse) -> list[str]:
    return re.findall(r'<th scope="row" class="who">([\w-]+)', page.content.decode())


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["learner", "second", "teammate"]),
        ("-name", ["teammate", "second", "learner"]),
        ("total", ["second", "learner", "teammate"]),
        ("-total", ["teammate", "learner", "second"]),
        ("exam", ["learner", "second", "teammate"]),
        ("-exam", ["second", "teammate", "learner"]),
        ("no-such-column", ["learner", "second", "teammate"]),
    ],
)
def test_rows_are_sorted(
    book: Client,
    course: Course,
    sat: Sat,
    teammate: User,
    enrol: Callable[..., User],
    sort: str,
    expected: list[str],
) -> None:
    quiz = Assessment.objects.create(
        course=course, slug="quiz", title="Quiz", published_at=timezone.now()
    )
    Sat(enrol("second"), quiz).answers(CUT, 5, "1")
    assert names(book.get(BOOK, {"sort": sort})) == expected


def test_the_heading_says_how_it_is_sorted(book: Client, exam: Assessment, learner: User) -> None:
    html = book.get(BOOK, {"sort": "exam", "q": "learner"}).content.decode()
    assert html.count('aria-sort="descending"') == 1
    assert 'href="?sort=-exam&amp;q=learner"' in html


def test_rows_are_filtered_by_name_and_by_what_is_undecided(
    book: Client, sat: Sat, teammate: User, exam: Assessment
) -> None:
    User.objects.filter(pk=teammate.pk).update(first_name="Ada", last_name="Lovelace")
    assert names(book.get(BOOK, {"q": "LOVE"})) == ["teammate"]
    assert names(book.get(BOOK, {"only": "open"})) == []
    Sat(teammate, exam).answers(CUT, 2, "0", "1")
    assert names(book.get(BOOK, {"only": "open"})) == ["teammate"]
    assert "No learner has a name like that." in words(book.get(BOOK, {"q": "zzz"}))


def test_pages_hold_fifty(book: Client, course: Course, exam: Assessment) -> None:
    questions = [Question.objects.get(slug=slug) for slug in (CUT, KEYS)]
    fill(course, learners=60, assessments=2, questions=questions)
    first, second = book.get(BOOK), book.get(BOOK, {"page": "2", "sort": "name"})
    assert (len(names(first)), len(names(second))) == (50, 10)
    assert "Page 2 of 2" in words(second)
    assert 'href="?sort=name&amp;page=2" rel="next"' in first.content.decode()


@pytest.mark.parametrize("query", [{}, {"sort": "total"}, {"sort": "exam-03"}, {"only": "open"}])
def test_a_page_stays_under_twenty_queries(
    book: Client,
    course: Course,
    query: dict[str, str],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    questions = [Question.objects.get(slug=slug) for slug in (CUT, KEYS)]
    fill(course, learners=60, assessments=20, questions=questions)
    with django_assert_max_num_queries(19):
        book.get(BOOK, query)


def test_questions_have_their_mean_and_counts(
    book: Client, sat: Sat, teammate: User, exam: Assessment
) -> None:
    other = Sat(teammate, exam)
    other.answers(CUT, 2, "1")
    other.asks(KEYS, 2)
    told = words(book.get(EXAM))
    assert "in 2 sittings that are handed in" in told
    title = Question.objects.get(slug=CUT).title
    assert f"{title} Multiple choice 75 % 2 2 1 0 0" in told
    title = Question.objects.get(slug=KEYS).title
    assert f"{title} Number 50 % 2 1 1 0 0" in told


def test_questions_are_sorted(book: Client, sat: Sat) -> None:
    up = words(book.get(EXAM, {"sort": "mean"}))
    down = words(book.get(EXAM, {"sort": "-mean"}))
    first, second = (Question.objects.get(slug=slug).title for slug in (CUT, KEYS))
    assert up.index(first) < up.index(second)
    assert down.index(second) < down.index(first)


def test_the_page_by_question_stays_under_twenty_queries(
    book: Client, course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(course, learners=20, assessments=1, questions=list(Question.objects.all()[:12]))
    with django_assert_max_num_queries(12):
        book.get(f"{BOOK}exam-00/")


def test_a_result_leads_to_the_review_of_its_sitting(book: Client, sat: Sat) -> None:
    assert f'href="/sittings/{sat.row.pk}/review/"' in book.get(BOOK).content.decode()


def test_a_review_is_for_its_learner_and_those_who_mark_the_course(
    cast: dict[str, Client], sat: Sat
) -> None:
    review = f"/sittings/{sat.row.pk}/review/"
    found = {name for name, one in cast.items() if one.get(review).status_code == 200}
    assert found == {"owner", "assistant", "instructor", "superuser"}


def test_a_review_leads_those_who_mark_to_the_texts(
    book: Client, page: Client, learner: User, exam: Assessment, instructor: User, course: Course
) -> None:
    instructor.is_staff = True
    instructor.save()
    made = Sat(learner, exam)
    text = record_response(made.asks(essay(course).slug, 4), {"text": "The cache grows."})
    review = f"/sittings/{made.row.pk}/review/"
    marking = f'href="/admin/assessments/waitingtext/{text.pk}/change/"'
    assert "0 to 4 of 4 points" in words(book.get(review))
    assert marking in book.get(review).content.decode()
    assert marking not in page.get(review).content.decode()
    mark_text(text, instructor, given(HALF, cause="Which number?"), seen=None)
    assert "Which number?" in words(book.get(review))
    assert "2 of 4 points" in words(book.get(review))


def test_what_came_too_late_is_mentioned_to_those_who_teach(
    book: Client, page: Client, learner: User, exam: Assessment
) -> None:
    made = Sat(learner, exam)
    made.answers(CUT, 2, "1")
    attempt = made.asks(KEYS, 2)
    review = f"/sittings/{made.row.pk}/review/"
    assert "Too late" not in words(book.get(review))
    save(attempt, {"number": "4<b>2"}, timezone.now())
    assert late_answers([attempt]) == {attempt.pk: {"number": "4<b>2"}}
    told = words(book.get(review))
    assert "Too late" in told
    assert "Question 2 number 4&lt;b&gt;2" in told
    assert "Too late" not in words(page.get(review))


def test_a_learner_reads_a_mark_in_the_review_once_it_is_released(
    page: Client, learner: User, exam: Assessment, instructor: User, course: Course
) -> None:
    made = Sat(learner, exam)
    text = record_response(made.asks(essay(course).slug, 4), {"text": "The cache grows."})
    mark_text(text, instructor, given(HALF, cause="Which number?"), seen=None)
    review = f"/sittings/{made.row.pk}/review/"
    assert "Which number?" not in words(page.get(review))
    assert "Marked" not in words(page.get(review))
    Assessment.objects.update(released_at=timezone.now())
    told = words(page.get(review))
    assert "Marked: 50 % of the credit." in told
    assert "Which number?" in told


def test_a_review_with_many_marks_stays_under_twenty_queries(
    book: Client,
    learner: User,
    exam: Assessment,
    instructor: User,
    course: Course,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    instructor.is_staff = True
    instructor.save()
    made = Sat(learner, exam)
    for number in range(12):
        attempt = made.asks(essay(course, f"essay-{number}").slug, 4)
        text = record_response(attempt, {"text": "The cache grows."})
        mark_text(text, instructor, given(HALF), seen=None)
    with django_assert_max_num_queries(19):
        book.get(f"/sittings/{made.row.pk}/review/")


# --- Files --------------------------------------------------------------------------------------


def test_the_file_has_a_row_for_each_learner(
    book: Client, sat: Sat, teammate: User, exam: Assessment
) -> None:
    moment = datetime(2026, 11, 26, 14, 5, 9, tzinfo=UTC)
    Sitting.objects.update(handed_in_at=moment)
    first, second = rows_of(book.get(BOOK_FILE))
    assert first["user_name"] == "learner"
    assert [first[f"exam: {name}"] for name in ("least", "most", "of", "standing", "sitting")] == [
        *("3", "3", "4", "decided", "1")
    ]
    assert first["exam: handed_in_utc"] == "2026-11-26T14:05:09Z"
    assert (second["user_name"], second["exam: standing"], second["exam: least"]) == (
        *("teammate", "none", ""),
    )


@pytest.mark.parametrize(("query", "mark"), [({}, b""), ({"bom": "1"}, b"\xef\xbb\xbf")])
def test_a_byte_order_mark_is_a_choice(
    book: Client, sat: Sat, query: dict[str, str], mark: bytes
) -> None:
    for address, first in ((BOOK_FILE, b"user_name,"), (EXAM_FILE, b"assessment,")):
        response = book.get(address, query)
        assert response.content.startswith(mark + first)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"].startswith('attachment; filename="sparse-attention')


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", "＝1"])
def test_no_cell_is_a_formula(book: Client, learner: User, exam: Assessment, name: str) -> None:
    User.objects.filter(pk=learner.pk).update(first_name=name, last_name="X")
    row = rows_of(book.get(BOOK_FILE))[0]
    assert row["name"] in (f"'{name} X", f"'{name.strip()} X", f"{name.strip()} X")
    assert row["name"][0] not in "=+-@＝\t"


def test_the_file_by_question(book: Client, sat: Sat) -> None:
    rows = {row["question"]: row for row in rows_of(book.get(EXAM_FILE))}
    assert rows[CUT]["mean"] == "0.5"
    assert (rows[KEYS]["asked"], rows[KEYS]["full"], rows[KEYS]["assessment"]) == ("1", "1", "exam")


# --- A learner's own ----------------------------------------------------------------------------


def test_nothing_is_shown_before_it_is_released(page: Client, sat: Sat, exam: Assessment) -> None:
    told = words(page.get(MARKS))
    assert "Mid-term – – ◇ not released yet" in told
    assert "3 of 4" not in told
    Assessment.objects.update(released_at=timezone.now())
    assert "Mid-term 3 of 4 75 % ● decided" in words(page.get(MARKS))


def test_even_that_something_waits_is_not_told_before(
    page: Client, learner: User, exam: Assessment
) -> None:
    Sat(learner, exam).answers(CUT, 2, "0", "1")
    assert "for a person" not in words(page.get(MARKS))
    Assessment.objects.update(released_at=timezone.now())
    assert "0 to 2 of 2 0 to 100 % ◐ waits for a person (1 for a person)" in words(page.get(MARKS))


def test_what_is_shown_once_it_has_closed_waits_for_the_last_learner(
    page: Client, sat: Sat, exam: Assessment, teammate: User, course: Course, instructor: User
) -> None:
    now = timezone.now()
    Assessment.objects.update(
        feedback=Assessment.Feedback.CLOSED,
        opens_at=now - timedelta(hours=3),
        closes_at=now - timedelta(hours=1),
    )
    assert "3 of 4" in words(page.get(MARKS))
    Accommodation.objects.create(
        learner=teammate, course=course, factor=Decimal(3), given_by=instructor, given_at=now
    )
    assert "not released yet" in words(page.get(MARKS))


def test_the_rule_says_which_sitting_counts(page: Client, learner: User, exam: Assessment) -> None:
    Assessment.objects.update(feedback=Assessment.Feedback.HANDED_IN)
    Sat(learner, exam, 1).answers(CUT, 2, "1")
    Sat(learner, exam, 2).answers(CUT, 2, "0.5")
    assert "2 of 2 100 % ● decided 2 sittings, the best one counts" in words(page.get(MARKS))
    Assessment.objects.update(counts=Assessment.Counts.LAST)
    assert "1 of 2 50 % ● decided 2 sittings, the last one counts" in words(page.get(MARKS))


def test_a_trial_is_no_mark(page: Client, learner: User, exam: Assessment) -> None:
    Assessment.objects.update(feedback=Assessment.Feedback.HANDED_IN)
    Sat(learner, exam, is_test=True).answers(CUT, 2, "1")
    assert "Mid-term – – ○ not taken Practice" in words(page.get(MARKS))


def test_practice_stands_by_concept(
    page: Client, learner: User, course: Course, instructor: User
) -> None:
    question = essay(course)
    concept = question.concepts.get()
    before = re.search(rf"{concept.title} 0 of (\d+)", words(page.get(MARKS)))
    assert before is not None
    response = handed_in(learner, question)
    told = words(page.get(MARKS))
    assert f"{concept.title} 0 of {before[1]} 1 a person looks at it" in told
    mark_text(response, instructor, given(HALF), seen=None)
    assert f"0 of {before[1]} 1 marked, with comments" in words(page.get(MARKS))


def test_the_page_of_marks_stays_under_twenty_queries(
    course: Course, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(course, learners=1, assessments=20, questions=list(Question.objects.all()[:3]))
    Assessment.objects.update(feedback=Assessment.Feedback.CLOSED)
    browser = Client()
    browser.force_login(User.objects.get(username="learner-0000"))
    with django_assert_max_num_queries(17):
        browser.get(MARKS)
