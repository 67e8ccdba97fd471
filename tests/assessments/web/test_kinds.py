"""Each kind of question that is answered on its page: asked, marked, corrected, refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from assessments.models import Response, User
from assessments.services import attempt_for
from question_bank.models import Question
from question_bank.variants import variant_of


def variant(learner: User, slug: str) -> Any:
    attempt = attempt_for(learner, Question.objects.get(slug=slug))
    return attempt.version.content, variant_of(attempt.version, attempt.seed)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def ticks(content: Any, page: Any) -> dict[str, str]:
    right = {choice["text"] for choice in content["choices"] if choice["correct"]}
    return {f"choice-{n}": "on" for n, shown in enumerate(page.choices) if shown in right}


def matches(content: Any, page: Any) -> dict[str, str]:
    fits = {pair["premise"]: pair["option"] for pair in content["pairs"]}
    return {
        f"match-{n}": str(page.options.index(fits[premise]))
        for n, premise in enumerate(page.premises)
    }


def words(content: Any, page: Any) -> dict[str, str]:
    return {"words": content["accepted"][0]["words"]}


RIGHT: dict[str, Callable[[Any, Any], dict[str, str]]] = {
    "what-shrinks-the-cache": ticks,
    "mechanisms-and-savings": matches,
    "where-idle-heads-look": words,
}


@pytest.mark.parametrize("slug", RIGHT)
def test_the_right_answer_is_right_and_explained(page: Client, learner: User, slug: str) -> None:
    answer = RIGHT[slug](*_content_and_page(learner, slug))
    html = text(page.post(f"/questions/{slug}/", answer, follow=True))
    assert "Right." in html
    assert "Explanation" in html


def _content_and_page(learner: User, slug: str) -> tuple[Any, Any]:
    content, made = variant(learner, slug)
    return content, made.page


@pytest.mark.parametrize("slug", [*RIGHT, "case-long-conversations"])
def test_no_answer_is_refused_in_words_and_not_kept(page: Client, slug: str) -> None:
    response = page.post(f"/questions/{slug}/", {})
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert not Response.objects.exists()


def test_an_answer_in_part_says_how_much_it_earns_and_keeps_the_ticks(
    page: Client, learner: User
) -> None:
    content, shown = _content_and_page(learner, "what-shrinks-the-cache")
    answer = ticks(content, shown)
    dropped = answer.popitem()[0]
    html = text(page.post("/questions/what-shrinks-the-cache/", answer, follow=True))
    assert "Partly right: 67 % of the credit." in html
    for field in answer:
        assert f'name="{field}" checked' in html
    assert f'name="{dropped}" checked' not in html
    assert "Right, and not ticked" in html


def test_each_page_says_how_it_is_marked_and_not_what_is_right(page: Client, learner: User) -> None:
    html = text(page.get("/questions/what-shrinks-the-cache/"))
    assert "the share of the wrong choices that you tick" in html
    content, _ = _content_and_page(learner, "what-shrinks-the-cache")
    for choice in content["choices"]:
        assert choice["feedback"][:40] not in html


def test_what_is_typed_as_markup_is_shown_as_it_is(page: Client) -> None:
    typed = "<b>*sinks*</b> [x](javascript:alert(1))"
    html = text(page.post("/questions/where-idle-heads-look/", {"words": typed}, follow=True))
    assert "&lt;b&gt;*sinks*&lt;/b&gt;" in html
    assert 'href="javascript' not in html


def test_a_case_is_answered_part_by_part_and_marked_together(page: Client, learner: User) -> None:
    slug = "case-long-conversations"
    content, made = variant(learner, slug)
    choice, _, multi = made.page.parts
    first = content["parts"][0]["question"]["choices"]
    right = next(one["text"] for one in first if one["correct"])
    answer = {
        "part-0-choice": str(choice.choices.index(right)),
        "part-1-number": "1",
        **{f"part-2-{k}": v for k, v in ticks(content["parts"][2]["question"], multi).items()},
    }
    html = text(page.post(f"/questions/{slug}/", answer, follow=True))
    assert "Partly right: 50 % of the credit." in html
    assert 'name="part-1-number"' in html
    assert "min(i," in html or "smaller of" in html


def test_a_case_keeps_what_was_typed_where_one_part_cannot_be_read(page: Client) -> None:
    answer = {"part-0-choice": "0", "part-1-number": "many", "part-2-choice-1": "on"}
    html = text(page.post("/questions/case-long-conversations/", answer))
    assert "Question 2: This is not a number" in html
    assert 'value="many"' in html
    assert 'name="part-2-choice-1" checked' in html
