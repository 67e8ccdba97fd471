"""Code by the API: sent in once, judged, its verdict read with its ETag."""

import base64
import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from assessments.models import Attempt, Course, Grading, Submission, User
from assessments.services.sittings import begin
from grader.contract import Failure
from tests.assessments.api.conftest import Api
from tests.assessments.web import verdicts
from tests.cast.sittings import assessment

HERE = "/api/v1/submissions/"
SOURCE = "def attention(q, k, v, window):\n    return v\n"
SENT = {"question": "sliding-window", "source": SOURCE}


@pytest.fixture
def mine(learner: User, api: Api) -> Client:
    return api(learner)


def post(client: Client, body: Any, **headers: str) -> HttpResponse:
    return client.post(HERE, body, "application/json", headers=headers)


def judged(answer: Any) -> Submission:
    kept = Submission.objects.get(pk=answer.json()["id"])
    return verdicts.record(kept, verdicts.passed())


def test_it_waits_is_judged_and_tells_its_verdict(mine: Client) -> None:
    sent = post(mine, SENT)
    assert (sent.status_code, sent.json()["state"]) == (201, "queued")
    first = mine.get(sent["Location"])
    assert first.json()["verdict"] is None
    known = {"If-None-Match": first["ETag"]}
    assert mine.get(sent["Location"], headers=known).status_code == 304
    judged(sent)
    last = mine.get(sent["Location"], headers=known).json()
    assert (last["state"], last["passed"]) == ("done", True)
    assert last["verdict"]["checks"][0]["name"] == "correctness"
    assert set(last["verdict"]) == {
        *("exercise", "passed", "failure", "message", "checks", "device", "seconds", "evidence"),
    }


def test_how_far_the_judging_is_is_told(mine: Client) -> None:
    sent = post(mine, SENT)
    Grading.objects.update(state="running", stage="timing", stage_done=3, stage_total=8)
    now = mine.get(sent["Location"]).json()
    assert [now[name] for name in ("stage", "stage_done", "stage_total", "place")] == [
        "timing", 3, 8, None,
    ]  # fmt: skip


def test_the_bytes_arrive_as_they_are(mine: Client) -> None:
    for sent, raw in (
        ({"source": "  x = 'höh'\r\n\n"}, "  x = 'höh'\r\n\n".encode()),
        ({"source_base64": base64.b64encode(b"\xff\0").decode()}, b"\xff\0"),
        ({"source": ""}, b""),
    ):
        made = post(mine, {"question": "sliding-window"} | sent)
        assert made.status_code == 201
        assert bytes(Submission.objects.get(pk=made.json()["id"]).source) == raw
        back = mine.get(f"{made['Location']}source/").json()
        assert base64.b64decode(back["source_base64"]) == raw


def test_the_same_code_again_is_answered_by_its_first_submission(mine: Client) -> None:
    first = post(mine, SENT)
    again = post(mine, SENT | {"source": SOURCE + "\n# the same\n"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert Submission.objects.count() == 1


def test_the_same_key_is_the_same_submission(mine: Client) -> None:
    both = [post(mine, SENT, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in both] == [201, 201]
    assert both[1]["Location"] == both[0]["Location"]
    other = post(mine, SENT | {"source": "x = 2"}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (409, "Idempotency-Key")
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_the_same_key_are_one_submission(learner: User, api: Api) -> None:
    start, answers, clients = threading.Barrier(4), [], [api(learner) for _ in range(4)]

    def send(client: Client) -> None:
        start.wait()
        answers.append(post(client, SENT, **{"Idempotency-Key": "k"}))
        connection.close()

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Submission.objects.count() == Grading.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"question": "which-cut", "source": "x"}, 400, "question"),
        ({"question": "no-such", "source": "x"}, 404, None),
        ({"attempt": 10**9, "source": "x"}, 404, None),
        ({"attempt": 10**30, "source": "x"}, 400, "attempt"),
        ({"source": "x"}, 400, "question"),
        ({"question": "sliding-window"}, 400, "source"),
        (SENT | {"source_base64": "eA=="}, 400, "source"),
        ({"question": "sliding-window", "source_base64": "e"}, 400, "source_base64"),
        ({"question": "sliding-window", "source": "a\0b"}, 400, "source"),
        ({"question": "sliding-window", "source": 7 * [1]}, 400, "source"),
        (SENT | {"device": "cuda"}, 400, "device"),
        (SENT | {"source": "#" * 100_001}, 413, "source"),
        (SENT | {"source": "ö" * 60_000}, 413, "source"),
    ],
)
def test_what_is_no_submission_is_refused_by_name(
    mine: Client, body: dict[str, Any], status: int, field: str | None
) -> None:
    refused = post(mine, body)
    assert refused.status_code == status, refused.content
    fields = [error["field"] for error in refused.json()["errors"]]
    assert fields == ([] if field is None else [field])
    assert not Submission.objects.exists()


def test_too_many_at_once_are_told_when_to_come_back(mine: Client, settings: Any) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 1
    judged(post(mine, SENT))
    refused = post(mine, SENT | {"source": "x = 2"})
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "within a minute" in refused.json()["detail"]


def test_what_a_person_has_to_look_at_is_held_and_not_decided(mine: Client) -> None:
    sent = post(mine, SENT)
    kept = Submission.objects.get(pk=sent.json()["id"])
    told = verdicts.failed(Failure.INCONCLUSIVE, "A person looks at it.")
    verdicts.record(kept, told.model_copy(update={"held": "Too fast by half."}))
    told = mine.get(sent["Location"])
    assert (told.json()["held"], told.json()["passed"]) == (True, None)
    assert "Too fast by half" not in told.content.decode()


def test_in_a_sitting_it_is_sent_for_its_attempt(
    mine: Client, learner: User, course: Course, teammate: User, api: Api
) -> None:
    sat = begin(learner, assessment(course, "sliding-window")).attempts.get()
    refused = post(mine, SENT)
    assert (refused.status_code, refused.json()["type"]) == (
        403, "urn:sparring:problem:closed-by-exam",
    )  # fmt: skip
    body = {"attempt": sat.pk, "source": SOURCE}
    sent = post(mine, body)
    assert (sent.status_code, sent.json()["released"]) == (201, False)
    assert post(api(teammate), body).status_code == 404
    assert Attempt.objects.filter(learner=teammate).count() == 0
    mine.post(f"/api/v1/sittings/{sat.sitting_id}/hand-in/")
    late = post(mine, body | {"source": "x = 3"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:sparring:problem:sitting-over")


def test_a_list_reads_no_verdict_and_few_rows_cost_as_many_queries_as_many(
    mine: Client, code_attempt: Attempt, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        kept = verdicts.submission(code_attempt, b"x = %d" % number)
        verdicts.record(kept, verdicts.passed())
    with django_assert_max_num_queries(8) as seen:
        assert len(mine.get(HERE).json()["results"]) == 12
    assert not any('"verdict"' in query["sql"] for query in seen.captured_queries)
