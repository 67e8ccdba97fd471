"""The pages of a sitting, without script: every button saves first."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from assessments.models import Assessment, Course, Response, Sitting, Submission, User
from assessments.services import begin, hand_in
from assessments.services.journal import late_answer, states_of
from question_bank.variants import variant_of
from tests.assessments.sittings.pages import CODE, ORDERING, home, over, saved, text
from tests.assessments.web import verdicts
from tests.cast.questions import published
from tests.cast.sittings import assessment, practice
from tests.question_bank.design_items import DESIGN, answer
from tests.question_bank.test_case import CHOICE, content

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("button", "leads"),
    [
        ("2", "/sittings/{pk}/2/"),
        ("summary", "/sittings/{pk}/summary/"),
        ("9", "/sittings/{pk}/1/"),
    ],
)
def test_every_way_on_saves_first(page: Client, sitting: Sitting, button: str, leads: str) -> None:
    typed = {"q0-choice": "1", "q1-number": "17", "go": button}
    response = page.post(f"/sittings/{sitting.pk}/1/", typed)
    assert response["Location"] == leads.format(pk=sitting.pk)
    assert (saved(sitting, 0), saved(sitting, 1)) == ({"choice": "1"}, {"number": "17"})
    html = text(page.get(f"/sittings/{sitting.pk}/1/"))
    assert 'name="q1-number"' in html
    assert 'value="17"' in html


def test_what_was_typed_earlier_can_be_taken_back(page: Client, sitting: Sitting) -> None:
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "2"})
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "", "go": "2"})
    assert not saved(sitting, 1).get("number")
    assert 'value="17"' not in text(page.get(f"/sittings/{sitting.pk}/1/"))


def test_an_untouched_form_saves_no_answer(page: Client, learner: User, course: Course) -> None:
    published(course, "stack", DESIGN)
    exam = assessment(course, "sliding-window", "stack")
    sitting = begin(learner, exam)
    code: Any = variant_of(*_pins(sitting, 0)).page
    design: Any = variant_of(*_pins(sitting, 1)).page
    page.post(f"/sittings/{sitting.pk}/1/", {"source": code.starter, "go": "2"})
    page.post(f"/sittings/{sitting.pk}/2/", {**design.start.as_answer(), "go": "1"})
    assert (saved(sitting, 0), saved(sitting, 1)) == ({}, {})


def _pins(sitting: Sitting, place: int) -> tuple[Any, int]:
    attempt = sitting.attempts.select_related("version").get(place=place)
    return attempt.version, attempt.seed


def test_a_question_is_flagged_and_unflagged(page: Client, sitting: Sitting) -> None:
    address = f"/sittings/{sitting.pk}/1/"
    page.post(address, {"q1-number": "17", "flag": "1:1"})
    assert sitting.attempts.get(is_flagged=True).place == 1
    assert saved(sitting, 1) == {"number": "17"}
    assert "to come back to" in text(page.get(address))
    page.post(address, {"flag": "1:0"})
    assert not sitting.attempts.filter(is_flagged=True).exists()


def test_the_summary_tells_what_is_missing(page: Client, learner: User, sitting: Sitting) -> None:
    page.post(f"/sittings/{sitting.pk}/1/", {"q0-choice": "1", "go": "2"})
    page.post(f"/sittings/{sitting.pk}/2/", {"source": CODE, "go": "summary"})
    html = text(page.get(f"/sittings/{sitting.pk}/summary/"))
    assert "2 questions are not answered yet" in html
    assert "Code that you have not submitted is submitted when you hand in" in html
    page.post(f"/sittings/{sitting.pk}/2/", {"source": CODE, "go": "submit"})
    html = text(page.get(f"/sittings/{sitting.pk}/summary/"))
    assert "1 question is not answered yet" in html


def test_handing_in_leads_to_the_review(page: Client, sitting: Sitting) -> None:
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "summary"})
    html = text(page.post(f"/sittings/{sitting.pk}/hand-in/", follow=True))
    assert "Your answers have been received" in html
    assert 'value="17"' in html
    assert Response.objects.get().answer == {"number": "17"}
    assert page.get(f"/sittings/{sitting.pk}/1/")["Location"].endswith("/review/")


def test_code_is_submitted_from_the_sitting_and_its_verdict_waits(
    page: Client, sitting: Sitting
) -> None:
    response = page.post(f"/sittings/{sitting.pk}/2/", {"source": CODE}, follow=True)
    submission = Submission.objects.get()
    assert bytes(submission.source) == CODE.encode()
    assert "received, being judged" in text(response)
    verdicts.record(submission, verdicts.wrong_pairs())
    again = page.post(f"/sittings/{sitting.pk}/2/", {"source": CODE, "go": "submit"}, follow=True)
    assert "submitted this code already" in text(again)
    assert ">judged" in text(again)


def test_an_answer_in_the_grace_time_counts(page: Client, sitting: Sitting) -> None:
    over(sitting, grace=True)
    response = page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "2"})
    assert response["Location"].endswith("/over/")
    html = text(page.get(response["Location"]))
    assert "counts if it arrives by" in html
    assert saved(sitting, 1) == {"number": "17"}
    assert page.get(f"/sittings/{sitting.pk}/2/")["Location"].endswith("/over/")


def test_code_in_the_grace_time_is_not_submitted_but_its_draft_is_kept(
    page: Client, sitting: Sitting
) -> None:
    over(sitting, grace=True)
    page.post(f"/sittings/{sitting.pk}/2/", {"source": CODE, "go": "submit"})
    assert not Submission.objects.exists()
    over(sitting, grace=False)
    page.get(f"/sittings/{sitting.pk}/")
    assert bytes(Submission.objects.get().source) == CODE.encode()


def test_what_comes_too_late_is_shown_and_does_not_count(page: Client, sitting: Sitting) -> None:
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "2"})
    over(sitting, grace=False)
    response = page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "1 <b>8", "go": "2"})
    assert response.status_code == 409
    assert "1 &lt;b&gt;8" in text(response)
    sitting.refresh_from_db()
    assert sitting.by_clock
    assert Response.objects.get().answer == {"number": "17"}


def test_a_page_opened_after_the_end_hands_in_by_itself(page: Client, sitting: Sitting) -> None:
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "2"})
    over(sitting, grace=False)
    html = text(page.get(f"/sittings/{sitting.pk}/1/", follow=True))
    assert "Handed in by the clock" in html
    assert Response.objects.get().answer == {"number": "17"}


def test_buttons_of_one_question_leave_the_others_as_typed(
    page: Client, learner: User, course: Course
) -> None:
    published(course, "in-order", ORDERING)
    sitting = begin(learner, assessment(course, "keys-seen", "in-order", per_page=5))
    typed = {"q0-number": "17", "q1-order": "0,1,2,3", "move": "q1-order:0:down"}
    html = text(page.post(f"/sittings/{sitting.pk}/1/", typed))
    assert 'name="q1-order" value="1,0,2,3"' in html
    assert 'value="17"' in html
    assert saved(sitting, 1) == {"order": "1,0,2,3"}


def test_parts_of_a_case_keep_to_their_question(
    page: Client, learner: User, course: Course
) -> None:
    published(course, "case", content(parts=[{"question": CHOICE}, {"question": CHOICE}]))
    sitting = begin(learner, assessment(course, "keys-seen", "case", per_page=5))
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-part-1-choice": "1", "go": "summary"})
    assert saved(sitting, 1) == {"part-1-choice": "1"}
    assert 'name="q1-part-1-choice" value="1" required checked' in text(
        page.get(f"/sittings/{sitting.pk}/1/")
    )


def test_practice_answers_at_once_and_explains(page: Client, learner: User, course: Course) -> None:
    sitting = begin(learner, practice(course, "keys-seen", "which-cut"))
    attempt = sitting.attempts.select_related("version").get(place=0)
    variant: Any = variant_of(attempt.version, attempt.seed)
    address = f"/sittings/{sitting.pk}/1/"
    assert "Not yet." in text(page.post(address, {"number": "1000000"}, follow=True))
    assert page.post(address, {"number": "many", "go": "check"}).status_code == 422
    right = {"number": str(variant.right), "go": "check"}
    html = text(page.post(address, right, follow=True))
    assert "Right." in html
    assert "Ask me again in another variant" in html


def test_a_question_of_a_practice_is_asked_again_where_it_stands(
    page: Client, learner: User, course: Course
) -> None:
    sitting = begin(learner, practice(course, "which-cut", "keys-seen", per_page=2))
    address = f"/sittings/{sitting.pk}/1/"
    answered = {"q0-choice": "0", "q1-number": "1000000"}
    page.post(address, answered | {"go": "check"})
    again = page.post(address, answered | {"again": "1"})
    assert again["Location"] == f"{address}#question-2"
    assert sitting.attempts.filter(place=0, responses__isnull=False).exists()
    assert not sitting.attempts.filter(place=1, responses__isnull=False).exists()
    assert 'value="1000000"' not in text(page.get(address))


@pytest.mark.parametrize("place", ["7", "-1", "x", "\u0661", "1" * 30])
def test_a_place_that_is_none_is_not_asked_again(
    page: Client, learner: User, course: Course, place: str
) -> None:
    sitting = begin(learner, practice(course, "keys-seen"))
    before = sitting.attempts.get().pk
    page.post(f"/sittings/{sitting.pk}/1/", {"again": place}, follow=True)
    assert sitting.attempts.get().pk == before


def test_in_an_exam_nothing_is_asked_again(page: Client, learner: User, course: Course) -> None:
    sitting = begin(learner, assessment(course, "keys-seen"))
    before = sitting.attempts.get().pk
    page.post(f"/sittings/{sitting.pk}/1/", {"again": "0"}, follow=True)
    assert sitting.attempts.get().pk == before


def test_figures_of_a_design_follow_within_a_sitting(
    page: Client, learner: User, course: Course
) -> None:
    published(course, "stack", DESIGN)
    sitting = begin(learner, assessment(course, "keys-seen", "stack", per_page=5))
    html = text(page.get(f"/sittings/{sitting.pk}/2/"))
    address = f"/sittings/{sitting.pk}/place/1/figures/"
    assert f'hx-post="{address}"' in html
    assert "requirements met" in text(page.post(address, answer(dense=8, windowed=24)))


@pytest.mark.parametrize("path", ["1/", "2/", "summary/", "review/"])
def test_pages_take_few_queries(
    page: Client,
    sitting: Sitting,
    path: str,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    if path == "review/":
        hand_in(sitting)
    with django_assert_max_num_queries(14):
        assert page.get(f"/sittings/{sitting.pk}/{path}").status_code == 200


def test_the_page_of_an_assessment_takes_few_queries_however_many_sittings(
    page: Client,
    learner: User,
    exam: Assessment,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for _ in range(4):
        hand_in(begin(learner, exam))
    with django_assert_max_num_queries(14):
        page.get(home(exam))


def hidden(page: Client, address: str) -> dict[str, str]:
    """Return what a page's forms say that they show."""
    found = re.findall(r'name="(journal-seen-[^"]*)" value="([^"]*)"', text(page.get(address)))
    return {name: unescape(value) for name, value in found}


def test_a_page_left_open_does_not_undo_what_another_tab_saved(
    page: Client, sitting: Sitting
) -> None:
    address = f"/sittings/{sitting.pk}/1/"
    left_open = hidden(page, address)
    page.post(address, {"q1-number": "17", "go": "2", **left_open})
    page.post(address, {"q0-choice": "1", "q1-number": "", "go": "2", **left_open})
    assert (saved(sitting, 0), saved(sitting, 1)) == ({"choice": "1"}, {"number": "17"})


def test_two_tabs_that_answer_differently_keep_both_and_the_later_counts(
    page: Client, sitting: Sitting
) -> None:
    address = f"/sittings/{sitting.pk}/1/"
    before = hidden(page, address)
    for number in ("17", "18"):
        page.post(address, {"q1-number": number, "go": "2", **before})
    assert saved(sitting, 1) == {"number": "18"}
    (state,) = states_of(sitting.attempts.filter(place=1)).values()
    assert [tip.value for tip in state.rivals()["number"]] == ["18", "17"]


@pytest.mark.parametrize("shown", ["", "no JSON", "[]", '{"a": -1}', '{"a": "b"}'])
def test_a_form_that_does_not_say_what_it_showed_is_believed(
    page: Client, sitting: Sitting, shown: str
) -> None:
    attempt = sitting.attempts.get(place=1)
    said = {f"journal-seen-{attempt.pk}": shown, f"journal-seen-{attempt.pk}-was": shown}
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "17", "go": "2", **said})
    assert saved(sitting, 1) == {"number": "17"}


def test_moving_an_item_twice_leaves_one_order(page: Client, learner: User, course: Course) -> None:
    published(course, "in-order", ORDERING)
    sitting = begin(learner, assessment(course, "in-order"))
    address = f"/sittings/{sitting.pk}/1/"
    html = text(page.get(address))
    for move in ("order:0:down", "order:1:down", "order:2:down"):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', html))
        typed = {name: unescape(value) for name, value in fields.items()}
        html = text(page.post(address, typed | {"move": move}))
    assert saved(sitting, 0) == {"order": "1,2,3,0"}
    (state,) = states_of(sitting.attempts.all()).values()
    assert len(state.fields["order"]) == 1


def test_what_came_too_late_is_kept_in_the_journal(page: Client, sitting: Sitting) -> None:
    over(sitting, grace=False)
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "18", "go": "2"})
    assert late_answer(sitting.attempts.get(place=1)) == {"number": "18"}
