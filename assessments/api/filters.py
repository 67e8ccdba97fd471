"""By what lists can be filtered; what is no such value is refused."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from assessments.models import Assessment, Attempt, Response, Sitting, Submission
from question_bank.models import Concept, Question


class ConceptFilters(filters.FilterSet):  # type: ignore[misc]
    """Concepts of a course, or what stands right before or after another."""

    course = filters.CharFilter("courses__slug")
    chapter = filters.CharFilter("chapter")
    before = filters.CharFilter("learn_after__slug", help_text="Learned right before this one")
    after = filters.CharFilter("learn_before__slug", help_text="Learned right after this one")

    class Meta:
        model = Concept
        fields = ["course", "chapter", "before", "after"]


class QuestionFilters(filters.FilterSet):  # type: ignore[misc]
    """Questions by what they are about, and how."""

    course = filters.CharFilter("courses__slug")
    concept = filters.CharFilter("concepts__slug")
    tag = filters.CharFilter("tags__name")
    kind = filters.ChoiceFilter(choices=Question.Kind)
    bloom = filters.ChoiceFilter(choices=Question.Bloom)
    difficulty = filters.NumberFilter(min_value=1, max_value=5)
    easiest = filters.NumberFilter("difficulty", "gte", min_value=1, max_value=5)
    hardest = filters.NumberFilter("difficulty", "lte", min_value=1, max_value=5)

    class Meta:
        model = Question
        fields = ["course", "concept", "tag", "kind", "bloom", "difficulty"]


class KeyFilter(filters.NumberFilter):  # type: ignore[misc]
    """By the number of something."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=2**63 - 1, **kwargs)


_PURPOSES = [one for one in Attempt.Purpose.choices if one[0] != Attempt.Purpose.TRIAL]


class AttemptFilters(filters.FilterSet):  # type: ignore[misc]
    """Attempts of a question, a sitting, a purpose, a learner."""

    question = filters.CharFilter("question__slug")
    sitting = KeyFilter("sitting")
    purpose = filters.ChoiceFilter(choices=_PURPOSES)
    learner = filters.CharFilter("learner__username")

    class Meta:
        model = Attempt
        fields = ["question", "sitting", "purpose", "learner"]


class _OfAttemptFilters(filters.FilterSet):  # type: ignore[misc]
    """What belongs to an attempt: by it, its question, its sitting, its learner."""

    attempt = KeyFilter("attempt")
    question = filters.CharFilter("attempt__question__slug")
    sitting = KeyFilter("attempt__sitting")
    learner = filters.CharFilter("attempt__learner__username")


class ResponseFilters(_OfAttemptFilters):
    """Answers given in an attempt, at a question, in a sitting, by a learner."""

    class Meta:
        model = Response
        fields = ["attempt", "question", "sitting", "learner"]


class SubmissionFilters(_OfAttemptFilters):
    """Submissions to an attempt, at a question, in a sitting, by a learner."""

    class Meta:
        model = Submission
        fields = ["attempt", "question", "sitting", "learner"]


class AssessmentFilters(filters.FilterSet):  # type: ignore[misc]
    """Assessments of a course, and of a kind."""

    course = filters.CharFilter("course__slug")
    kind = filters.ChoiceFilter(choices=Assessment.Kind)

    class Meta:
        model = Assessment
        fields = ["course", "kind"]


class SittingFilters(filters.FilterSet):  # type: ignore[misc]
    """Sittings of an assessment, in a course, of a learner; those that go on, or are over."""

    assessment = KeyFilter("assessment")
    course = filters.CharFilter("assessment__course__slug")
    learner = filters.CharFilter("learner__username")
    handed_in = filters.ChoiceFilter(
        method="_handed_in", choices=[("true", "Handed in"), ("false", "Going on")]
    )

    def _handed_in(self, rows: QuerySet[Sitting], _name: str, value: str) -> QuerySet[Sitting]:
        return rows.filter(handed_in_at__isnull=value == "false")

    class Meta:
        model = Sitting
        fields = ["assessment", "course", "learner", "handed_in"]
