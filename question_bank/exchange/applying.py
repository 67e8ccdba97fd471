"""A plan carried out: one transaction, and as many queries for a thousand questions as for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from grader.words import gettext as _
from grader.words import gettext_noop
from question_bank.exchange.bank import AT_ONCE, Held, held, in_parts
from question_bank.exchange.planning import Change, Plan
from question_bank.models import Concept, Draft, Question, QuestionEvent, Tag, Tested

_SEARCHED_BY = ("title", "bloom", "difficulty")


class ImportRefusedError(ValueError):
    """Nothing was imported; the text says why."""


@dataclass(frozen=True)
class Imported:
    """The names of the questions that are new, and of those that were changed."""

    new: tuple[str, ...]
    changed: tuple[str, ...]


def apply(plan: Plan, *, by: int | None) -> Imported:
    """Do what a plan of the same person says, or nothing.

    Raises ``ImportRefusedError`` for a plan with errors, and where the bank has changed since the
    plan was made.
    """
    if plan.errors:
        raise ImportRefusedError(_("Nothing is imported from files with errors."))
    new, changed = plan.that_are("new"), plan.that_are("changed")
    try:
        with transaction.atomic():
            _apply(new, changed, by)
    except IntegrityError as fault:
        raise ImportRefusedError(_(_CHANGED)) from fault
    return Imported(tuple(change.slug for change in new), tuple(change.slug for change in changed))


_CHANGED = gettext_noop(
    "The questions have changed since this import was looked at. Look at it again."
)


def _apply(new: Sequence[Change], changed: Sequence[Change], by: int | None) -> None:
    _check_state([*new, *changed])
    now = timezone.now()
    rows = {change.slug: _new_row(change) for change in new}
    Question.objects.bulk_create(rows.values(), AT_ONCE)
    rows |= {change.slug: _moved(change, change.held) for change in changed if change.held}
    Question.objects.bulk_update(
        [rows[change.slug] for change in changed], ["folder", *_SEARCHED_BY], AT_ONCE
    )
    unlive = [change for change in changed if change.held and change.held.version is None]
    _index([*new, *unlive], rows)
    _tag(
        [change for change in (*new, *changed) if change.held is None or "tags" in change.keys],
        rows,
    )
    _draft([*new, *(change for change in changed if _says_more(change))], rows, by, now)
    QuestionEvent.objects.bulk_create(
        [_event(change, rows[change.slug], by) for change in (*new, *changed)], AT_ONCE
    )


def _check_state(changes: Iterable[Change]) -> None:
    """Lock the questions, and refuse where one is not as the plan found it."""
    wanted = {change.slug: change.held and change.held.state for change in changes}
    for slugs in in_parts(list(wanted)):
        list(Question.objects.select_for_update().filter(slug__in=slugs).values("pk"))
    present = {slug: one.state for slug, one in held(wanted).items()}
    if any(present.get(slug) != state for slug, state in wanted.items()):
        raise ImportRefusedError(_(_CHANGED))


def _new_row(change: Change) -> Question:
    content = change.content
    return Question(
        slug=change.slug,
        kind=content.kind,
        folder=change.folder,
        title=content.title,
        bloom=content.bloom,
        difficulty=content.difficulty,
    )


def _moved(change: Change, here: Held) -> Question:
    """Return a question's row at its new place; what it is searched by follows what is live."""
    here.row.folder = change.folder
    if here.version is None:
        for key in _SEARCHED_BY:
            setattr(here.row, key, getattr(change.content, key))
    return here.row


def _says_more(change: Change) -> bool:
    return bool(set(change.keys) - {"folder", "tags"})


def _index(changes: Sequence[Change], rows: dict[str, Question]) -> None:
    """Let questions that have never been live be found by the concepts that their drafts name."""
    named = {slug for change in changes for slug in change.content.concepts}
    concepts = Concept.objects.in_bulk(sorted(named), field_name="slug")
    for part in in_parts([rows[change.slug].pk for change in changes if change.held]):
        Tested.objects.filter(question__in=part).delete()
    tested = [
        Tested(question=rows[change.slug], concept=concepts[slug], position=position)
        for change in changes
        for position, slug in enumerate(one for one in change.content.concepts if one in concepts)
    ]
    Tested.objects.bulk_create(tested, AT_ONCE)


def _tag(changes: Sequence[Change], rows: dict[str, Question]) -> None:
    names = sorted({name for change in changes for name in change.tags})
    Tag.objects.bulk_create((Tag(name=name) for name in names), AT_ONCE, ignore_conflicts=True)
    tags = {tag.name: tag for part in in_parts(names) for tag in Tag.objects.filter(name__in=part)}
    tagged = Question.tags.through
    for part in in_parts([rows[change.slug].pk for change in changes if change.held]):
        tagged.objects.filter(question__in=part).delete()
    joined = [
        tagged(question=rows[change.slug], tag=tags[name])
        for change in changes
        for name in change.tags
    ]
    tagged.objects.bulk_create(joined, AT_ONCE)


def _draft(
    changes: Sequence[Change], rows: dict[str, Question], by: int | None, now: datetime
) -> None:
    begun = [change for change in changes if change.held is None or change.held.draft is None]
    drafts = [
        Draft(
            question=rows[change.slug],
            content=change.content.model_dump(mode="json"),
            based_on=change.held.version if change.held else None,
            saved_by_id=by,
            saved_at=now,
        )
        for change in begun
    ]
    Draft.objects.bulk_create(drafts, AT_ONCE)
    saved = [
        _saved(change, change.held.draft, by, now)
        for change in changes
        if change.held and change.held.draft
    ]
    Draft.objects.bulk_update(
        saved, ["content", "proposed", "revision", "saved_by", "saved_at"], AT_ONCE
    )
    if by is not None:
        writers = Draft.writers.through
        writers.objects.bulk_create(
            [writers(draft=draft, user_id=by) for draft in (*drafts, *saved)],
            AT_ONCE,
            ignore_conflicts=True,
        )


def _saved(change: Change, draft: Draft, by: int | None, now: datetime) -> Draft:
    draft.content = change.content.model_dump(mode="json")
    draft.proposed = None
    draft.revision += 1
    draft.saved_by_id, draft.saved_at = by, now
    return draft


def _event(change: Change, row: Question, by: int | None) -> QuestionEvent:
    return QuestionEvent(
        question=row,
        version=None,
        action=QuestionEvent.Action.IMPORTED,
        by_id=by,
        note=", ".join(change.keys)[:400],
    )
