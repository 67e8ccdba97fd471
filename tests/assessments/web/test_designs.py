"""The page of a design: worked out as it is made, by button or by itself, and marked."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from assessments.models import Course, Response, User
from question_bank.models import Question
from tests.cast.questions import published
from tests.question_bank.design_items import DESIGN, answer

ADDRESS, LIVE = "/questions/a-stack/", "/questions/a-stack/figures/"


@pytest.fixture(autouse=True)
def stack(course: Course) -> Question:
    return published(course, "a-stack", DESIGN)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def sent(page: Client, address: str, **values: object) -> str:
    return page.post(address, answer(**values), follow=True).content.decode()


def test_the_form_begins_with_what_there_is_today(page: Client) -> None:
    html = page.get(ADDRESS).content.decode()
    assert 'name="dense" value="32"' in html
    told = words(html)
    assert "2 of 3 requirements met." in told
    assert "Cache 64 GiB at most 32 GiB ✕ not met" in told
    assert "Llama 3 8B on one H100 SXM, texts of 65,536 tokens." in told


def test_every_figure_has_its_formula_as_mathml(page: Client) -> None:
    html = page.get(ADDRESS).content.decode()
    formulas = html.split('class="formulas"')[1].split("</details>")[0]
    assert formulas.count("<math") > 15
    assert "$" not in formulas
    assert "Pope et al., 2022, section 2" in formulas


def test_figures_are_worked_out_without_script_and_nothing_is_kept(page: Client) -> None:
    html = sent(page, ADDRESS, look="figures", bits=8)
    assert "3 of 3 requirements met." in words(html)
    assert 'value="figures" formnovalidate autofocus' in html
    assert "Windows bound what is kept.</textarea>" in html
    assert not Response.objects.exists()


def test_figures_follow_the_form_and_nothing_is_kept(page: Client) -> None:
    html = sent(page, LIVE, dense=0, windowed=32)
    assert "Layers that see all 0 at least 4 ✕ not met" in words(html)
    assert '<p id="standing" hx-swap-oob="innerHTML">2 of 3 requirements met.</p>' in html
    assert "<html" not in html
    assert not Response.objects.exists()


def test_a_number_that_is_none_is_told_at_its_field_and_stays(page: Client) -> None:
    response = page.post(ADDRESS, answer(window="wide <b>", dense=7))
    html = response.content.decode()
    assert response.status_code == 422
    assert '<p class="errors" id="window-fault">Give a whole number from 64 to 65,536.</p>' in html
    assert 'id="layers-fault">They add up to 31; Llama 3 8B has 32 layers.</p>' in html
    assert 'value="wide &lt;b&gt;"' in html
    assert "2 things need another value before it can be worked out" in html
    assert html.count('aria-invalid="true" data-faults') == 4
    assert not Response.objects.exists()


def test_a_fault_is_told_live_and_so_is_its_end(page: Client) -> None:
    broken = sent(page, LIVE, batch=0)
    assert 'id="batch-fault" hx-swap-oob="innerHTML">0 is not a whole number' in broken
    assert "Not worked out: 1 thing needs another value." in words(broken)
    assert 'id="batch-fault" hx-swap-oob="innerHTML"></p>' in sent(page, LIVE)


def test_a_number_that_was_not_offered_stays_to_be_seen(page: Client) -> None:
    html = sent(page, ADDRESS, bits=5)
    assert '<option value="5" selected>5</option>' in html
    assert "5 is not one of 16, 8, 4." in html


def test_a_design_is_marked_and_its_justification_waits(page: Client) -> None:
    told = words(sent(page, ADDRESS))
    assert "60 % of the credit so far; 40 % waits for a person." in told
    assert "Your design meets all 3 requirements." in told
    assert "✕ 64 GiB" in told


def test_what_is_missed_is_told_with_its_number(page: Client) -> None:
    told = words(sent(page, ADDRESS, dense=32, windowed=0))
    assert "40 % of the credit so far; 40 % waits for a person." in told
    assert "Cache : 64 GiB; required: at most 32 GiB. It is too large." in told
    assert "Nothing shrinks it." in told


def test_figures_are_for_those_who_see_the_question(
    client: Client, enrol: Callable[..., User]
) -> None:
    assert client.post(LIVE, answer())["HX-Refresh"] == "true"
    client.force_login(User.objects.create_user("stranger"))
    assert client.post(LIVE, answer()).status_code == 404


def test_only_designs_have_figures(page: Client) -> None:
    assert page.post("/questions/masked-dense-flaw/figures/", {}).status_code == 404
    assert page.get(LIVE).status_code == 405


def test_the_budget_is_drawn_and_told_and_follows_the_form(page: Client) -> None:
    begun = words(page.get(ADDRESS).content.decode())
    assert "KV cache 64 GiB, of 74.51 GiB." in begun
    assert "Over by 4.451 GiB." in begun
    html = sent(page, LIVE, bits=8)
    assert "KV cache 9.5 GiB, of 74.51 GiB. 50.05 GiB left." in words(html)
    assert html.count('class="plot"') >= 1


def test_what_is_no_design_has_no_picture(page: Client) -> None:
    assert 'class="plot"' not in sent(page, LIVE, dense=7)
