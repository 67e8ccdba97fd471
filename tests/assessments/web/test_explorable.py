"""A concept's page: its picture as it is set, its terms, and whether it helped."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments.models import Course, Enrolment, User, Vote
from assessments.web.prose import render
from assessments.web.sliders import explorable
from assessments.web.terms import Linked
from question_bank.models import Concept

PAGE = "/concepts/global-stabilisation/"


def figures(slug: str, **asked: str) -> dict[str, str]:
    drawn = explorable(Concept.objects.get(slug=slug), asked, None)
    assert drawn is not None
    return {one.name: one.value for one in drawn.figures}


def test_figures_follow_what_is_set(course: Course) -> None:
    told = figures("global-stabilisation", w="4", g="1", n="10")
    pairs = sum(min(i, 5) for i in range(1, 11))
    assert told["Pairs"] == str(pairs) == "40"
    assert told["Share of all n · n pairs"] == "40.0 %"
    assert told["Share of the causal pairs"] == f"{100 * pairs / 55:.1f} %"
    assert told["Operations of one head"] == f"{4 * 128 * pairs:,}"
    assert told["Keys kept in the cache"] == "5"
    assert told["Bytes of cache"] == "640 KiB", "5 entries of 128 KiB in Llama 3 8B"


def test_a_text_shorter_than_the_window_keeps_all(course: Course) -> None:
    assert figures("local-window", w="16", n="3")["Keys kept in the cache"] == "3"


def test_two_sided_patterns_have_no_cache(course: Course) -> None:
    assert "Keys kept in the cache" not in figures("global-tokens")


@pytest.mark.parametrize("slug", ["local-window", "bigbird", "sparse-classification"])
def test_every_setting_within_its_bounds_is_drawn(course: Course, slug: str) -> None:
    concept = Concept.objects.get(slug=slug)
    first = explorable(concept, {}, None)
    assert first is not None
    for setting in first.settings:
        for value in (setting.low, setting.high):
            drawn = explorable(concept, {setting.name: str(value)}, None)
            assert drawn is not None
            assert {one.name: one.value for one in drawn.settings}[setting.name] == value


@pytest.mark.parametrize("nonsense", ["0", "99", "-1", "x", "", "٣", "1" * 40])
def test_nonsense_is_kept_within_the_bounds(course: Course, nonsense: str) -> None:
    drawn = explorable(Concept.objects.get(slug="local-window"), {"w": nonsense}, None)
    assert drawn is not None
    assert 1 <= drawn.settings[0].value <= 16


def test_settings_work_without_a_script(page: Client, course: Course) -> None:
    html = page.get(PAGE, {"w": "3", "g": "1", "n": "12", "query": "9"}).content.decode()
    assert "query 9 sees 4 keys: 1, 7, 8, 9" in html
    assert re.search(r'name="w" id="set-w" min="1" max="\d+" value="3"', html)
    assert "causal &amp; (sinks(1) | window(3)), n = 12" in html


def test_a_part_of_the_page_follows_with_its_words(page: Client, course: Course) -> None:
    html = page.get(f"{PAGE}pattern/", {"w": "3", "g": "1", "n": "12"}).content.decode()
    assert "<html" not in html
    assert "w = 3, g = 1, n = 12; Pairs: 42" in html


def test_a_concept_without_a_pattern_has_no_such_part(page: Client, course: Course) -> None:
    assert page.get("/concepts/transformer/pattern/").status_code == 404


def test_the_part_of_a_closed_course_does_not_exist_for_strangers(
    client: Client, course: Course
) -> None:
    Course.objects.update(is_open=False)
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(f"{PAGE}pattern/").status_code == 404
    assert client.post(f"{PAGE}helpful/", {"helped": "yes"}).status_code == 404
    assert not Vote.objects.exists()


def test_a_vote_is_one_and_can_be_changed(page: Client, learner: User, course: Course) -> None:
    page.post(f"{PAGE}helpful/", {"helped": "yes", "comment": " Clear. "})
    page.post(f"{PAGE}helpful/", {"helped": "no", "comment": "Too short."})
    vote = Vote.objects.get()
    assert (vote.user, vote.helped, vote.comment) == (learner, False, "Too short.")
    html = page.get(PAGE).content.decode()
    assert "You said that it did not help." in html
    assert "Too short." in html


@pytest.mark.parametrize("nonsense", [{}, {"helped": ""}, {"helped": "maybe"}])
def test_a_vote_that_says_nothing_is_none(
    page: Client, course: Course, nonsense: dict[str, str]
) -> None:
    page.post(f"{PAGE}helpful/", nonsense)
    assert not Vote.objects.exists()


def test_only_who_teaches_sees_the_counts(
    page: Client, client: Client, course: Course, enrol: Callable[..., User]
) -> None:
    page.post(f"{PAGE}helpful/", {"helped": "yes"})
    assert "It helped 1 learner" not in page.get(PAGE).content.decode()
    client.force_login(enrol("teacher", Enrolment.Role.INSTRUCTOR))
    assert "It helped 1 learner" in client.get(PAGE).content.decode()


def test_a_comment_is_seen_in_the_admin_by_those_who_teach_its_course_alone(
    page: Client, client: Client, course: Course, enrol: Callable[..., User]
) -> None:
    page.post(f"{PAGE}helpful/", {"helped": "no", "comment": "Zebra."})
    other = Course.objects.create(slug="other", title="Other", summary="Another.")
    colleague = User.objects.create_user("colleague", is_staff=True)
    Enrolment.objects.create(user=colleague, course=other, role=Enrolment.Role.INSTRUCTOR)
    client.force_login(colleague)
    assert "Zebra." not in client.get("/admin/assessments/vote/").content.decode()
    teacher = enrol("teacher", Enrolment.Role.INSTRUCTOR)
    teacher.is_staff = True
    teacher.save()
    client.force_login(teacher)
    assert "Zebra." in client.get("/admin/assessments/vote/").content.decode()


def test_a_concept_takes_few_queries(
    page: Client, course: Course, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(16):
        page.get(PAGE)


CACHE = Linked("kv-cache", ("KV cache", "cache"), "/g/#kv-cache")


def test_a_term_becomes_a_link_where_it_first_stands() -> None:
    html = render("The *KV cache* grows. A cache.", (CACHE,))
    assert html.count('class="term"') == 1
    assert 'aria-describedby="term-kv-cache"' in html
    assert ">KV cache</a></em> grows. A cache." in html


@pytest.mark.parametrize(
    "text", ["## Cache", "[cache](concept:x)", "`cache`", "cached", "pre-cache", "$cache$"]
)
def test_headings_links_code_and_other_words_are_left_alone(text: str) -> None:
    assert 'class="term"' not in render(text, (CACHE,))


def test_several_are_the_same_term() -> None:
    assert ">Caches</a> grow" in render("Caches grow.", (CACHE,))


def test_every_term_of_a_concept_has_its_definition_on_the_page(
    page: Client, course: Course
) -> None:
    html = page.get(PAGE).content.decode()
    described = re.findall(r'aria-describedby="(term-[a-z0-9-]+)"', html)
    assert described
    assert all(html.count(f'<dd id="{place}">') == 1 for place in described)


def test_the_glossary_has_every_term_once(page: Client, course: Course) -> None:
    html = page.get("/courses/sparse-attention/glossary/").content.decode()
    for term in course.terms.all():
        assert html.count(f'<dt id="{term.slug}">') == 1
