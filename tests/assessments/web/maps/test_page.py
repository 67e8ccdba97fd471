import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Course, Enrolment, Response, User
from assessments.services import attempt_for
from assessments.web.concept_states import Reached, progress_by_concept, work_of
from assessments.web.course_page import concepts_of
from assessments.web.next_step import NextStep, next_step
from question_bank.models import Concept, Question
from question_bank.models import Tested as Asking

MAP = "/courses/sparse-attention/map/"


def answered(learner: User, slug: str, fraction: int) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug=slug))
    Response.objects.create(
        attempt=attempt,
        number=1,
        answer={},
        feedback={},
        fraction=fraction,
        created_at=timezone.now(),
    )


def questions_of(concept: str) -> list[str]:
    rows = Asking.objects.filter(concept__slug=concept, position=0)
    return list(
        rows.order_by("question__courseitem__position").values_list("question__slug", flat=True)
    )


def pass_all(learner: User, *concepts: str) -> None:
    for concept in concepts:
        for slug in questions_of(concept):
            answered(learner, slug, 1)


def step(learner: User, course: Course) -> NextStep | None:
    work = work_of(learner, course)
    return next_step(concepts_of(course, learner), work, progress_by_concept(learner, course, work))


def reached(learner: User, course: Course, concept: str) -> Reached:
    return progress_by_concept(learner, course)[Concept.objects.get(slug=concept).pk].reached


def test_every_concept_is_a_link_in_the_picture_and_in_the_list(
    page: Client, course: Course
) -> None:
    html = page.get(MAP).content.decode()
    for concept in course.concepts.all():
        assert html.count(f'data-slug="{concept.slug}"') == 1
        assert f'id="concept-{concept.slug}"' in html


def test_every_line_of_the_picture_is_a_learn_before(page: Client, course: Course) -> None:
    html = page.get(MAP).content.decode()
    drawn = set(re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', html))
    rows = Concept.learn_before.through.objects.values_list(
        "to_concept__slug", "from_concept__slug"
    )
    assert drawn == set(rows)


def test_the_state_of_a_concept_is_a_shape_and_a_word(
    page: Client, learner: User, course: Course
) -> None:
    answered(learner, questions_of("transformer")[0], 0)
    html = page.get(MAP).content.decode()
    node = re.search(r'<a class="map-node ([^"]*)" href="/concepts/transformer/".*?</a>', html)
    assert node is not None
    assert node[1] == "under-way next"
    assert "under way 0/" in node[0]
    assert "map-mark-part" in node[0]
    assert "Transformer: under way, 0 of" in node[0]
    assert "Next best step" in node[0]


def test_a_concept_is_passed_with_half_of_its_questions(learner: User, course: Course) -> None:
    slugs = questions_of("kv-cache")
    half = -(-len(slugs) // 2)
    assert reached(learner, course, "kv-cache") is Reached.NEW
    for slug in slugs[: half - 1]:
        answered(learner, slug, 1)
    assert reached(learner, course, "kv-cache") is Reached.UNDER_WAY
    answered(learner, slugs[half - 1], 1)
    assert reached(learner, course, "kv-cache") is Reached.PASSED


def test_the_first_step_is_a_concept_that_needs_nothing(learner: User, course: Course) -> None:
    found = step(learner, course)
    assert found is not None
    assert found.concept == "transformer"
    assert found.why == "Begin here: Transformer needs nothing before it."


def test_the_next_step_builds_on_what_is_passed_and_says_so(learner: User, course: Course) -> None:
    pass_all(learner, "transformer")
    found = step(learner, course)
    assert found is not None
    assert found.concept == "attention-mechanism"
    assert found.why == "You have passed Transformer; Attention mechanism builds on it."


def test_two_concepts_learnt_before_are_both_named(learner: User, course: Course) -> None:
    for concept in course.concepts.exclude(slug__in=["kv-cache"]):
        pass_all(learner, concept.slug)
    found = step(learner, course)
    assert found is not None
    assert found.concept == "kv-cache"
    assert re.fullmatch(r"You have passed .+ and .+; KV cache builds on them\.", found.why)


def test_what_was_answered_wrong_is_tried_again_before_anything_new(
    learner: User, course: Course
) -> None:
    slug = questions_of("transformer")[0]
    answered(learner, slug, 0)
    found = step(learner, course)
    assert found is not None
    assert found.href == f"/questions/{slug}/"
    assert found.why.startswith("Try this one again")


def test_nothing_waits_for_a_concept_that_is_not_passed(learner: User, course: Course) -> None:
    work = work_of(learner, course)
    concepts = concepts_of(course, learner)
    for _ in range(len(concepts)):
        progress = progress_by_concept(learner, course, work)
        found = next_step(concepts, work, progress)
        assert found is not None
        chosen = next(one for one in concepts if one.slug == found.concept)
        assert all(progress[one.pk].reached is Reached.PASSED for one in chosen.learn_before.all())
        pass_all(learner, chosen.slug)
        work = work_of(learner, course)
    assert next_step(concepts, work, progress_by_concept(learner, course, work)) is None


def test_who_is_not_in_an_open_course_sees_the_map_and_no_step(
    client: Client, course: Course
) -> None:
    client.force_login(User.objects.create_user("stranger"))
    html = client.get(MAP).content.decode()
    assert 'data-slug="transformer"' in html
    assert "Next best step" not in html


def test_the_map_of_a_closed_course_does_not_exist_for_strangers(
    client: Client, course: Course
) -> None:
    Course.objects.update(is_open=False)
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(MAP).status_code == 404
    assert client.get("/courses/sparse-attention/glossary/").status_code == 404


def test_a_course_without_concepts_says_what_will_be_here(client: Client, learner: User) -> None:
    empty = Course.objects.create(slug="empty", title="Empty", summary="None.")
    Enrolment.objects.create(user=learner, course=empty)
    client.force_login(learner)
    html = client.get("/courses/empty/map/").content.decode()
    assert "Their map will stand here" in html
    assert "<svg class=" not in html.split("<main")[1]


def test_the_map_is_small_and_takes_few_queries(
    page: Client, course: Course, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(12):
        response = page.get(MAP)
    assert len(response.content) < 100_000


@pytest.mark.parametrize("path", [MAP, "/courses/sparse-attention/glossary/", "/search/"])
def test_who_has_not_signed_in_is_asked_to(client: Client, course: Course, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")
