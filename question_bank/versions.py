"""Versions of a question: made once, live for a time, and kept."""

from question_bank.digests import digest_of
from question_bank.kinds import Content
from question_bank.models import Concept, Question, QuestionEvent, QuestionVersion, Tested
from question_bank.variants import read_content


def make_version(question: Question, content: Content, author: int | None) -> QuestionVersion:
    """Return the version of a question with this content, made now unless the newest has it.

    ``author`` is the key of whoever wrote it. Call it in a transaction.
    """
    stored = content.model_dump(mode="json")
    digest = digest_of(stored)
    newest = question.versions.order_by("-number").first()
    if newest and newest.digest == digest:
        return newest
    return QuestionVersion.objects.create(
        question=question,
        number=newest.number + 1 if newest else 1,
        content=stored,
        digest=digest,
        author_id=author,
    )


def go_live(
    question: Question,
    version: QuestionVersion | None,
    action: QuestionEvent.Action,
    *,
    by: int | None,
    note: str = "",
) -> None:
    """Make a version the one that attempts begin with, or none, and say who did so."""
    question.live = version
    question.save(update_fields=["live"])
    if version is not None:
        index(question, read_content(version.content))
    told = version or question.versions.order_by("-number").first()
    QuestionEvent.objects.create(
        question=question, version=told, action=action, by_id=by, note=note
    )


def index(question: Question, content: Content) -> None:
    """Keep beside a question what it is searched by; concepts that are not there are left out."""
    question.title = content.title
    question.bloom = content.bloom
    question.difficulty = content.difficulty
    question.save(update_fields=["title", "bloom", "difficulty"])
    rows = Concept.objects.in_bulk(content.concepts, field_name="slug")
    wanted = [slug for slug in content.concepts if slug in rows]
    tested = Tested.objects.filter(question=question)
    if list(tested.values_list("concept__slug", flat=True)) == wanted:
        return
    tested.delete()
    Tested.objects.bulk_create(
        Tested(question=question, concept=rows[slug], position=position)
        for position, slug in enumerate(wanted)
    )
