"""Sorting many questions: their tags and their folder. It changes nothing that a learner sees."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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

    title, button, rights = gettext_lazy("Add tags"), gettext_lazy("Add the tags"), ("write",)
    field, help = gettext_lazy("Tags to add"), gettext_lazy("With commas between")

    def read(self, typed: str, user: User) -> str:
        """Return the tags. Raises ``AuthoringError``."""
        return ", ".join(read_tags(", ".join(_names(typed)), user))

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return the tags that a question will get."""
        missing = [name for name in _names(given) if name not in _tags_of(question)]
        if not missing:
            raise AuthoringError(_("It has these tags already."))
        return _("gets %(tags)s") % {"tags": ", ".join(missing)}

    def act(self, question: Question, given: str, user: User) -> str:
        """Add them."""
        said = self.foresee(question, given, user)
        with transaction.atomic():
            question.tags.add(*tags_called(_names(given)))
        return said


class RemoveTags(Bulk):
    """Takes tags away; a tag stays even if no question has it any more."""

    title, button, rights = gettext_lazy("Remove tags"), gettext_lazy("Remove the tags"), ("write",)
    field, help = gettext_lazy("Tags to remove"), gettext_lazy("With commas between")

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return the tags. Raises ``AuthoringError``."""
        return ", ".join(_names(typed))

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return the tags that a question will lose."""
        there = [name for name in _names(given) if name in _tags_of(question)]
        if not there:
            raise AuthoringError(_("It has none of these tags."))
        return _("loses %(tags)s") % {"tags": ", ".join(there)}

    def act(self, question: Question, given: str, user: User) -> str:
        """Take them away."""
        said = self.foresee(question, given, user)
        question.tags.remove(*Tag.objects.filter(name__in=_names(given)))
        return said


class SetFolder(Bulk):
    """Moves questions to a folder, or out of every folder."""

    title, button, rights = gettext_lazy("Move to a folder"), gettext_lazy("Move them"), ("write",)
    field, help = (
        gettext_lazy("Folder"),
        gettext_lazy("A path such as masks/windows; empty takes them out of their folders"),
    )
    needed = False

    def read(self, typed: str, user: User) -> str:  # noqa: ARG002
        """Return the path. Raises ``AuthoringError``."""
        return read_folder(typed)

    def foresee(self, question: Question, given: str, user: User) -> str:  # noqa: ARG002
        """Return where a question goes."""
        if question.folder == given:
            raise AuthoringError(_("It is there already."))
        none = _("no folder")
        return _("goes from %(before)s to %(after)s") % {
            "before": question.folder or none,
            "after": given or none,
        }

    def act(self, question: Question, given: str, user: User) -> str:
        """Move it."""
        said = self.foresee(question, given, user)
        set_folder(question, given)
        return said


def _names(typed: str) -> list[str]:
    names = names_in(typed)
    if not names:
        raise AuthoringError(_("Name at least one tag."))
    return names


def _tags_of(question: Question) -> set[str]:
    return {tag.name for tag in question.tags.all()}
