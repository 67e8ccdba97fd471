"""Sorting many questions: their tags and their folder. It changes nothing that a learner sees."""

from django.db import transaction

from assessments.admin.questions.bulk_kind import Bulk
from assessments.admin.sorting import (
    names_in,
    read_folder,
    read_tags,
    set_folder,
    tags_called,
)
from assessments.models import User
from question_bank.authoring import AuthoringError
from question_bank.models import Question, Tag


class AddTags(Bulk):
    """Adds tags; those that no question has yet are made by whoever may."""

    title, button, rights = "Add tags", "Add the tags", ("write",)
    field, help = "Tags to add", "With commas between"

    def read(self, typed: str, user: User) -> str:
        """Return the tags. Raises ``AuthoringError``."""
        return ", ".join(read_tags(", ".join(_names(typed)), user))

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return the tags that a question will get."""
        missing = [name for name in _names(given) if name not in _tags_of(question)]
        if not missing:
            raise AuthoringError("It has these tags already.")
        return f"gets {', '.join(missing)}"

    def act(self, question: Question, given: str, user: User) -> str:
        """Add them."""
        said = self.foresee(question, given, user)
        with transaction.atomic():
            question.tags.add(*tags_called(_names(given)))
        return said


class RemoveTags(Bulk):
    """Takes tags away; a tag stays even if no question has it any more."""

    title, button, rights = "Remove tags", "Remove the tags", ("write",)
    field, help = "Tags to remove", "With commas between"

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return the tags. Raises ``AuthoringError``."""
        return ", ".join(_names(typed))

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return the tags that a question will lose."""
        there = [name for name in _names(given) if name in _tags_of(question)]
        if not there:
            raise AuthoringError("It has none of these tags.")
        return f"loses {', '.join(there)}"

    def act(self, question: Question, given: str, user: User) -> str:
        """Take them away."""
        said = self.foresee(question, given, user)
        question.tags.remove(*Tag.objects.filter(name__in=_names(given)))
        return said


class SetFolder(Bulk):
    """Moves questions to a folder, or out of every folder."""

    title, button, rights = "Move to a folder", "Move them", ("write",)
    field, help = "Folder", "A path such as masks/windows; empty takes them out of their folders"
    needed = False

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return the path. Raises ``AuthoringError``."""
        return read_folder(typed)

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return where a question goes."""
        if question.folder == given:
            raise AuthoringError("It is there already.")
        return f"goes from {question.folder or 'no folder'} to {given or 'no folder'}"

    def act(self, question: Question, given: str, user: User) -> str:
        """Move it."""
        said = self.foresee(question, given, user)
        set_folder(question, given)
        return said


def _names(typed: str) -> list[str]:
    names = names_in(typed)
    if not names:
        raise AuthoringError("Name at least one tag.")
    return names


def _tags_of(question: Question) -> set[str]:
    return {tag.name for tag in question.tags.all()}
