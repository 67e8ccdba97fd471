"""Nobody learns by the API what they may not know yet: keys, explanations, marks held back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Attempt, Course, Sitting, Submission, User
from assessments.services import attempt_for, record_response
from assessments.services.sittings import begin
from question_bank.courses import BUILT_IN
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.assessments.api.world import handed_in_exam
from tests.assessments.web import verdicts
from tests.cast.courses import loaded
from tests.cast.people import person
from tests.cast.sittings import assessment

API = "/api/v1"
#: Where a content says what is right, or what is said once somebody has answered.
KEYS = {
    *("explanation", "feedback", "otherwise", "misconceptions", "solutions", "tests", "answer"),
    *("answers", "model_answer", "designs", "accepted", "correct", "typed", "mistakes"),
}


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value that are long enough to be known again."""
    if isinstance(value, dict):
        for within in value.values():
            yield from texts(within)
    elif isinstance(value, list):
        for within in value:
            yield from texts(within)
    elif isinstance(value, str) and len(value) > 12:
        yield value


def keys_of(content: Any) -> Iterator[str]:
    """Yield the texts of a content that its learner is not told before they answer."""
    if isinstance(content, dict):
        for name, within in content.items():
            yield from texts(within) if name in KEYS else keys_of(within)
    elif isinstance(content, list):
        for within in content:
            yield from keys_of(within)


def open_to_all(content: Any) -> Iterator[str]:
    """Yield the other texts of a content: a wrong choice may share its words with the feedback."""
    if isinstance(content, dict):
        for name, within in content.items():
            if name not in KEYS:
                yield from open_to_all(within)
    elif isinstance(content, list):
        for within in content:
            yield from open_to_all(within)
    elif isinstance(content, str):
        yield content


def packed(text: str) -> str:
    """Return a text as it stands within JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def shown(answer: HttpResponse) -> str:
    assert answer.status_code < 300, answer.content
    return answer.content.decode()


@pytest.fixture
def browser(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


@pytest.mark.django_db
def test_no_question_of_the_built_in_course_gives_its_key_away() -> None:
    course = loaded(BUILT_IN)
    learner, client = person("learner", course), Client()
    client.force_login(learner)
    kinds = set()
    for question in course.questions.select_related("live"):
        assert question.live is not None
        begun = client.post(f"{API}/attempts/", {"question": question.slug}, "application/json")
        told = [
            shown(client.get(f"{API}/questions/{question.slug}/")),
            shown(client.get(f"{API}/questions/{question.slug}/variants/3/")),
            shown(begun),
            shown(client.get(f"{API}/attempts/{begun.json()['id']}/")),
        ]
        content = question.live.content
        visible = packed("\n".join(open_to_all(content)))
        keys = {packed(text) for text in keys_of(content)}
        given_away = [key for key in keys if any(key in one for one in told)]
        assert [key for key in given_away if key not in visible] == [], question
        kinds.add(question.kind)
        assert begun.json()["explanation"] is None
    assert kinds == set(Question.Kind)


def test_an_exam_tells_nothing_of_its_marks_before_they_are_released(
    browser: Client, course: Course, learner: User
) -> None:
    sitting = handed_in_exam(course, learner)
    assert all_told(browser, sitting) == {
        "sitting": (False, None), "lines": {None}, "responses": {None}, "explanations": {None},
        "submission": (False, None, None, None), "results": [("hidden", None, None, 0)],
    }  # fmt: skip


def test_it_tells_all_of_them_once_they_are(browser: Client, course: Course, learner: User) -> None:
    sitting = handed_in_exam(course, learner)
    Assessment.objects.filter(pk=sitting.assessment_id).update(released_at=timezone.now())
    told = all_told(browser, sitting)
    score = {"least": "1.00", "most": "2.00", "of": "3.00", "decided": False}
    assert told["sitting"][0] is True
    assert told["sitting"][1]["of"] == score["of"]
    assert None not in told["responses"] | told["explanations"]
    released, passed, verdict, place = told["submission"]
    assert (released, passed, verdict["exercise"], place) == (True, True, "sliding-window", None)
    assert told["results"][0][0] != "hidden"


def all_told(browser: Client, sitting: Sitting) -> dict[str, Any]:
    """Return what the API tells of a sitting by all of its ways."""

    def get(path: str) -> Any:
        return json.loads(shown(browser.get(API + path)))

    whole = get(f"/sittings/{sitting.pk}/")
    attempts = [get(f"/attempts/{one['attempt']}/") for one in whole["questions"]]
    rows = get(f"/responses/?sitting={sitting.pk}")["results"]
    single = [get(f"/responses/{row['id']}/") for row in rows]
    nested = [one["response"] for one in attempts if one["response"]]
    code = Submission.objects.get(attempt__sitting=sitting)
    one = get(f"/submissions/{code.pk}/")
    (line,) = get(f"/submissions/?sitting={sitting.pk}")["results"]
    assert (line["released"], line["passed"]) == (one["released"], one["passed"])
    results = get(f"/courses/{sitting.assessment.course.slug}/results/")["results"]
    assert rows
    return {
        "sitting": (whole["released"], whole["score"]),
        "lines": {json.dumps(each["score"]) if each["score"] else None
                  for each in whole["questions"]},
        "responses": {json.dumps(each["mark"]) if each["mark"] else None
                      for each in [*rows, *single, *nested]},
        "explanations": {each["explanation"] for each in attempts},
        "submission": (one["released"], one["passed"], one["verdict"], one["place"]),
        "results": [(each["standing"], each["score"], each["sitting"], each["waiting"])
                    for each in results],
    }  # fmt: skip


def test_a_practice_explains_after_a_second_try(browser: Client, learner: User) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug="which-cut"))
    wrong = wrong_choice(attempt)
    path = f"{API}/attempts/{attempt.pk}/"
    record_response(attempt, wrong)
    assert browser.get(path).json()["explanation"] is None
    record_response(attempt, wrong)
    assert browser.get(path).json()["explanation"]


def test_a_mark_never_holds_the_right_answer(browser: Client, learner: User) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug="keys-seen"))
    response = record_response(attempt, {"number": "1"})
    told = browser.get(f"{API}/responses/{response.pk}/").json()
    assert set(told["mark"]) == {"earned", "waiting", "given", "feedback", "rubric"}


def wrong_choice(attempt: Attempt) -> dict[str, str]:
    variant = variant_of(attempt.version, attempt.seed)
    answers = ({"choice": str(place)} for place in range(3))
    return next(one for one in answers if not variant.mark(one).fraction)  # type: ignore[attr-defined]


def test_an_exam_closes_the_practice_of_what_it_asks(
    browser: Client, course: Course, learner: User
) -> None:
    attempt = attempt_for(learner, Question.objects.get(slug="sliding-window"))
    kept = verdicts.record(verdicts.submission(attempt), verdicts.passed())
    begin(learner, assessment(course, "sliding-window"))
    for path in (
        f"/attempts/{attempt.pk}/", f"/attempts/{attempt.pk}/answer/",
        f"/submissions/{kept.pk}/", f"/submissions/{kept.pk}/source/",
        "/questions/sliding-window/variants/0/",
    ):  # fmt: skip
        refused = browser.get(API + path)
        assert (refused.status_code, refused.json()["type"]) == (
            403, "urn:sparring:problem:closed-by-exam",
        ), path  # fmt: skip
    assert browser.get(f"{API}/submissions/").json()["results"] == []
    seen = browser.get(f"{API}/attempts/").json()["results"]
    assert [row["purpose"] for row in seen] == ["sitting"]
    for body in ({"question": "sliding-window", "source": "x = 1"},):
        refused = browser.post(f"{API}/submissions/", body, "application/json")
        assert refused.status_code == 403
