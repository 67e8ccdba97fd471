"""What the bank holds, read in few queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery
from pydantic import ValidationError

from question_bank.kinds import Content
from question_bank.models import Draft, Question, QuestionVersion
from question_bank.variants import read_content

AT_ONCE = 500
"""So many rows are asked for or written by one query."""

T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """A question as the bank holds it.

    ``content`` is what it is to say next: its draft's where there is one, else what is live, else
    its newest version's. It is None where that is not valid.
    """

    row: Question
    draft: Draft | None
    version: QuestionVersion | None
    tags: tuple[str, ...]
    content: Content | None

    @property
    def state(self) -> tuple[int, int | None, int | None]:
        """What may not have changed between a plan and its execution."""
        return (
            self.row.pk,
            self.draft.revision if self.draft else None,
            self.version.pk if self.version else None,
        )


def held(slugs: Iterable[str]) -> dict[str, Held]:
    """Return the questions that are called so, by slug."""
    found = {}
    for some in in_parts(list(dict.fromkeys(slugs))):
        for one in read(Question.objects.filter(slug__in=some)):
            found[one.row.slug] = one
    return found


def read(questions: QuerySet[Question]) -> list[Held]:
    """Return questions with what they say; the number of queries does not grow with theirs."""
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
    rows = list(
        questions.select_related("draft__saved_by")
        .prefetch_related("tags")
        .annotate(newest=Subquery(newest.values("pk")[:1]))
    )
    wanted = {row.pk: row.live_id or row.newest for row in rows}
    versions = QuestionVersion.objects.in_bulk([pk for pk in wanted.values() if pk is not None])
    return [_held(row, versions.get(wanted[row.pk])) for row in rows]


def in_parts(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield parts of a sequence that one query can take."""
    for start in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[start : start + AT_ONCE]


def _held(row: Question, version: QuestionVersion | None) -> Held:
    draft: Draft | None = getattr(row, "draft", None)
    said: Any = draft.content if draft else version.content if version else None
    tags = tuple(sorted(tag.name for tag in row.tags.all()))
    return Held(row, draft, version, tags, _content(said))


def _content(said: Any) -> Content | None:
    try:
        return read_content(said)
    except (ValidationError, KeyError, TypeError):
        return None
