"""What a question asks, as its learner gets it: named field by field, so that no key slips in."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from question_bank.kinds import (
    AskedPage,
    CasePage,
    ChoicePage,
    CodePage,
    DesignPage,
    EssayPage,
    MatchingPage,
    MultiPage,
    NumericPage,
    OrderingPage,
    Page,
    ShortPage,
    Variant,
)
from question_bank.kinds.case import prefix
from question_bank.kinds.code import called
from question_bank.kinds.writing import Writing
from question_bank.variants import names_of

Told = dict[str, Any]


class Texts(serializers.ListField):
    """Lines of Markdown."""

    child = serializers.CharField()


class FieldSerializer(serializers.Serializer[Told]):
    """A field of the answer: which values it takes (null where it is typed), and in words."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField(), allow_null=True)
    takes = serializers.CharField()


class LevelSerializer(serializers.Serializer[Told]):
    """So many points, and what they are given for."""

    points = serializers.IntegerField()
    description = serializers.CharField(help_text="Markdown")


class CriterionSerializer(serializers.Serializer[Told]):
    """What a person marks a text for."""

    key = serializers.CharField()
    title = serializers.CharField()
    points = serializers.IntegerField()
    description = serializers.CharField(help_text="Markdown; empty where there are levels")
    levels = LevelSerializer(many=True)


class WritingSerializer(serializers.Serializer[Told]):
    """How long a text is, and what it is marked for."""

    least_words = serializers.IntegerField()
    most_words = serializers.IntegerField()
    rubric = CriterionSerializer(many=True)


class RequirementSerializer(serializers.Serializer[Told]):
    """A bound that a design keeps to."""

    title = serializers.CharField()
    quantity = serializers.CharField()
    at_most = serializers.CharField(allow_null=True)
    at_least = serializers.CharField(allow_null=True)
    unit = serializers.CharField()


class DesignSerializer(serializers.Serializer[Told]):
    """What a design begins with, what is fixed, and what it has to keep to."""

    start = serializers.DictField(child=serializers.CharField())
    fixed = serializers.DictField(child=serializers.IntegerField())
    requirements = RequirementSerializer(many=True)


class CodeSerializer(serializers.Serializer[Told]):
    """What a file of code begins with."""

    exercise = serializers.CharField()
    signature = serializers.CharField()
    starter = serializers.CharField()
    hints = Texts(help_text="To be read one at a time")


class PartSerializer(serializers.Serializer[Told]):
    """A question, or a part of a case; what its kind has not is empty. Texts are Markdown."""

    kind = serializers.CharField()
    stem = serializers.CharField()
    answer_fields = FieldSerializer(many=True)
    choices = Texts()
    premises = Texts()
    options = Texts()
    items = Texts()
    unit = serializers.CharField()
    marked = serializers.CharField(help_text="How it is marked")
    writing = WritingSerializer(allow_null=True)
    design = DesignSerializer(allow_null=True)


class AskedSerializer(PartSerializer):
    """What a question asks: all values drawn, nothing of the answer."""

    title = serializers.CharField()
    parts = PartSerializer(many=True)
    code = CodeSerializer(allow_null=True)


def asked_of(variant: Variant, *, hints: bool = True) -> Told:
    """Return what ``AskedSerializer`` tells of a variant; ``hints`` says whether code has them."""
    page, names = variant.page, names_of(variant)
    told = _part(page, names) | {"title": page.title, "parts": [], "code": None}
    if isinstance(page, CodePage):
        told["code"] = {
            "exercise": page.exercise.slug,
            "signature": called(page.exercise),
            "starter": page.starter,
            "hints": list(page.hints) if hints else [],
        }
    if isinstance(page, CasePage):
        told["parts"] = [
            _part(part, [name for name in names if name.startswith(prefix(place))])
            for place, part in enumerate(page.parts)
        ]
    return told


def _part(page: Page, names: Sequence[str]) -> Told:
    tell = _KINDS[type(page)]
    values, takes, own = tell(page)
    stem = page.stem if isinstance(page, AskedPage) else ""
    fields = [{"name": name, "values": values, "takes": takes} for name in names]
    empty: Told = {name: [] for name in ("choices", "premises", "options", "items")}
    rest: Told = {"unit": "", "marked": "", "writing": None, "design": None}
    return {"kind": page.kind, "stem": stem, "answer_fields": fields} | empty | rest | own


_Tells = tuple[list[str] | None, str, Told]
"""Which values a kind's fields take, the same in words, and what else its page shows."""


def _choice(page: ChoicePage) -> _Tells:
    places = _places(page.choices)
    return places, _("the place of the choice, from 0"), {"choices": list(page.choices)}


def _multi(page: MultiPage) -> _Tells:
    told = {"choices": list(page.choices), "marked": page.marked}
    return ["on"], _("on where the choice at this place is taken; else left out"), told


def _matching(page: MatchingPage) -> _Tells:
    told = {
        "premises": list(page.premises),
        "options": list(page.options),
        "marked": page.marked,
    }
    return _places(page.options), _("the place of the option, from 0"), told


def _ordering(page: OrderingPage) -> _Tells:
    told = {"items": list(page.items), "marked": page.marked}
    return None, _("the places of all items, from 0, in their order, with commas between"), told


def _numeric(page: NumericPage) -> _Tells:
    return None, _("a number"), {"unit": page.unit, "marked": page.marked}


def _short(page: ShortPage) -> _Tells:
    return None, _("a few words"), {"marked": page.marked}


def _essay(page: EssayPage) -> _Tells:
    told = {"writing": _writing(page.writing), "marked": page.writing.marked}
    return None, _("a text"), told


def _case(page: CasePage) -> _Tells:
    return None, "", {"answer_fields": [], "marked": page.marked}


def _code(page: CodePage) -> _Tells:
    return None, _("Python; what is judged is submitted"), {"stem": page.statement}


def _design(page: DesignPage) -> _Tells:
    open_to = page.desk.fields.open()
    fields = [
        {"name": name, "values": [*map(str, bounds.one_of)] or None, "takes": bounds.asked}
        for name, bounds in open_to.items()
    ]
    if page.writing:
        fields.append({"name": "text", "values": None, "takes": _("a text")})
    design = {
        "start": page.start.as_answer(),
        "fixed": page.desk.fields.fixed(),
        "requirements": [
            {
                "title": one.title,
                "quantity": one.quantity,
                "at_most": None if one.at_most is None else str(one.at_most),
                "at_least": None if one.at_least is None else str(one.at_least),
                "unit": one.unit,
            }
            for one in page.requirements
        ],
    }
    writing = _writing(page.writing) if page.writing else None
    told = {"answer_fields": fields, "design": design, "writing": writing, "marked": page.marked}
    return None, "", told


def _writing(writing: Writing) -> Told:
    return {
        "least_words": writing.words.least,
        "most_words": writing.words.most,
        "rubric": [
            {
                "key": one.key,
                "title": one.title,
                "points": one.points,
                "description": one.description,
                "levels": [
                    {"points": level.points, "description": level.description}
                    for level in one.levels
                ],
            }
            for one in writing.rubric
        ],
    }


def _places(listed: Sequence[str]) -> list[str]:
    return [str(place) for place in range(len(listed))]


_KINDS: dict[type[Page], Callable[[Any], _Tells]] = {
    CasePage: _case,
    ChoicePage: _choice,
    CodePage: _code,
    DesignPage: _design,
    EssayPage: _essay,
    MatchingPage: _matching,
    MultiPage: _multi,
    NumericPage: _numeric,
    OrderingPage: _ordering,
    ShortPage: _short,
}
