from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from assessments.models import Attempt, Response, Submission, User
from assessments.services import attempt_for
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.assessments.web import verdicts

NUMERIC = "/questions/keys-of-one-query/"
CHOICE = "/questions/masked-dense-flaw/"
CODE = "/questions/sliding-window/"


def right_number(learner: User) -> int:
    attempt = attempt_for(learner, Question.objects.get(slug="keys-of-one-query"))
    variant: Any = variant_of(attempt.version, attempt.seed)
    return int(variant.right)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_wrong_number_is_met_with_feedback_and_can_be_corrected(
    page: Client, learner: User
) -> None:
    right = right_number(learner)
    wrong = text(page.post(NUMERIC, {"number": f"{right + 1_000:,}"}, follow=True))
    assert "Not yet." in wrong
    assert f"Read as {right + 1_000:,}." in wrong
    corrected = text(page.post(NUMERIC, {"number": str(right)}, follow=True))
    assert "Right." in corrected
    assert "Explanation" in corrected


def test_the_explanation_waits_until_it_helps(page: Client, learner: User) -> None:
    wrong = str(right_number(learner) + 1_000)
    assert "Explanation" not in text(page.post(NUMERIC, {"number": wrong}, follow=True))
    assert "Explanation" in text(page.post(NUMERIC, {"number": wrong}, follow=True))


def test_what_is_no_number_is_told_at_the_field_and_not_kept(page: Client, learner: User) -> None:
    response = page.post(NUMERIC, {"number": 'four "keys" <b>'})
    assert response.status_code == 422
    assert 'value="four &quot;keys&quot; &lt;b&gt;"' in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert not Response.objects.exists()


def test_trying_again_draws_other_numbers(page: Client, learner: User) -> None:
    right = right_number(learner)
    page.post(NUMERIC, {"number": str(right)})
    assert page.post(f"{NUMERIC}again/")["Location"] == NUMERIC
    assert Attempt.objects.filter(learner=learner).count() == 2


def test_at_a_withdrawn_question_answers_stay_and_nothing_begins_anew(
    page: Client, learner: User
) -> None:
    wrong = right_number(learner) + 1_000
    page.post(NUMERIC, {"number": str(wrong)})
    Question.objects.update(live=None)
    shown = text(page.get(NUMERIC))
    assert "withdrawn" in shown
    assert f"Read as {wrong:,}." in shown
    again = page.post(f"{NUMERIC}again/", follow=True)
    assert "no new attempt begins" in text(again)
    assert Attempt.objects.filter(learner=learner).count() == 1


def test_a_choice_is_marked_and_shown_again_as_taken(page: Client, learner: User) -> None:
    html = text(page.post(CHOICE, {"choice": "1"}, follow=True))
    assert 'value="1" required checked' in html
    assert 'id="feedback"' in html


def test_nothing_chosen_is_told_and_not_kept(page: Client, learner: User) -> None:
    response = page.post(CHOICE, {"choice": "7"})
    assert response.status_code == 422
    assert "Choose one" in text(response)
    assert not Response.objects.exists()


def test_the_page_of_a_question_does_not_give_its_answer_away(page: Client, learner: User) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug="masked-dense-flaw"))
    html = text(page.get(CHOICE))
    for choice in attempt.version.content["choices"]:
        assert choice["feedback"] not in html
    form = html[html.index("<fieldset") : html.index("</fieldset>")]
    assert "checked" not in form
    assert "true" not in form.lower()


def test_a_submission_is_kept_and_leads_to_its_page(page: Client, attempt: Attempt) -> None:
    response = page.post(CODE, {"source": "def attention():\r\n    pass\r\n"})
    kept = Submission.objects.get()
    assert bytes(kept.source) == b"def attention():\n    pass\n"
    assert response["Location"] == f"/submissions/{kept.pk}/"


def test_a_file_is_kept_byte_for_byte_and_goes_before_the_text(
    page: Client, attempt: Attempt
) -> None:
    raw = b"\xef\xbb\xbfdef f():\r\n\tpass\x00\xff"
    page.post(CODE, {"source": "typed", "file": SimpleUploadedFile("mine.py", raw)})
    assert bytes(Submission.objects.get().source) == raw


def test_a_source_that_is_too_large_is_refused_at_the_form(page: Client, attempt: Attempt) -> None:
    typed = "# " + "x" * 100_000
    response = page.post(CODE, {"source": typed})
    assert response.status_code == 413
    assert typed in text(response)
    assert "100,000 bytes" in text(response)
    assert not Submission.objects.exists()


def test_a_file_that_is_too_large_leaves_the_typed_text(page: Client, attempt: Attempt) -> None:
    large = SimpleUploadedFile("large.py", b"x" * 300_000)
    response = page.post(CODE, {"source": "typed so far", "file": large})
    assert response.status_code == 413
    assert "typed so far" in text(response)


def test_too_many_submissions_are_refused_with_the_text_kept(
    page: Client, attempt: Attempt, settings: Any
) -> None:
    settings.SUBMISSIONS_UNFINISHED = 1
    page.post(CODE, {"source": "first"})
    response = page.post(CODE, {"source": "second </textarea><script>"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert "second &lt;/textarea&gt;&lt;script&gt;" in text(response)
    assert Submission.objects.count() == 1


def test_a_second_submission_while_one_is_graded_is_taken(page: Client, attempt: Attempt) -> None:
    for source in ("first", "second"):
        assert page.post(CODE, {"source": source}).status_code == 302
    assert Submission.objects.count() == 2


def test_the_editor_goes_on_from_the_last_submission(page: Client, attempt: Attempt) -> None:
    starter = attempt.version.content["starter"].splitlines()[0]
    assert escape(starter) in text(page.get(CODE))
    verdicts.submission(attempt, b"\n# mine </textarea><b>\n")
    html = text(page.get(CODE))
    assert ">\n\n# mine &lt;/textarea&gt;&lt;b&gt;\n</textarea>" in html
    assert "</textarea><b>" not in html


def test_a_source_that_is_not_text_can_still_be_shown(page: Client, attempt: Attempt) -> None:
    verdicts.submission(attempt, b"\xff\xfe\x00 </script>")
    html = text(page.get(CODE))
    assert "\ufffd" in html
    assert "</script>\\" not in html


def test_the_exercise_shows_its_pattern_drawn_from_the_algebra(page: Client, learner: User) -> None:
    html = text(page.get(f"{CODE}?query=8"))
    assert "query 8 sees 6 keys: 3, 4, 5, 6, 7, 8" in html
    assert "n = 24, window = 6" in html


def test_an_unknown_question_is_not_found(page: Client) -> None:
    assert page.get("/questions/no-such-thing/").status_code == 404


@pytest.mark.parametrize("path", [NUMERIC, CHOICE, CODE])
def test_a_question_page_takes_fewer_than_15_queries(
    page: Client,
    learner: User,
    attempt: Attempt,
    path: str,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(12):
        verdicts.record(verdicts.submission(attempt), verdicts.wrong_pairs())
    page.get(path)
    with django_assert_max_num_queries(14):
        page.get(path)
