"""The page of a draft: what its form sends, and what is drawn of it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from assessments.admin.drafts.nodes import Drawing, nodes_of
from assessments.admin.drafts.preview import Problem, preview
from assessments.admin.drafts.shapes import shape_of_kind
from assessments.admin.drafts.typed import act, read_content_sent
from assessments.admin.sorting import read_folder, read_tags, set_folder, tags_called
from assessments.models import User
from question_bank import authoring
from question_bank.differences import changes
from question_bank.models import Concept, Draft
from question_bank.variants import DEPLOYED, deployed_seed

_ROW_ACTIONS = ("add:", "remove:", "up:", "down:")


class DraftForm:
    """A draft as its form shows it: what is kept, or what was typed over it."""

    def __init__(self, draft: Draft, sent: QueryDict | None = None) -> None:
        self.draft = draft
        self.shape = shape_of_kind(draft.question.kind)
        self.revision, self.seed = draft.revision, 0
        self.content: dict[str, Any] = dict(draft.content)
        self.folder = draft.question.folder
        self.tags = ", ".join(draft.question.tags.values_list("name", flat=True))
        self.failures: tuple[str, ...] = ()
        self.stale = False
        if sent is not None:
            self._read(sent)

    def _read(self, sent: QueryDict) -> None:
        flat = {name: str(sent[name]) for name in sent}
        self.content = read_content_sent(self.shape, flat, self.draft.content)
        self.folder = flat.get("folder", "")
        self.tags = flat.get("tags", "")
        self.seed = deployed_seed(flat.get("seed", ""))
        revision = flat.get("revision", "")
        self.revision = int(revision) if re.fullmatch("[0-9]{1,9}", revision) else 0
        action = flat.get("do", "")
        if action.startswith(_ROW_ACTIONS):
            act(self.shape, self.content, action)
        elif action in {"seed:before", "seed:after"}:
            step = self.seed + (1 if action == "seed:after" else -1)
            self.seed = step if step in DEPLOYED else self.seed

    def save(self, by: User) -> None:
        """Keep the draft, and folder and tags, which are its question's. Raises AuthoringError."""
        self.draft = authoring.save_draft(self.draft, self.content, by.pk, revision=self.revision)
        self.revision = self.draft.revision
        folder, tags = read_folder(self.folder), read_tags(self.tags, by)
        set_folder(self.draft.question, folder)
        self.draft.question.tags.set(tags_called(tags))

    def compare(self) -> None:
        """Show what was typed beside what somebody else has saved; the next save is over that."""
        self.draft.refresh_from_db()
        self.stale, self.revision = True, self.draft.revision

    def context(self) -> dict[str, Any]:
        """Return what the templates draw."""
        shown = preview(self.shape, self.content, self.seed)
        problems: list[Problem] = shown.get("problems", [])
        by_name = _by_name(problems)
        return {
            "draft": self.draft,
            "question": self.draft.question,
            "revision": self.revision,
            "folder": self.folder,
            "tags": self.tags,
            "failures": self.failures,
            "problems": problems,
            "problems_by_name": list(by_name.items()),
            "differences": changes(self.draft.content, self.content) if self.stale else [],
            "stale": self.stale,
            "nodes": nodes_of(self.shape, self.content, _drawing(by_name)),
            "preview": shown,
        }


def lost_with(form: DraftForm) -> dict[str, Any]:
    """Return what is lost when a draft is discarded, for the page that asks."""
    draft, question = form.draft, form.draft.question
    base = question.live or question.versions.order_by("-number").first()
    return {
        "draft": draft,
        "question": question,
        "stays": base,
        "is_live": question.live is not None,
        "changed": [one.place for one in changes(base.content, draft.content)] if base else [],
        "unsaved": [one.place for one in changes(draft.content, form.content)],
    }


def _by_name(problems: list[Problem]) -> dict[str, list[str]]:
    by_name = defaultdict(list)
    for problem in problems:
        by_name[problem.name].append(problem.reason)
    return dict(by_name)


def _drawing(problems: Mapping[str, list[str]]) -> Drawing:
    return Drawing(problems, list(Concept.objects.values_list("slug", "title")))
