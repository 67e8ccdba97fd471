"""What a learner answered so far, and what they may learn first."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from assessments.models import Attempt, Course, Response, User
from assessments.services import attempt_for, begin, hand_in, record_response, start_again
from assessments.web.learn_before import not_passed_before
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.cast.sittings import assessment

SLUG = "keys-of-one-query"
PAGE = f"/questions/{SLUG}/answers/"


def question(slug: str = SLUG) -> Question:
    return Question.objects.get(slug=slug)


def html_of(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def right_number(attempt: Attempt) -> str:
    variant: Any = variant_of(attempt.version, attempt.seed)
    return str(variant.right)


def test_an_empty_page_says_what_will_stand_there(page: Client) -> None:
    assert "You have not answered this question yet." in html_of(page)


def test_each_attempt_stands_with_its_values_answers_and_marks(page: Client, learner: User) -> None:
    first = attempt_for(learner, question())
    record_response(first, {"number": "100000"})
    record_response(first, {"number": right_number(first)})
    second = start_again(learner, question())
    record_response(second, {"number": "200000"})
    html = html_of(page)
    newest, oldest = html.index('id="attempt-2"'), html.index('id="attempt-1"')
    assert newest < html.index("200000") < oldest < html.index("100000")
    assert "Answer 2: right" in html
    for attempt in (first, second):
        variant: Any = variant_of(attempt.version, attempt.seed)
        assert f"<strong>{variant.asked.query}</strong>" in html


def test_answers_of_many_attempts_come_in_pages(page: Client, learner: User) -> None:
    for _ in range(7):
        record_response(start_again(learner, question()), {"number": "100000"})
    assert html_of(page).count("<section") == 5
    assert html_of(page, PAGE + "?page=2").count("<section") == 2


def test_nobody_sees_the_answers_of_another(
    client: Client, enrol: Callable[..., User], learner: User
) -> None:
    record_response(attempt_for(learner, question()), {"number": "314159"})
    client.force_login(enrol("peer"))
    assert "314159" not in html_of(client)
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(PAGE).status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_code_is_listed_by_its_submissions(page: Client) -> None:
    response = page.get("/questions/sliding-window/answers/")
    assert response["Location"] == "/questions/sliding-window/submissions/"


def test_answers_take_few_queries(
    page: Client, learner: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(5):
        record_response(start_again(learner, question()), {"number": "100000"})
    with django_assert_max_num_queries(10):
        html_of(page)


def test_a_wrong_answer_names_what_comes_before_and_is_not_passed(
    page: Client, learner: User
) -> None:
    assert "it comes before this" not in html_of(page, f"/questions/{SLUG}/")
    html = page.post(f"/questions/{SLUG}/", {"number": "100000"}, follow=True).content.decode()
    missing = not_passed_before(question(), learner)
    assert missing
    for concept in missing:
        assert f'href="/concepts/{concept.slug}/">{concept.title}</a>' in html


def test_a_right_answer_names_nothing(page: Client, learner: User) -> None:
    number = right_number(attempt_for(learner, question()))
    html = page.post(f"/questions/{SLUG}/", {"number": number}, follow=True).content.decode()
    assert "it comes before this" not in html


def test_a_concept_whose_questions_are_passed_is_not_named(learner: User) -> None:
    before = not_passed_before(question(), learner)
    concept = before[0]
    for one in Question.objects.filter(tested__position=0, tested__concept=concept):
        attempt = attempt_for(learner, one)
        Response.objects.create(
            attempt=attempt, number=1, answer={}, fraction=1, feedback={}, created_at=timezone.now()
        )
    assert concept not in not_passed_before(question(), learner)


def test_what_a_question_tests_itself_is_not_named_before_it(learner: User) -> None:
    own = set(question().concepts.values_list("pk", flat=True))
    assert not own & {concept.pk for concept in not_passed_before(question(), learner)}


def test_an_exam_that_asks_the_question_closes_what_was_answered_before(
    page: Client, learner: User, course: Course
) -> None:
    record_response(attempt_for(learner, question()), {"number": "314159"})
    sitting = begin(learner, assessment(course, SLUG))
    closed = page.get(PAGE)
    assert closed.status_code == 403
    assert "314159" not in closed.content.decode()
    hand_in(sitting)
    assert "314159" in html_of(page)
