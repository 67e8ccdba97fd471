"""The trial on a question's page: begun, followed, and what it means for publishing."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Grading, Submission, User
from assessments.services.trials import begin_trial
from grader.contract import Failure, Verdict
from question_bank import authoring
from question_bank.models import Draft, Question
from tests.assessments.admin.conftest import SignedIn
from tests.assessments.admin.forms import sent_by
from tests.assessments.admin.test_question_page import address, do, text_of
from tests.cast.code import NAMES, code_content, code_handed_in
from tests.cast.questions import put_live

pytestmark = pytest.mark.django_db

EXPECTED = (None, Failure.WRONG_PAIRS, Failure.WRONG_OUTPUT)
Settle = Callable[..., None]


@pytest.fixture
def draft(author: User) -> Draft:
    return code_handed_in(author.pk)


@pytest.fixture
def settle() -> Settle:
    """Let the solutions have these verdicts; one fewer than there are leaves the others waiting."""

    def settle(*failures: Failure | None) -> None:
        for number, failure in enumerate(failures, start=1):
            decided = failure not in {Failure.UNAVAILABLE, Failure.INCONCLUSIVE}
            Grading.objects.filter(submission__number=number).update(
                state=Grading.State.DONE,
                failure=failure or "",
                passed=failure is None if decided else None,
                verdict={"message": f"Verdict <{number}>"},
            )

    return settle


def fragment(client: Client, draft: Draft, **asked: str) -> HttpResponse:
    path = f"/admin/question_bank/question/{draft.question_id}/trial/1/"
    return client.get(path, asked)  # type: ignore[return-value]


def test_the_author_runs_the_trial_from_the_page(
    draft: Draft, author: User, signed_in: SignedIn
) -> None:
    client = signed_in(author)
    assert "Run the trial" in text_of(client, draft.question)
    assert do(client, draft.question, "try", version=draft.proposed_id).status_code == 302
    page = text_of(client, draft.question)
    assert "0 of 3 solutions have a verdict" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Run the trial" not in page


def test_each_solution_has_what_was_expected_what_came_and_its_verdict(
    draft: Draft, author: User, signed_in: SignedIn, settle: Settle
) -> None:
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    settle(None, Failure.TOO_SLOW, Failure.UNAVAILABLE)
    page = text_of(signed_in(author), draft.question)
    assert "<td>wrong pairs</td>" in page
    assert '<span aria-hidden="true">✕</span> too slow' in page
    assert "our fault, not the exercise’s" in page
    assert "Verdict &lt;2&gt;" in page
    assert "Verdict &lt;1&gt;" not in page
    for submission in Submission.objects.all():
        assert f'href="/submissions/{submission.pk}/"' in page


def test_the_page_is_told_only_of_what_is_new(
    draft: Draft, author: User, signed_in: SignedIn, settle: Settle
) -> None:
    client = signed_in(author)
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    seen = fragment(client, draft).context["trial"]["mark"]
    assert fragment(client, draft, seen=seen).status_code == 204
    settle(None)
    told = fragment(client, draft, seen=seen)
    assert 'hx-trigger="every 2s"' in told.content.decode()
    assert "1 of 3 solutions have a verdict" in told.content.decode()


def test_once_it_is_done_the_page_stops_asking_and_an_editor_may_publish(
    draft: Draft, author: User, editor: User, signed_in: SignedIn, settle: Settle
) -> None:
    client = signed_in(editor)
    assert "Run the trial of version 1 first" in text_of(client, draft.question)
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    settle(*EXPECTED)
    told = fragment(client, draft).content.decode()
    assert "hx-trigger" not in told
    assert "It passed" in told
    assert "Publish version 1" in told
    assert do(client, draft.question, "publish", version=draft.proposed_id).status_code == 302
    draft.question.refresh_from_db()
    assert draft.question.live_id == draft.proposed_id


def test_without_a_passed_trial_publishing_is_refused_in_words(
    draft: Draft, author: User, editor: User, signed_in: SignedIn, settle: Settle
) -> None:
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    settle(Failure.CRASHED, *EXPECTED[1:])
    client = signed_in(editor)
    assert "Publish version" not in text_of(client, draft.question)
    refused = do(client, draft.question, "publish", version=draft.proposed_id)
    assert refused.status_code == 409
    assert "model came out as crashed, not as passed" in refused.content.decode()


def test_many_at_once_are_refused_like_one(draft: Draft, editor: User, signed_in: SignedIn) -> None:
    told = {"questions": str(draft.question_id)}
    page = signed_in(editor).post("/admin/question_bank/question/bulk/publish/", told)
    assert "stays handed in. Run the trial of version 1 first" in page.content.decode()
    confirmed = {**told, "confirm": "1", "given": ""}
    page = signed_in(editor).post("/admin/question_bank/question/bulk/publish/", confirmed)
    assert "Run the trial of version 1 first" in page.content.decode()
    draft.question.refresh_from_db()
    assert draft.question.live is None


def test_handing_in_and_publishing_says_that_it_is_handed_in(
    editor: User, signed_in: SignedIn
) -> None:
    draft = authoring.new_question("near-the-diagonal", code_content(), editor.pk)
    page = f"/admin/question_bank/draft/{draft.pk}/change/"
    client = signed_in(editor)
    sent = sent_by(client.get(page).content)
    told = client.post(page, sent | {"do": "publish"}).content.decode()
    assert "Handed in, but not published" in told
    assert "Run the trial of version 1 first" in told


def test_a_version_that_was_live_can_be_tried_before_a_roll_back(
    question: Question, editor: User, signed_in: SignedIn
) -> None:
    code = Question.objects.get(slug="sliding-window")
    never = put_live(code, **code_content())
    put_live(code, title="After it", exercise=code_content()["exercise"] | {"title": "Else"})
    client = signed_in(editor)
    refused = do(client, code, "roll-back", version=never.pk)
    assert "Run the trial of version 2 first" in refused.content.decode()
    page = text_of(client, code, trial="2")
    assert "Trial of version 2" in page
    assert do(client, code, "try", version=never.pk).status_code == 302
    assert Grading.objects.count() == len(NAMES)


def test_reviewers_follow_a_trial_and_run_none(
    draft: Draft, author: User, reviewer: User, signed_in: SignedIn
) -> None:
    client = signed_in(reviewer)
    assert "Run the trial" not in text_of(client, draft.question)
    assert do(client, draft.question, "try", version=draft.proposed_id).status_code == 403
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    assert fragment(client, draft).status_code == 200
    assert client.get(f"/submissions/{Submission.objects.all()[0].pk}/").status_code == 200


def test_who_may_not_look_at_questions_is_told_nothing_of_a_trial(
    draft: Draft, author: User, nobody: User, learner: User, signed_in: SignedIn
) -> None:
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    submission = Submission.objects.all()[0]
    assert fragment(signed_in(nobody), draft).status_code == 403
    assert fragment(signed_in(learner), draft).status_code == 302
    for user in (nobody, learner):
        assert signed_in(user).get(f"/submissions/{submission.pk}/").status_code == 404


def test_a_question_without_code_has_no_trial(
    admin_client: Client, question: Question, draft: Draft
) -> None:
    assert "Trial of version" not in text_of(admin_client, question)
    path = f"/admin/question_bank/question/{question.pk}/trial/1/"
    assert admin_client.get(path).status_code == 404
    refused = do(admin_client, question, "try", version=question.live_id)
    assert "Only code questions have a trial" in refused.content.decode()


def test_following_a_trial_takes_few_queries(
    draft: Draft, author: User, signed_in: SignedIn
) -> None:
    client = signed_in(author)
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as queries:
        assert fragment(client, draft).status_code == 200
    assert len(queries) < 20
    assert client.get(address(draft.question)).status_code == 200


def test_the_page_of_a_verdict_names_the_solution_and_leads_back_to_its_trial(
    draft: Draft, author: User, signed_in: SignedIn
) -> None:
    begin_trial(draft.proposed, author)  # type: ignore[arg-type]
    submission = Submission.objects.get(number=3)
    verdict = Verdict(
        exercise="near-the-diagonal",
        passed=False,
        failure=Failure.WRONG_OUTPUT,
        message="The numbers are wrong.",
        device="cpu",
        seconds=1.0,
    )
    submission.gradings.update(
        state=Grading.State.DONE,
        failure="wrong_output",
        passed=False,
        verdict=verdict.model_dump(mode="json"),
    )
    page = signed_in(author).get(f"/submissions/{submission.pk}/").content.decode()
    assert "Solution no_scale" in page
    assert f'href="{address(draft.question)}?trial=1#trial"' in page
    assert "/questions/near-the-diagonal/" not in page
