"""Publishing asks for a second person where a course does."""

import pytest

from assessments.models import Course, User
from assessments.services.authoring import hand_in_and_publish, publish
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.models import Draft, Question


@pytest.fixture
def draft(course: Course, instructor: User) -> Draft:
    draft = authoring.draft_of(Question.objects.get(slug="which-cut"), instructor.pk)
    content = draft.content | {"title": "Another title"}
    return authoring.save_draft(draft, content, instructor.pk, revision=1)


def test_where_no_course_asks_its_writer_publishes_alone(draft: Draft, instructor: User) -> None:
    version = hand_in_and_publish(draft, instructor, revision=draft.revision)
    assert Question.objects.get(slug="which-cut").live == version


def test_where_a_course_asks_for_a_second_person_the_draft_waits_for_one(
    draft: Draft, instructor: User, teammate: User
) -> None:
    Course.objects.update(second_person=True)
    with pytest.raises(AuthoringError, match="second person"):
        hand_in_and_publish(draft, instructor, revision=draft.revision)
    draft.refresh_from_db()
    assert draft.proposed is not None
    authoring.approve(draft, teammate.pk)
    assert publish(draft, instructor) == draft.proposed
