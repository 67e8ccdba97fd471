"""The page of a verdict, for what only some exercises check."""

import pytest
from django.test import Client

from assessments.models import Attempt
from tests.assessments.web import costs, verdicts


def html_of(page: Client, attempt: Attempt, name: str) -> str:
    kept = verdicts.record(verdicts.submission(attempt), costs.EVERY[name])
    return page.get(f"/submissions/{kept.pk}/").content.decode()


@pytest.mark.parametrize("name", costs.EVERY)
def test_every_check_has_its_line_and_its_state_in_words(
    page: Client, attempt: Attempt, name: str
) -> None:
    html = html_of(page, attempt, name)
    verdict = costs.EVERY[name]
    assert html.count('<details class="check"') == len(verdict.checks)
    assert html.count("> passed:</span>") == sum(check.passed for check in verdict.checks)


def test_the_work_is_told_for_information_and_has_no_state(page: Client, attempt: Attempt) -> None:
    html = html_of(page, attempt, "masked dense")
    assert html.count('<details class="work check" open>') == 1
    assert "Work done<span" in html
    assert "for information:" in html


def test_the_steps_to_try_fit_the_check_that_failed(page: Client, attempt: Attempt) -> None:
    assert "Count your shifts" in html_of(page, attempt, "a shift too many")


def test_nothing_is_left_to_try_while_a_person_decides(page: Client, attempt: Attempt) -> None:
    html = html_of(page, attempt, "held")
    assert "What to try next" not in html
    assert "0.00001 s of CPU time" in html
