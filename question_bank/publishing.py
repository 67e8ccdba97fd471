"""From files to the database: concepts as they are, questions as new versions."""

from collections.abc import Iterator
from typing import Any

from question_bank.courses import Course
from question_bank.digests import digest_of
from question_bank.kinds import Content
from question_bank.models import Concept, Question, QuestionEvent, QuestionVersion
from question_bank.versions import go_live, make_version

_Action = QuestionEvent.Action


class KindChangedError(ValueError):
    """A question that learners may have answered cannot become one of another kind."""


def publish(course: Course, *, over: bool = False) -> list[str]:
    """Bring concepts and questions up to date; return what changed, one line each.

    The same content again changes nothing, and makes no new version. A question that people have
    changed since it was last loaded is left as it is, which is said where its file has changed
    too; ``over`` takes the file's. Call it in a transaction. Raises ``KindChangedError``.
    """
    changes = list(_publish_concepts(course))
    for slug, content in course.questions.items():
        changes += _publish_question(slug, content, over=over)
    return changes


def _publish_concepts(course: Course) -> Iterator[str]:
    order = course.concepts_in_order()
    for position, slug in enumerate(order):
        file = course.concepts[slug]
        told = {
            "title": file.head.title,
            "chapter": file.head.chapter,
            "position": position,
            "summary": file.head.summary,
            "body": file.body,
            "pattern": file.head.pattern or "",
            "pattern_n": file.head.pattern_n,
            "parameters": [slider.model_dump() for slider in file.head.parameters],
        }
        yield from _put_concept(slug, told)
    rows = Concept.objects.in_bulk(order, field_name="slug")
    for slug in order:
        rows[slug].learn_before.set(
            [rows[before] for before in course.concepts[slug].head.learn_before]
        )


def _put_concept(slug: str, told: dict[str, Any]) -> Iterator[str]:
    concept = Concept.objects.filter(slug=slug).first()
    if concept is None:
        Concept.objects.create(slug=slug, **told)
        yield f"concept {slug}: new"
    elif any(getattr(concept, name) != value for name, value in told.items()):
        Concept.objects.filter(pk=concept.pk).update(**told)
        yield f"concept {slug}: changed"


def _publish_question(slug: str, content: Content, *, over: bool) -> Iterator[str]:
    told = {"kind": content.kind, "title": content.title}
    question, _ = Question.objects.get_or_create(slug=slug, defaults=told)
    if question.kind != content.kind:
        raise KindChangedError(f"questions/{slug}/question.yaml, kind: it was {question.kind}")
    digest = digest_of(content.model_dump(mode="json"))
    loaded = _last_loaded(question)
    unchanged = loaded is not None and loaded.digest == digest
    if question.live and question.live.digest == digest:
        return
    if question.live != loaded and not over:
        if not unchanged:
            yield f"question {slug}: left as it is, for it was changed here since it was loaded"
        return
    version = make_version(question, content, author=None)
    go_live(question, version, _Action.LOADED, by=None)
    yield f"question {slug}: version {version.number}"


def _last_loaded(question: Question) -> QuestionVersion | None:
    events = question.events.filter(action=_Action.LOADED).select_related("version")
    last = events.first()
    return last.version if last else None
