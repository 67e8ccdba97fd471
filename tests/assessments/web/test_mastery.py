"""The page of what a learner knows."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assessments.models import Course, Enrolment, User
from assessments.services import attempt_for, record_response
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.cast.people import person

PATH = "/courses/sparse-attention/progress/"


def answer(learner: User, slug: str, *, right: bool) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug=slug))
    samples = variant_of(attempt.version, attempt.seed)
    choices = [str(place) for place in range(4)]
    marks = {choice: samples.mark({"choice": choice}).fraction for choice in choices}  # type: ignore[attr-defined]
    wanted = next(choice for choice, mark in marks.items() if (mark == 1) is right)
    record_response(attempt, {"choice": wanted})


def test_before_the_first_answer_every_concept_says_so(page: Client) -> None:
    html = page.get(PATH).content.decode()
    assert "no answers yet" in html
    assert "%, between" not in html


def test_below_five_answers_there_is_not_enough_data(page: Client, learner: User) -> None:
    slug = Question.objects.filter(kind="choice")[0].slug
    answer(learner, slug, right=True)
    assert "not enough data: 1 answer of 5" in page.get(PATH).content.decode()


def test_the_review_queue_is_off_until_asked_for(page: Client, learner: User) -> None:
    assert "Turn the review queue on" in page.get(PATH).content.decode()
    page.post("/courses/sparse-attention/recalls/", {"on": "on"})
    assert "Nothing to review yet" in page.get(PATH).content.decode()
    page.post("/courses/sparse-attention/recalls/")
    assert not Enrolment.objects.get(user=learner).recalls


def test_who_is_not_enrolled_cannot_turn_it_on(client: Client, course: Course) -> None:
    client.force_login(person("stranger"))
    assert client.post("/courses/sparse-attention/recalls/", {"on": "on"}).status_code == 404


def test_a_closed_course_says_nothing_to_a_stranger(client: Client, course: Course) -> None:
    course.is_open = False
    course.save()
    client.force_login(person("stranger"))
    assert client.get(PATH).status_code == 404


def test_the_page_takes_few_queries(
    page: Client, learner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for question in Question.objects.filter(kind="choice")[:6]:
        answer(learner, question.slug, right=True)
    page.post("/courses/sparse-attention/recalls/", {"on": "on"})
    with django_assert_max_num_queries(15):
        page.get(PATH)
