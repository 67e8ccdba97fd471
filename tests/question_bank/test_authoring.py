"""What authors and reviewers do: nothing that a learner saw changes, nobody is overwritten."""

import contextlib
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Course, User
from question_bank import authoring
from question_bank.authoring import AuthoringError, SavedMeanwhileError
from question_bank.models import Draft, Question, QuestionEvent, QuestionVersion
from tests.cast.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(course: Course) -> User:
    return person("author")


@pytest.fixture
def reviewer(course: Course) -> User:
    return person("reviewer")


@pytest.fixture
def question(course: Course) -> Question:
    return Question.objects.get(slug="which-cut")


def saved(question: Question, by: User, **changed: Any) -> Draft:
    draft = authoring.draft_of(question, by.pk)
    content = draft.content | changed
    return authoring.save_draft(draft, content, by.pk, revision=draft.revision)


def proposed(question: Question, by: User, **changed: Any) -> Draft:
    draft = saved(question, by, **(changed or {"title": "Another title"}))
    authoring.propose(draft, by.pk, revision=draft.revision)
    draft.refresh_from_db()
    return draft


def actions(question: Question) -> list[str]:
    return [event.action for event in question.events.order_by("pk")]


def test_a_draft_begins_with_what_is_live_and_changes_nothing_for_learners(
    question: Question, author: User
) -> None:
    live = question.live
    draft = saved(question, author, title="Another title")
    assert draft.based_on == live
    question.refresh_from_db()
    assert (question.live, question.title) == (live, "Which cut saves time")


def test_an_unfinished_draft_is_kept_as_it_is(question: Question, author: User) -> None:
    draft = saved(question, author, choices=[], stem="")
    assert Draft.objects.get(pk=draft.pk).content["choices"] == []
    assert authoring.problems_of(draft.content)
    with pytest.raises(AuthoringError, match="choices"):
        authoring.propose(draft, author.pk, revision=draft.revision)


def test_a_second_writer_is_told_and_overwrites_nothing(
    question: Question, author: User, reviewer: User
) -> None:
    opened = authoring.draft_of(question, author.pk)
    saved(question, reviewer, title="Mine")
    with pytest.raises(SavedMeanwhileError, match="reviewer"):
        authoring.save_draft(opened, opened.content | {"title": "No, mine"}, author.pk, revision=1)
    assert Draft.objects.get().content["title"] == "Mine"


def test_a_question_stays_of_its_kind(question: Question, author: User) -> None:
    with pytest.raises(AuthoringError, match="choice"):
        saved(question, author, kind="short")


def test_handing_in_makes_a_version_that_later_saving_leaves_alone(
    question: Question, author: User
) -> None:
    draft = proposed(question, author)
    version = draft.proposed
    assert version is not None
    draft = saved(question, author, title="Yet another")
    assert draft.proposed is None
    version.refresh_from_db()
    assert version.content["title"] == "Another title"


def test_a_draft_that_marks_wrongly_is_not_handed_in(question: Question, author: User) -> None:
    draft = saved(question, author, tests=[{"answer": "1", "credit": "0.5"}])
    with pytest.raises(AuthoringError, match="test 1, variant 0"):
        authoring.propose(draft, author.pk, revision=draft.revision)
    assert question.versions.count() == 1


def test_concepts_that_are_not_there_are_told(question: Question, author: User) -> None:
    draft = saved(question, author, concepts=["nowhere"])
    assert authoring.problems_of(draft.content) == ["concepts: there is no concept nowhere"]


def test_a_draft_that_changes_nothing_is_not_published(question: Question, author: User) -> None:
    draft = authoring.draft_of(question, author.pk)
    with pytest.raises(AuthoringError, match="live already"):
        authoring.propose(draft, author.pk, revision=draft.revision)


def test_publishing_makes_the_very_version_live_that_was_handed_in(
    question: Question, author: User
) -> None:
    draft = proposed(question, author)
    version = authoring.publish_draft(draft, author.pk, second_person=False)
    question.refresh_from_db()
    assert question.live == version == draft.proposed
    assert question.title == "Another title"
    assert not Draft.objects.exists()
    assert actions(question) == ["loaded", "started", "proposed", "published"]


def test_nothing_is_published_before_it_was_handed_in(question: Question, author: User) -> None:
    draft = saved(question, author, title="Another title")
    with pytest.raises(AuthoringError, match="Hand the draft in first"):
        authoring.publish_draft(draft, author.pk, second_person=False)


def test_a_second_person_has_to_approve_where_one_is_asked_for(
    question: Question, author: User, reviewer: User
) -> None:
    draft = proposed(question, author)
    with pytest.raises(AuthoringError, match="second person"):
        authoring.publish_draft(draft, author.pk, second_person=True)
    authoring.approve(draft, reviewer.pk)
    authoring.publish_draft(draft, author.pk, second_person=True)


def test_nobody_approves_what_they_have_written(
    question: Question, author: User, reviewer: User
) -> None:
    saved(question, reviewer, stem="A word by the reviewer. Which saves time?\n")
    draft = proposed(question, author)
    for writer in (author, reviewer):
        with pytest.raises(AuthoringError, match="Somebody else"):
            authoring.approve(draft, writer.pk)


def test_an_approval_does_not_outlive_what_it_was_for(
    question: Question, author: User, reviewer: User
) -> None:
    authoring.approve(proposed(question, author), reviewer.pk)
    draft = proposed(question, author, title="Something else")
    with pytest.raises(AuthoringError, match="second person"):
        authoring.publish_draft(draft, author.pk, second_person=True)


def test_what_is_sent_back_says_why_and_is_not_published(
    question: Question, author: User, reviewer: User
) -> None:
    draft = proposed(question, author)
    with pytest.raises(AuthoringError, match="Say what"):
        authoring.send_back(draft, reviewer.pk, note=" ")
    authoring.send_back(draft, reviewer.pk, note="The stem says too much.")
    with pytest.raises(AuthoringError, match="Hand the draft in first"):
        authoring.publish_draft(draft, author.pk, second_person=False)
    assert question.events.latest("pk").note == "The stem says too much."


def test_a_withdrawn_question_can_be_rolled_back_to(question: Question, author: User) -> None:
    live = question.live
    assert live is not None
    authoring.withdraw(question, author.pk, note="A mistake in choice 2.")
    question.refresh_from_db()
    assert question.live is None
    authoring.roll_back(question, live, author.pk)
    question.refresh_from_db()
    assert question.live == live


def test_rolling_back_is_to_what_has_been_live_only(question: Question, author: User) -> None:
    draft = proposed(question, author)
    assert draft.proposed is not None
    with pytest.raises(AuthoringError, match="has been live"):
        authoring.roll_back(question, draft.proposed, author.pk)


def test_a_discarded_draft_leaves_the_question_as_it_was(question: Question, author: User) -> None:
    live = question.live
    authoring.discard_draft(saved(question, author, title="No"), author.pk)
    question.refresh_from_db()
    assert (question.live, question.title) == (live, "Which cut saves time")
    assert actions(question)[-1] == "discarded"


def test_a_question_that_was_never_more_than_a_draft_goes_with_it(
    question: Question, author: User
) -> None:
    copy = authoring.duplicate(question, "copy", author.pk)
    assert copy.question.title == "Which cut saves time (copy)"
    authoring.discard_draft(copy, author.pk)
    assert not Question.objects.filter(slug="copy").exists()


def test_a_new_question_is_found_by_what_its_draft_says(author: User, question: Question) -> None:
    draft = authoring.duplicate(question, "copy", author.pk)
    content = draft.content | {"title": "Another", "difficulty": 5}
    authoring.save_draft(draft, content, author.pk, revision=1)
    row = Question.objects.get(slug="copy")
    assert (row.title, row.difficulty, row.live) == ("Another", 5, None)


@pytest.mark.parametrize("slug", ["", "Two Words", "under_score", "-edge", "x" * 81])
def test_a_name_is_one_that_files_may_have(question: Question, author: User, slug: str) -> None:
    with pytest.raises(AuthoringError, match="lower-case words"):
        authoring.new_question(slug, {"kind": "choice"}, author.pk)


def test_a_name_is_taken_once(question: Question, author: User) -> None:
    with pytest.raises(AuthoringError, match="already"):
        authoring.new_question("which-cut", {"kind": "choice"}, author.pk)


class Life(RuleBasedStateMachine):
    """Any order of verbs: what was live is as it was, and one version or none is live."""

    def __init__(self) -> None:
        super().__init__()
        number = User.objects.count()
        self.people = [User.objects.create(username=f"{name} {number}") for name in ("one", "two")]
        content = {
            "kind": "short",
            "title": "A word",
            "concepts": [],
            "bloom": "remember",
            "difficulty": 1,
            "source": "",
            "explanation": "",
            "stem": "Which?",
            "accepted": [{"words": "this"}],
        }
        draft = authoring.new_question(f"life-{number}", content, self.people[0].pk)
        self.question = draft.question
        self.seen: dict[int, str] = {}
        self.titles = 0

    def _try(self, verb: Any, *arguments: Any, **named: Any) -> None:
        with contextlib.suppress(AuthoringError):
            verb(*arguments, **named)

    def _draft(self) -> Draft | None:
        return Draft.objects.filter(question=self.question).first()

    @rule(who=st.integers(0, 1))
    def write(self, who: int) -> None:
        by = self.people[who].pk
        draft = authoring.draft_of(self.question, by)
        self.titles += 1
        content = draft.content | {"title": f"A word {self.titles}"}
        authoring.save_draft(draft, content, by, revision=draft.revision)

    @rule(who=st.integers(0, 1))
    def hand_in(self, who: int) -> None:
        if draft := self._draft():
            self._try(authoring.propose, draft, self.people[who].pk, revision=draft.revision)

    @rule(who=st.integers(0, 1))
    def approve(self, who: int) -> None:
        if draft := self._draft():
            self._try(authoring.approve, draft, self.people[who].pk)

    @rule(who=st.integers(0, 1), second=st.booleans())
    def publish(self, who: int, second: bool) -> None:
        if draft := self._draft():
            self._try(authoring.publish_draft, draft, self.people[who].pk, second_person=second)

    @rule()
    def withdraw(self) -> None:
        self._try(authoring.withdraw, self.question, self.people[0].pk)

    @rule(number=st.integers(1, 4))
    def roll_back(self, number: int) -> None:
        if version := self.question.versions.filter(number=number).first():
            self._try(authoring.roll_back, self.question, version, self.people[1].pk)

    @invariant()
    def nothing_that_was_live_has_changed(self) -> None:
        self.question.refresh_from_db()
        if live := self.question.live:
            self.seen.setdefault(live.pk, live.content["title"])
        for version in QuestionVersion.objects.filter(pk__in=self.seen):
            assert version.content["title"] == self.seen[version.pk]

    @invariant()
    def what_is_live_is_what_the_last_event_says(self) -> None:
        moves = ["published", "rolled_back", "withdrawn"]
        last = QuestionEvent.objects.filter(question=self.question, action__in=moves).first()
        if last is None or last.action == "withdrawn":
            assert self.question.live is None
        else:
            assert self.question.live == last.version


def test_any_order_of_verbs_changes_nothing_that_was_live() -> None:
    few = settings(max_examples=25, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(Life, settings=few)  # type: ignore[no-untyped-call]
