from collections.abc import Callable

from django.test import Client

from assessments.models import Attempt, Course, Enrolment, User
from assessments.web.states import State, standings
from question_bank.models import Question
from tests.assessments.web import verdicts


def test_who_has_not_signed_in_is_asked_to(client: Client, course: Course) -> None:
    response = client.get(f"/courses/{course.slug}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_home_of_a_learner_with_one_course_is_that_course(page: Client, course: Course) -> None:
    assert page.get("/")["Location"] == f"/courses/{course.slug}/"


def test_who_is_in_no_course_is_offered_to_join(client: Client, course: Course) -> None:
    stranger = User.objects.create_user("stranger")
    client.force_login(stranger)
    assert f"Join {course.title}" in client.get("/").content.decode()
    client.post(f"/courses/{course.slug}/join/")
    assert Enrolment.objects.get(user=stranger).role == Enrolment.Role.LEARNER


def test_an_empty_site_says_what_will_be_here(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("first"))
    assert "There is no course here yet" in client.get("/").content.decode()


def test_concepts_stand_in_an_order_in_which_they_can_be_learnt(
    page: Client, course: Course
) -> None:
    html = page.get(f"/courses/{course.slug}/").content.decode()
    places = {
        concept: html.index(f'<h3><a href="/concepts/{concept.slug}/"')
        for concept in course.concepts.all()
    }
    for concept, place in places.items():
        assert all(places[before] < place for before in concept.learn_before.all())


def test_the_next_step_is_the_first_question_that_is_not_passed(
    page: Client, course: Course
) -> None:
    first = course.items.select_related("question")[0].question
    html = page.get(f"/courses/{course.slug}/").content.decode()
    assert "Begin here:" in html
    assert f'<a class="button primary" href="/questions/{first.slug}/">' in html


def test_a_question_of_a_course_not_joined_leads_to_the_course(
    client: Client, course: Course
) -> None:
    client.force_login(User.objects.create_user("stranger"))
    response = client.get("/questions/sliding-window/", follow=True)
    assert response.redirect_chain == [(f"/courses/{course.slug}/", 302)]
    assert "Join the course" in response.content.decode()


def test_a_closed_course_does_not_exist_for_strangers(client: Client, course: Course) -> None:
    Course.objects.update(is_open=False)
    client.force_login(User.objects.create_user("stranger"))
    for path in ("/courses/sparse-attention/", "/concepts/strided/", "/questions/sliding-window/"):
        assert client.get(path).status_code == 404


def state(learner: User) -> State:
    question = Question.objects.get(slug="sliding-window")
    return standings(learner, [question])[question.pk].state


def test_the_state_of_a_code_question_follows_its_submissions(
    learner: User, attempt: Attempt
) -> None:
    assert state(learner) is State.NEW
    first = verdicts.submission(attempt)
    assert state(learner) is State.GRADING
    verdicts.record(first, verdicts.EVERY["unavailable"])
    assert state(learner) is State.NEW, "our failure costs nothing"
    verdicts.record(verdicts.submission(attempt), verdicts.too_slow())
    assert state(learner) is State.FAILED
    verdicts.record(verdicts.submission(attempt), verdicts.passed())
    assert state(learner) is State.PASSED
    verdicts.record(verdicts.submission(attempt), verdicts.crashed())
    assert state(learner) is State.PASSED, "what is passed stays passed"


def test_another_learners_work_leaves_ones_state_alone(
    enrol: Callable[..., User], attempt: Attempt
) -> None:
    verdicts.record(verdicts.submission(attempt), verdicts.passed())
    assert state(enrol("neighbour")) is State.NEW
