"""From files to the database: concepts as they are, questions as new versions."""

from collections.abc import Iterator
from typing import Any

from question_bank.courses import Course
from question_bank.digests import digest_of
from question_bank.kinds import Content
from question_bank.models import Concept, Question, QuestionVersion, Tested


class KindChangedError(ValueError):
    """A question that learners may have answered cannot become one of another kind."""


def publish(course: Course) -> list[str]:
    """Bring concepts and questions up to date; return what changed, one line each.

    The same content again changes nothing, and makes no new version. Call it in a transaction.
    Raises ``KindChangedError``.
    """
    changes = list(_publish_concepts(course))
    for slug, content in course.questions.items():
        changes += _publish_question(slug, content)
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


def _publish_question(slug: str, content: Content) -> Iterator[str]:
    stored = content.model_dump(mode="json")
    told = {"kind": content.kind, "title": content.title}
    question, _ = Question.objects.get_or_create(slug=slug, defaults=told)
    if question.kind != content.kind:
        raise KindChangedError(f"questions/{slug}/question.yaml, kind: it was {question.kind}")
    newest = question.versions.order_by("-number").first()
    digest = digest_of(stored)
    if newest and newest.digest == digest:
        return
    number = newest.number + 1 if newest else 1
    Question.objects.filter(pk=question.pk).update(title=content.title)
    _set_tested(question, content.concepts)
    QuestionVersion.objects.create(question=question, number=number, content=stored, digest=digest)
    yield f"question {slug}: version {number}"


def _set_tested(question: Question, concepts: tuple[str, ...]) -> None:
    rows = Concept.objects.in_bulk(concepts, field_name="slug")
    Tested.objects.filter(question=question).delete()
    Tested.objects.bulk_create(
        Tested(question=question, concept=rows[slug], position=position)
        for position, slug in enumerate(concepts)
    )
