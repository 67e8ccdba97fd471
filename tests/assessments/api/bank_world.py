"""The cast of the bank beside that of a course: author, reviewer, editor, and what they wrote."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from assessments.models import Accommodation, Course, Enrolment, User
from question_bank import authoring, roles
from question_bank.models import Draft, Question
from tests.assessments.api.world import World, made
from tests.cast.essays import essay, handed_in
from tests.cast.people import person

GROUPS = {"author": roles.AUTHORS, "reviewer": roles.REVIEWERS, "editor": roles.EDITORS}
DRAFT = "/bank/questions/which-cut/draft/"
KEY = "Only the draft says this"
"""A text of the draft that no learner may read."""


def staff(name: str, group: str) -> User:
    """Return somebody who works on the bank, and is in no course."""
    user = person(name)
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get(name=group))
    return user


def written(slug: str, by: User, **changed: Any) -> Draft:
    """Return a draft of a question that has been handed in."""
    draft = authoring.draft_of(Question.objects.get(slug=slug), by.pk)
    draft = authoring.save_draft(draft, draft.content | changed, by.pk, revision=draft.revision)
    authoring.propose(draft, by.pk, revision=draft.revision)
    draft.refresh_from_db()
    return draft


def bank_made(course: Course, admin: User) -> World:
    """Return the world with a draft that waits for approval, and a question of two versions."""
    world = made(course, admin)
    people = {name: staff(name, group) for name, group in GROUPS.items()}
    author = people["author"]
    authoring.publish_draft(
        written("keys-seen", author, title="Counted keys"), author.pk, second_person=False
    )
    written("which-cut", author, explanation=KEY)
    owner, instructor = world.people["owner"], world.people["instructor"]
    handed_in(owner, essay(course))
    given = Accommodation.objects.create(
        learner=owner, course=course, given_by=instructor, given_at=timezone.now()
    )
    things = {
        "accommodation": given.pk,
        "user": owner.pk,
        "enrolment": Enrolment.objects.get(user=owner, course=course).pk,
    }
    return World(world.people | people, world.things | things)
