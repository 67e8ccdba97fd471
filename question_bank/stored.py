"""From the database back to what files say: the other way of ``publishing``."""

from django.db.models import QuerySet

from question_bank.courses.schema import ConceptFile, ConceptHead, Slider
from question_bank.models import Concept, Question, QuestionVersion
from question_bank.texts import markdown


def concept_of(row: Concept) -> ConceptFile:
    """Return a concept as its file would say it. Raises pydantic's ``ValidationError``."""
    head = ConceptHead(
        title=row.title,
        summary=row.summary,
        chapter=row.chapter,
        learn_before=tuple(before.slug for before in row.learn_before.all()),
        pattern=row.pattern or None,
        pattern_n=row.pattern_n,
        parameters=tuple(Slider(**slider) for slider in row.parameters),
    )
    return ConceptFile(head, markdown(row.body))


def live_versions(questions: QuerySet[Question]) -> QuerySet[QuestionVersion]:
    """Return the live version of each question that has one, with its question."""
    live = questions.exclude(live=None).values("live")
    return QuestionVersion.objects.filter(pk__in=live).select_related("question")
