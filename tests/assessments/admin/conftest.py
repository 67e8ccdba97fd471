"""Staff with each role, and a browser for each of them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from assessments.models import Course, User
from question_bank import authoring
from question_bank.models import Draft, Question
from question_bank.roles import AUTHORS, EDITORS, REVIEWERS, make_roles
from tests.cast.people import person

SignedIn = Callable[[User], Client]


def staff(name: str, *roles: str) -> User:
    user = person(name)
    user.is_staff = True
    user.save()
    make_roles()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def author(course: Course) -> User:
    return staff("author", AUTHORS)


@pytest.fixture
def reviewer(course: Course) -> User:
    return staff("reviewer", REVIEWERS)


@pytest.fixture
def editor(course: Course) -> User:
    return staff("editor", EDITORS)


@pytest.fixture
def nobody(course: Course) -> User:
    return staff("nobody")


@pytest.fixture
def signed_in() -> SignedIn:
    def act(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return act


@pytest.fixture
def question(course: Course) -> Question:
    return Question.objects.get(slug="which-cut")


@pytest.fixture
def draft(question: Question, author: User) -> Draft:
    """What the author has changed in the question, not handed in."""
    begun = authoring.draft_of(question, author.pk)
    content = begun.content | {"title": "Another title"}
    return authoring.save_draft(begun, content, author.pk, revision=begun.revision)


@pytest.fixture
def handed_in(draft: Draft, author: User) -> Draft:
    authoring.propose(draft, author.pk, revision=draft.revision)
    draft.refresh_from_db()
    return draft
