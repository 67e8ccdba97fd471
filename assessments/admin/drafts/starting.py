"""The forms that begin a draft: of a new question, and of a copy of one."""

from django import forms
from django.utils.translation import gettext_lazy

from assessments.admin.drafts.words import KINDS_IN_A_SENTENCE
from question_bank.models import Question


def _kinds() -> list[tuple[str, str]]:
    labels = dict(Question.Kind.choices)
    return [(kind, f"{labels[kind]}: {told}") for kind, told in KINDS_IN_A_SENTENCE.items()]


class NameForm(forms.Form):
    """The name under which a question is found."""

    slug = forms.CharField(
        label=gettext_lazy("Slug"),
        max_length=80,
        help_text=gettext_lazy(
            "Lower-case words and digits joined by hyphens; part of the question's address."
        ),
    )


class NewQuestionForm(NameForm):
    """The kind of a new question, its title and its name."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=_kinds,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A code question begins with a pattern, or as a copy of another one."
        ),
    )
    field_order = ["kind", "title", "slug"]
