import re

import pytest
from django.test import Client

from assessments.models import Course


def test_every_concept_renders_with_its_neighbours(page: Client, course: Course) -> None:
    for concept in course.concepts.all():
        html = page.get(f"/concepts/{concept.slug}/").content.decode()
        assert concept.title in html
        for other in [*concept.learn_before.all(), *concept.learn_after.all()]:
            assert f'href="/concepts/{other.slug}/"' in html


def test_siblings_that_share_a_prerequisite_are_related(page: Client, course: Course) -> None:
    html = page.get("/concepts/local-window/").content.decode()
    related = html[html.index('id="related"') :]
    assert 'href="/concepts/global-tokens/"' in related


def test_the_picture_comes_before_the_text(page: Client, course: Course) -> None:
    html = page.get("/concepts/local-window/").content.decode()
    assert html.index('class="mask"') < html.index('class="prose"')


def test_a_query_can_be_chosen_without_a_script(page: Client, course: Course) -> None:
    html = page.get("/concepts/local-window/?query=2").content.decode()
    assert "query 2 sees 2 keys: 1, 2" in html
    assert re.findall(r'class="mask-row chosen" data-query="(\d+)"', html) == ["2"]


def test_the_picture_is_told_as_a_table_too(page: Client, course: Course) -> None:
    html = page.get("/concepts/local-window/").content.decode()
    assert '<th scope="row">20</th><td>4</td><td>17–20</td>' in html


@pytest.mark.parametrize("nonsense", ["0", "-1", "99999", "x", "", "٣", "1" * 40, "<script>"])
def test_a_query_that_does_not_exist_is_no_error(
    page: Client, course: Course, nonsense: str
) -> None:
    response = page.get("/concepts/local-window/", {"query": nonsense})
    assert response.status_code == 200
    assert response.content.decode().count("mask-row chosen") == 1


def test_an_unknown_concept_is_not_found(page: Client) -> None:
    response = page.get("/concepts/no-such-thing/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
