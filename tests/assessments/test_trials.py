"""A code question's own solutions are graded before it is published."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import F
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis import Redis

from assessments import access
from assessments.admin.questions.usage import with_usage
from assessments.models import Attempt, Course, Enrolment, Grading, Submission, User
from assessments.services import attempt_for, record_stage, record_verdict, submit_code
from assessments.services.authoring import hand_in_and_publish, publish, roll_back
from assessments.services.forecast import typical_seconds
from assessments.services.trials import Found, Standing, begin_trial, trial_of, trial_passed
from assessments.web.states import State, standings
from grader.contract import Failure
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.models import Draft, Question, QuestionVersion
from tests.cast.code import NAMES, code_content, code_handed_in
from tests.cast.people import person
from tests.cast.questions import put_live
from tests.cast.queues import code, jobs_in, stage_of, take_job, verdict_of

pytestmark = pytest.mark.django_db

AS_EXPECTED = (None, Failure.WRONG_PAIRS, Failure.WRONG_OUTPUT)
"""The verdicts that the solutions of ``NAMES`` are expected to get."""

Begun = Callable[..., None]


@pytest.fixture
def author(course: Course) -> User:
    return person("author", course, Enrolment.Role.INSTRUCTOR)


@pytest.fixture
def draft(author: User) -> Draft:
    return code_handed_in(author.pk)


@pytest.fixture
def version(draft: Draft) -> QuestionVersion:
    assert draft.proposed is not None
    return draft.proposed


@pytest.fixture
def begin(
    author: User, broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Begun:
    def begin(version: QuestionVersion, by: User | None = None) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            begin_trial(version, by or author)

    return begin


@pytest.fixture
def judge(broker: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks):
    """Have the jobs that wait get these verdicts, one after the other as the queue sends them."""

    def judge(*failures: Failure | None) -> None:
        for failure in failures:
            with django_capture_on_commit_callbacks(execute=True):
                assert record_verdict(verdict_of(take_job(broker), failure))

    return judge


def found(version: QuestionVersion) -> list[Found]:
    return [one.found for one in trial_of(version).solutions]


def give_up(version: QuestionVersion, place: int) -> None:
    """Let the grading of a solution end as a machine's fault leaves it."""
    Grading.objects.filter(submission__attempt__version=version, submission__number=place).update(
        state=Grading.State.DONE, failure=Failure.UNAVAILABLE, passed=None
    )


def test_without_a_trial_nothing_has_been_found(version: QuestionVersion) -> None:
    assert trial_of(version).standing is Standing.NONE
    assert not trial_passed(version)


def test_each_solution_is_submitted_by_the_author_as_it_stands_in_the_version(
    version: QuestionVersion, author: User, begin: Begun
) -> None:
    begin(version)
    attempt = Attempt.objects.get(purpose=Attempt.Purpose.TRIAL)
    assert (attempt.learner, attempt.version) == (author, version)
    sources = [bytes(one.source).decode() for one in attempt.submissions.order_by("number")]
    assert sources == [one["source"] for one in version.content["solutions"]]
    assert {one.kind for one in Grading.objects.all()} == {Grading.Kind.TRIAL}


def test_the_grading_machine_gets_the_exercise_and_never_what_is_expected(
    version: QuestionVersion, begin: Begun, broker: Redis
) -> None:
    begin(version)
    (job,) = jobs_in(broker)
    assert job.exercise.model_dump(mode="json") == version.content["exercise"]
    assert "expected" not in job.model_dump_json()


def test_a_trial_waits_is_judged_and_passes_with_the_verdicts_that_are_expected(
    version: QuestionVersion, begin: Begun, judge, broker: Redis
) -> None:
    begin(version)
    assert found(version) == [Found.WAITING] * 3
    record_stage(stage_of(jobs_in(broker)[0], "pairs"))
    assert found(version) == [Found.JUDGING, Found.WAITING, Found.WAITING]
    judge(*AS_EXPECTED[:2])
    assert found(version) == [Found.EXPECTED, Found.EXPECTED, Found.WAITING]
    assert trial_of(version).standing is Standing.RUNNING
    judge(*AS_EXPECTED[2:])
    assert trial_passed(version)


@pytest.mark.parametrize(
    ("verdicts", "standing"),
    [
        (AS_EXPECTED, Standing.PASSED),
        ((Failure.TOO_SLOW, *AS_EXPECTED[1:]), Standing.FAILED),
        ((None, None, AS_EXPECTED[2]), Standing.FAILED),
        ((None, Failure.WRONG_OUTPUT, Failure.WRONG_OUTPUT), Standing.FAILED),
    ],
)
def test_a_trial_passes_only_where_every_solution_comes_out_as_expected(
    version: QuestionVersion, begin: Begun, judge, verdicts, standing: Standing
) -> None:
    begin(version)
    judge(*verdicts)
    assert trial_of(version).standing is standing
    assert trial_passed(version) is (standing is Standing.PASSED)


def test_a_solution_may_have_one_of_several_verdicts(author: User, begin: Begun, judge) -> None:
    solutions = code_content()["solutions"]
    either = solutions[1] | {"expected": ["wrong_pairs", "wrong_output"]}
    draft = code_handed_in(author.pk, solutions=[solutions[0], either])
    assert draft.proposed is not None
    begin(draft.proposed)
    judge(None, Failure.WRONG_OUTPUT)
    assert trial_passed(draft.proposed)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_what_could_not_be_judged_counts_neither_way_and_is_judged_again_alone(
    version: QuestionVersion, begin: Begun, judge, broker: Redis, place: int
) -> None:
    begin(version)
    judge(*AS_EXPECTED)
    give_up(version, place)
    assert trial_of(version).standing is Standing.UNDECIDED
    assert found(version)[place - 1] is Found.UNDECIDED
    begin(version)
    assert found(version).count(Found.WAITING) == 1
    assert Attempt.objects.filter(version=version).count() == 1
    judge(AS_EXPECTED[place - 1])
    assert trial_passed(version)


def test_what_is_too_noisy_to_decide_is_measured_again_by_itself(
    version: QuestionVersion, begin: Begun, judge
) -> None:
    begin(version)
    judge(Failure.INCONCLUSIVE)
    assert found(version)[0] is Found.WAITING
    again = Grading.objects.get(submission__number=1, counts=True)
    assert (again.kind, again.retry) == (Grading.Kind.TRIAL, 1)


def test_a_trial_that_runs_or_has_passed_is_not_begun_again(
    version: QuestionVersion, begin: Begun, judge, author: User
) -> None:
    begin(version)
    begin(version, person("another"))
    judge(*AS_EXPECTED)
    begin(version)
    assert Attempt.objects.filter(version=version).count() == 1
    assert Grading.objects.count() == 3


def test_after_a_failed_trial_another_one_speaks_for_the_version(
    version: QuestionVersion, begin: Begun, judge
) -> None:
    begin(version)
    judge(Failure.CRASHED, *AS_EXPECTED[1:])
    begin(version)
    assert found(version) == [Found.WAITING] * 3
    judge(*AS_EXPECTED)
    assert trial_passed(version)


@pytest.mark.parametrize(("kept", "told"), [([0], "has to fail"), ([1, 2], "has to pass")])
def test_solutions_of_one_kind_alone_show_nothing(author: User, kept: list[int], told: str) -> None:
    solutions = [code_content()["solutions"][place] for place in kept]
    draft = code_handed_in(author.pk, solutions=solutions)
    assert draft.proposed is not None
    with pytest.raises(AuthoringError, match=f"add one that {told} to"):
        begin_trial(draft.proposed, author)
    with pytest.raises(AuthoringError, match=f"add one that {told} to"):
        publish(draft, author)


def test_a_question_of_another_kind_has_no_trial(author: User) -> None:
    version = Question.objects.get(slug="which-cut").live
    assert version is not None
    with pytest.raises(AuthoringError, match="Only code questions"):
        begin_trial(version, author)


def test_learners_come_first(
    version: QuestionVersion, begin: Begun, judge, learner: User, broker: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    begin(version)
    attempt = attempt_for(learner, Question.objects.get(slug="sliding-window"))
    with django_capture_on_commit_callbacks(execute=True):
        submit_code(learner, attempt, code(1))
    judge(AS_EXPECTED[0])
    assert jobs_in(broker)[0].exercise.slug == "sliding-window"


# Publishing


def test_an_untried_exercise_is_not_published(draft: Draft, author: User) -> None:
    with pytest.raises(AuthoringError, match="Run the trial of version 1 first"):
        publish(draft, author)
    assert Question.objects.get(pk=draft.question_id).live is None


def test_handing_in_and_publishing_at_once_leaves_it_handed_in(author: User) -> None:
    draft = authoring.new_question("near-the-diagonal", code_content(), author.pk)
    with pytest.raises(AuthoringError, match="Run the trial"):
        hand_in_and_publish(draft, author, revision=draft.revision)
    draft.refresh_from_db()
    assert draft.proposed is not None


def test_while_its_trial_runs_it_is_not_published(
    draft: Draft, version: QuestionVersion, author: User, begin: Begun
) -> None:
    begin(version)
    with pytest.raises(AuthoringError, match="still being graded"):
        publish(draft, author)


def test_a_refusal_says_what_came_and_what_was_expected(
    draft: Draft, version: QuestionVersion, author: User, begin: Begun, judge
) -> None:
    begin(version)
    judge(Failure.TOO_SLOW, Failure.WRONG_PAIRS, None)
    told = "model came out as too slow, not as passed; no_scale came out as passed, not as wrong"
    with pytest.raises(AuthoringError, match=told):
        publish(draft, author)


def test_an_undecided_trial_is_no_fault_of_the_exercise(
    draft: Draft, version: QuestionVersion, author: User, begin: Begun, judge
) -> None:
    begin(version)
    judge(*AS_EXPECTED)
    give_up(version, 1)
    with pytest.raises(AuthoringError, match="model could not be judged"):
        publish(draft, author)


def test_after_a_passed_trial_it_is_published(
    draft: Draft, version: QuestionVersion, author: User, begin: Begun, judge
) -> None:
    begin(version)
    judge(*AS_EXPECTED)
    assert publish(draft, author) == version
    assert Question.objects.get(pk=draft.question_id).live == version


def test_a_passed_trial_speaks_for_its_own_version_only(
    draft: Draft, version: QuestionVersion, author: User, begin: Begun, judge
) -> None:
    begin(version)
    judge(*AS_EXPECTED)
    changed = draft.content | {"solutions": draft.content["solutions"][:2]}
    draft = authoring.save_draft(draft, changed, author.pk, revision=draft.revision)
    with pytest.raises(AuthoringError, match="Run the trial of version 2 first"):
        hand_in_and_publish(draft, author, revision=draft.revision)


def test_other_words_about_the_same_exercise_need_no_trial(author: User) -> None:
    draft = authoring.draft_of(Question.objects.get(slug="sliding-window"), author.pk)
    changed = draft.content | {"statement": "In other words."}
    draft = authoring.save_draft(draft, changed, author.pk, revision=draft.revision)
    assert hand_in_and_publish(draft, author, revision=draft.revision).number == 2


def test_another_exercise_under_the_same_name_needs_one(author: User) -> None:
    draft = authoring.draft_of(Question.objects.get(slug="sliding-window"), author.pk)
    changed = draft.content | {"exercise": code_content()["exercise"]}
    draft = authoring.save_draft(draft, changed, author.pk, revision=draft.revision)
    with pytest.raises(AuthoringError, match="one that has to pass and one that has to fail"):
        hand_in_and_publish(draft, author, revision=draft.revision)


def test_rolling_back_to_what_never_passed_needs_a_trial(author: User, begin: Begun, judge) -> None:
    question = Question.objects.get(slug="sliding-window")
    never = put_live(question, **code_content())
    put_live(question, title="After it", exercise=code_content()["exercise"] | {"title": "Else"})
    question.refresh_from_db()
    with pytest.raises(AuthoringError, match="Run the trial of version 2 first"):
        roll_back(question, never, author)
    begin(never)
    judge(*AS_EXPECTED)
    roll_back(question, never, author)
    question.refresh_from_db()
    assert question.live == never


def test_rolling_back_to_what_came_from_files_needs_none(author: User) -> None:
    question = Question.objects.get(slug="sliding-window")
    loaded = question.live
    assert loaded is not None
    put_live(question, **code_content())
    question.refresh_from_db()
    roll_back(question, loaded, author)
    question.refresh_from_db()
    assert question.live == loaded


# Nobody's work


@pytest.fixture
def tried(draft: Draft, version: QuestionVersion, course: Course, begin: Begun, judge) -> Question:
    """A question in the course whose trial has passed, published."""
    begin(version)
    judge(*AS_EXPECTED)
    question = draft.question
    course.items.create(question=question, position=9)
    publish(draft, Attempt.objects.get(version=version).learner)
    question.refresh_from_db()
    return question


def test_a_trial_is_no_use_of_the_question(tried: Question) -> None:
    told = with_usage(Question.objects.filter(pk=tried.pk)).get()
    assert (told.begun, told.decided, told.solved) == (0, 0, 0)


def test_its_author_has_not_solved_the_question_by_it(tried: Question, author: User) -> None:
    assert standings(author, [tried])[tried.pk].state is State.NEW
    fresh = attempt_for(author, tried)
    assert (fresh.purpose, fresh.number) == (Attempt.Purpose.PRACTICE, 1)


def test_a_trial_is_read_by_its_author_and_whoever_looks_at_questions(
    tried: Question, author: User, instructor: User, learner: User, stranger: User
) -> None:
    submission = Submission.objects.filter(attempt__version=tried.live)[0]
    admin = User.objects.create_superuser("admin")
    cast = (author, admin, instructor, learner, stranger, AnonymousUser())
    readers = [one for one in cast if submission in access.readable_submissions(one)]
    assert readers == [author, admin]


def test_a_trial_is_among_nobodys_attempts(
    tried: Question, author: User, instructor: User, learner: User
) -> None:
    admin = User.objects.create_superuser("admin")
    for one in (author, instructor, learner, admin):
        assert not access.visible_attempts(one).exists()
        assert not access.visible_submissions(one).exists()


def test_nobody_reviews_or_regrades_a_trial(tried: Question) -> None:
    admin = User.objects.create_superuser("admin")
    Grading.objects.update(held="It looks at the clock.")
    assert not access.reviewable_gradings(admin).exists()
    assert not access.regradable_submissions(admin).exists()
    assert Submission.objects.count() == len(NAMES)


def test_how_long_a_trial_takes_is_no_forecast_for_learners(tried: Question) -> None:
    Grading.objects.update(started_at=F("created_at"))
    assert typical_seconds("cpu") == {}
    Grading.objects.update(kind=Grading.Kind.LIVE)
    cache.clear()
    assert typical_seconds("cpu") != {}
