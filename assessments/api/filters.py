"""By what lists can be filtered; what is no such value is refused."""

import django_filters as filters

from assessments.models import Attempt
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


class AttemptFilters(filters.FilterSet):  # type: ignore[misc]
    """Attempts of a question, a sitting, a purpose."""

    question = filters.CharFilter("question__slug")
    sitting = filters.NumberFilter("sitting")
    purpose = filters.ChoiceFilter(
        choices=[one for one in Attempt.Purpose.choices if one[0] != Attempt.Purpose.TRIAL]
    )

    class Meta:
        model = Attempt
        fields = ["question", "sitting", "purpose"]
