"""What every list of questions says of what they are about."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from question_bank.models import Question, Tag, Tested


def with_subjects(questions: QuerySet[Question]) -> QuerySet[Any]:
    """Read concepts and tags with questions, as ``SubjectsSerializer`` tells them; two queries.

    They are read as lists: a related manager for each row would cost more than the queries do.
    """
    tested = Tested.objects.select_related("concept").only("concept__slug", "question")
    return questions.prefetch_related(
        Prefetch("tags", Tag.objects.all(), to_attr="tags_read"),
        Prefetch("tested_set", tested, to_attr="tested_read"),
    )


class SubjectsSerializer(serializers.ModelSerializer[Question]):
    """The concepts and tags of a question of ``with_subjects``."""

    concepts = serializers.SerializerMethodField(help_text="The most tested one first")
    tags = serializers.SerializerMethodField()

    def get_concepts(self, question: Any) -> list[str]:
        """Return their slugs."""
        return [one.concept.slug for one in question.tested_read]

    def get_tags(self, question: Any) -> list[str]:
        """Return their names."""
        return [tag.name for tag in question.tags_read]
