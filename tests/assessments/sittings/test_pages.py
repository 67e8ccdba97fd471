"""The pages of a sitting, without script: who sees them, and that every button saves first."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Course, Response, Sitting, Submission, User
from assessments.services import attempt_for, begin, hand_in, submit_code
from assessments.services.journal import late_answer, saved_answer, states_of
from question_bank.models import Question
from question_bank.variants import variant_of
from tests.assessments.web import verdicts
from tests.cast.questions import published
from tests.cast.sittings import asks, assessment, practice
from tests.question_bank.design_items import DESIGN, answer
from tests.question_bank.test_case import CHOICE, content
from tests.question_bank.test_ordering import content as ordering

pytestmark = pytest.mark.django_db

ORDERING = ordering().model_dump(mode="json")
CODE = "def attention(q, k, v, window):\n    return v\n"


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen", "sliding-window", per_page=2)


@pytest.fixture
def page(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture
def sitting(learner: User, exam: Assessment) -> Sitting:
    return begin(learner, exam)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def saved(sitting: Sitting, place: int) -> dict[str, str]:
    attempt = sitting.attempts.get(place=place)
    return saved_answer(attempt)


def home(exam: Assessment) -> str:
    return f"/courses/{exam.course.slug}/assessments/{exam.slug}/"


def over(sitting: Sitting, *, grace: bool) -> None:
    """Let a sitting's time be over; with ``grace``, its grace time runs."""
    now = timezone.now()
    until = now + timedelta(minutes=1) if grace else now - timedelta(seconds=1)
    Sitting.objects.filter(pk=sitting.pk).update(
        due_at=now - timedelta(seconds=2), grace_until=until
    )


PAGES = ["{pk}/", "{pk}/1/", "{pk}/place/0/", "{pk}/summary/", "{pk}/over/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_sitting_is_its_learners_alone(
    client: Client,
    learner: User,
    teammate: User,
    stranger: User,
    instructor: User,
    sitting: Sitting,
    path: str,
) -> None:
    address = "/sittings/" + path.format(pk=sitting.pk)
    assert client.get(address).status_code == 302
    assert client.get(address)["Location"].startswith("/accounts/login/")
    found = {}
    for user in (learner, teammate, stranger, instructor):
        client.force_login(user)
        found[user.username] = client.get(address).status_code
    assert found.pop("learner") in {200, 302}
    assert set(found.values()) == {404}


def test_a_review_is_its_learners_and_their_instructors(
    client: Client,
    learner: User,
    teammate: User,
    stranger: User,
    instructor: User,
    sitting: Sitting,
) -> None:
    hand_in(sitting)
    address = f"/sittings/{sitting.pk}/review/"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    sees = {}
    for user in (learner, teammate, stranger, instructor):
        client.force_login(user)
        sees[user.username] = client.get(address).status_code
    assert sees == {"learner": 200, "teammate": 404, "stranger": 404, "instructor": 200}


@pytest.mark.parametrize("path", ["{pk}/1/", "{pk}/hand-in/", "{pk}/place/0/figures/"])
def test_nobody_else_sends_anything_to_a_sitting(
    client: Client, teammate: User, instructor: User, sitting: Sitting, path: str
) -> None:
    for user in (teammate, instructor):
        client.force_login(user)
        assert client.post("/sittings/" + path.format(pk=sitting.pk)).status_code == 404
    sitting.refresh_from_db()
    assert sitting.handed_in_at is None


def test_an_assessment_is_seen_in_its_course_and_before_it_is_published_by_who_teaches(
    client: Client, learner: User, stranger: User, instructor: User, exam: Assessment
) -> None:
    def sees() -> list[int]:
        found = []
        for user in (learner, stranger, instructor):
            client.force_login(user)
            found.append(client.get(home(exam)).status_code)
        return found

    assert sees() == [200, 404, 200]
    Assessment.objects.update(published_at=None)
    assert sees() == [404, 404, 200]
    client.force_login(learner)
    assert exam.title not in text(client.get(f"/courses/{exam.course.slug}/"))


def test_the_course_lists_what_is_open_what_comes_and_what_is_done(
    page: Client, learner: User, course: Course, exam: Assessment
) -> None:
    now = timezone.now()
    assessment(course, "which-cut", slug="next", title="Next", opens_at=now + timedelta(hours=1))
    done = assessment(course, "which-cut", slug="old", title="Old", sittings_allowed=1)
    hand_in(begin(learner, done))
    html = text(page.get(f"/courses/{course.slug}/"))
    order = ["Open now", ">Exam<", "Coming up", ">Next<", "Done or closed", ">Old<"]
    assert [html.index(word) for word in order] == sorted(html.index(word) for word in order)
    assert "UTC" in html


def test_conditions_name_the_own_accommodation(
    page: Client, learner: User, exam: Assessment
) -> None:
    learner.accommodations.create(
        course=exam.course, factor="1.5", given_by=learner, given_at=timezone.now()
    )
    html = text(page.get(home(exam)))
    assert "You have 1 hour 30 minutes" in html
    assert "1.5 times the usual 1 hour" in html
    assert "later than for others" in html
    assert "within 1 minute after it counts" in html


def test_a_timed_exam_begins_only_once_its_learner_is_ready(page: Client, exam: Assessment) -> None:
    assert page.post(home(exam) + "begin/").status_code == 422
    assert not Sitting.objects.exists()
    response = page.post(home(exam) + "begin/", {"ready": "1"}, follow=True)
    assert "Questions 1 to 2 of 3" in text(response)


def test_what_has_closed_says_so_and_begins_nothing(page: Client, exam: Assessment) -> None:
    Assessment.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "It has closed." in text(page.post(home(exam) + "begin/", {"ready": "1"}, follow=True))
    assert not Sitting.objects.exists()


def test_a_pool_that_is_too_small_is_told_to_those_who_teach(
    client: Client, learner: User, instructor: User, course: Course
) -> None:
    exam = assessment(course)
    asks(exam, kind="essay", draws=2)
    for user, told in ((learner, False), (instructor, True)):
        client.force_login(user)
        response = client.post(home(exam) + "begin/", {"ready": "1"})
        assert response.status_code == 409
        assert ("Place 1" in text(response)) is told
        assert "cannot begin yet" in text(response)


def test_only_those_who_teach_try_an_exam_out(
    client: Client, learner: User, instructor: User, exam: Assessment
) -> None:
    for user in (learner, instructor):
        client.force_login(user)
        client.post(home(exam) + "begin/", {"ready": "1", "test": "1"})
    assert dict(Sitting.objects.values_list("learner__username", "is_test")) == {
        "learner": False,
        "instructor": True,
    }


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
    assert "Practise this question with other values" in html


def test_an_exam_page_gives_no_hint_and_a_practice_does(
    page: Client, learner: User, course: Course, sitting: Sitting
) -> None:
    assert "Hint 1" not in text(page.get(f"/sittings/{sitting.pk}/2/"))
    hand_in(sitting)
    trained = begin(learner, practice(course, "sliding-window"))
    assert "Hint 1" in text(page.get(f"/sittings/{trained.pk}/1/"))


def test_the_practice_page_is_closed_while_an_exam_asks_its_question(
    client: Client, learner: User, teammate: User, sitting: Sitting
) -> None:
    earlier = submit_code(
        learner, attempt_for(learner, Question.objects.get(slug="sliding-window")), b"pass"
    )
    paths = [
        "/questions/keys-seen/",
        "/questions/sliding-window/",
        "/questions/sliding-window/submissions/",
        f"/submissions/{earlier.pk}/",
    ]
    client.force_login(learner)
    for path in paths:
        response = client.get(path)
        assert response.status_code == 403
        assert "part of Exam, which you are sitting" in text(response)
    assert client.post("/questions/keys-seen/", {"number": "1"}).status_code == 403
    assert client.post("/questions/keys-seen/again/").status_code == 403
    client.force_login(teammate)
    assert client.get(paths[0]).status_code == 200
    hand_in(sitting)
    client.force_login(learner)
    assert [client.get(path).status_code for path in paths] == [200] * 4


@pytest.fixture
def judged(learner: User, sitting: Sitting, page: Client) -> Submission:
    """A failed submission and a wrong answer of a sitting that is handed in, not released."""
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "1000000", "go": "summary"})
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submission = submit_code(learner, attempt, CODE.encode())
    verdicts.record(submission, verdicts.wrong_pairs())
    hand_in(sitting)
    return submission


SECRETS = [
    "Some queries see the wrong keys",
    "Not yet.",
    "Explanation",
    "not passed",
    "0 of 1",
    "wrong",
]


def pages_of(judged: Submission) -> list[str]:
    sitting = judged.attempt.sitting
    assert sitting is not None
    return [
        home(sitting.assessment),
        f"/courses/{sitting.assessment.course.slug}/",
        f"/sittings/{sitting.pk}/review/",
        f"/submissions/{judged.pk}/",
        "/questions/sliding-window/",
        "/questions/sliding-window/submissions/",
    ]


def test_before_its_release_no_page_tells_a_mark_or_a_verdict(
    page: Client, judged: Submission
) -> None:
    for path in pages_of(judged):
        html = text(page.get(path))
        if path != "/questions/sliding-window/":
            assert [word for word in SECRETS if word in html] == [], path
    assert "judged" in text(page.get(f"/submissions/{judged.pk}/"))
    htmx = {"HTTP_HX_REQUEST": "true"}
    verdict = page.get(f"/submissions/{judged.pk}/verdict/", **htmx)
    assert verdict.status_code == 404
    progress = page.get(f"/submissions/{judged.pk}/progress/", **htmx)
    assert (progress.status_code, progress.content) == (286, b"")
    assert page.get(f"/submissions/{judged.pk}/source.py").status_code == 200


def test_stages_of_the_judging_are_not_told_before_the_release(
    page: Client, learner: User, sitting: Sitting
) -> None:
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submission = submit_code(learner, attempt, CODE.encode())
    submission.gradings.update(state="running", stage="timing")
    html = text(page.get(f"/submissions/{submission.pk}/"))
    assert "received, being judged" in html
    assert "iming" not in html
    assert page.get(f"/submissions/{submission.pk}/progress/").status_code == 204


def test_once_released_the_review_tells_all(page: Client, judged: Submission) -> None:
    Assessment.objects.update(released_at=timezone.now())
    sitting = judged.attempt.sitting
    assert sitting is not None
    html = text(page.get(f"/sittings/{sitting.pk}/review/"))
    assert "0 of 3 points" in html
    assert "Not yet." in html
    assert "Explanation" in html
    verdict = text(page.get(f"/submissions/{judged.pk}/"))
    assert "Some queries see the wrong keys" in verdict
    assert f'href="/sittings/{sitting.pk}/place/2/"' in verdict


def test_whoever_teaches_sees_the_marks_before_the_release(
    client: Client, instructor: User, judged: Submission
) -> None:
    client.force_login(instructor)
    sitting = judged.attempt.sitting
    assert sitting is not None
    assert "0 of 3 points" in text(client.get(f"/sittings/{sitting.pk}/review/"))
    assert "Some queries see the wrong keys" in text(client.get(f"/submissions/{judged.pk}/"))


def test_what_is_not_judged_yet_makes_a_range(
    page: Client, learner: User, sitting: Sitting
) -> None:
    Assessment.objects.update(released_at=timezone.now())
    attempt = sitting.attempts.select_related("version", "question").get(place=2)
    submit_code(learner, attempt, CODE.encode())
    hand_in(sitting)
    html = text(page.get(f"/sittings/{sitting.pk}/review/"))
    assert "0 to 1 of 3 points, some not decided yet" in html


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


def test_what_came_too_late_is_kept_in_the_journal(page: Client, sitting: Sitting) -> None:
    over(sitting, grace=False)
    page.post(f"/sittings/{sitting.pk}/1/", {"q1-number": "18", "go": "2"})
    assert late_answer(sitting.attempts.get(place=1)) == {"number": "18"}
