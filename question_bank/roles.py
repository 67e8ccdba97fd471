"""The three groups that people are put into: who writes, who approves, who publishes."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

AUTHORS = "Question authors"
REVIEWERS = "Question reviewers"
EDITORS = "Question editors"

_SEEN = ("view_question", "view_questionversion", "view_concept", "view_tag")
_WRITE = (*_SEEN, "write_question", "add_tag")
ROLES = {
    AUTHORS: _WRITE,
    REVIEWERS: (*_SEEN, "approve_question"),
    EDITORS: (*_WRITE, "approve_question", "publish_question", "change_concept", "change_tag"),
}


def make_roles(**_signal: Any) -> None:
    """Make the groups with their permissions; what else an administrator gave them stays."""
    # Django makes them by the same signal, perhaps later.
    create_permissions(apps.get_app_config("question_bank"), verbosity=0)
    ours = Permission.objects.filter(content_type__app_label="question_bank")
    for name, permissions in ROLES.items():
        group, new = Group.objects.get_or_create(name=name)
        if new:
            group.permissions.set(ours.filter(codename__in=permissions))
