"""How questions are sorted: the folder each is in and its tags, as a person types them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.admin.rights import may
from assessments.models import User
from question_bank.authoring import AuthoringError
from question_bank.models import Question, Tag

_LONGEST_TAG = Tag._meta.get_field("name").max_length or 0
_LONGEST_FOLDER = Question._meta.get_field("folder").max_length or 0


def read_folder(typed: str) -> str:
    """Return a path as it is kept; empty stands for no folder. Raises ``AuthoringError``."""
    names = [name.strip() for name in typed.strip().strip("/").split("/")]
    if names != [""] and not all(names):
        raise AuthoringError(_("A folder is a path of names with one / between each two."))
    folder = "/".join(names)
    if len(folder) > _LONGEST_FOLDER:
        raise AuthoringError(
            _("Shorten the path: it has %(most)s characters at most.") % {"most": _LONGEST_FOLDER}
        )
    return folder


def set_folder(question: Question, folder: str) -> None:
    """Put a question into a folder."""
    Question.objects.filter(pk=question.pk).update(folder=folder)


def names_in(typed: str) -> list[str]:
    """Return names with commas between, each once."""
    return list(dict.fromkeys(name.strip() for name in typed.split(",") if name.strip()))


def read_tags(typed: str, user: User) -> list[str]:
    """Return the tags that are named; new ones are for whoever may make them.

    Raises ``AuthoringError``.
    """
    names = names_in(typed)
    for name in names:
        if len(name) > _LONGEST_TAG:
            raise AuthoringError(
                _("Shorten %(name)s…: a tag has %(most)s characters.")
                % {"name": name[:20], "most": _LONGEST_TAG}
            )
    new = [name for name in names if not Tag.objects.filter(name=name).exists()]
    if new and not may(user, "add_tag"):
        raise AuthoringError(
            _("There is no tag %(tag)s, and you may not make one.") % {"tag": new[0]}
        )
    return names


def tags_called(names: Sequence[str]) -> list[Tag]:
    """Return the tags of these names; those that no question has yet are made."""
    return [Tag.objects.get_or_create(name=name)[0] for name in names]
