"""Publishing, as far as it depends on courses."""

from assessments.models import Course, User
from question_bank import authoring
from question_bank.models import Draft, Question, QuestionVersion


def asks_second_person(question: Question) -> bool:
    """Whether a course that has the question wants a second person to approve it."""
    return Course.objects.filter(questions=question, second_person=True).exists()


def publish(draft: Draft, by: User) -> QuestionVersion:
    """Let attempts begin with the version that was handed in. Raises ``AuthoringError``."""
    second = asks_second_person(draft.question)
    return authoring.publish_draft(draft, by.pk, second_person=second)


def hand_in_and_publish(draft: Draft, by: User, *, revision: int) -> QuestionVersion:
    """Hand a draft in and publish it at once, where nobody else is asked for.

    What was handed in stays so where it cannot be published yet. Raises ``AuthoringError``.
    """
    authoring.propose(draft, by.pk, revision=revision)
    return publish(draft, by)
