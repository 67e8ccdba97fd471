"""Questions of ours as GIFT's items, or the reason why one of them cannot be."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypedDict

from grader.words import gettext as _
from question_bank.formats import usual
from question_bank.formats.entries import Outgoing, UnrepresentableError
from question_bank.formats.gift.checks import FULL
from question_bank.formats.gift.incoming import SOURCE, put_label
from question_bank.formats.gift.items import (
    Answer,
    Essay,
    Format,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Numerical,
    Pair,
    Rich,
    Short,
    Stem,
    TrueFalse,
)
from question_bank.formats.gift.numbers import numerical
from question_bank.formats.gift.texts_out import bare_of, plain_of, rich
from question_bank.formats.gift.weights import rounded, weight_of, weight_of_credit
from question_bank.kinds import Content
from question_bank.kinds.choice import Choice, ChoiceContent
from question_bank.kinds.essay import EssayContent
from question_bank.kinds.matching import MatchingContent
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.numeric import NumericContent
from question_bank.kinds.short import ShortContent
from question_bank.marking.multi import usual_weights

_NOTHING = Decimal(0)


class _Common(TypedDict):
    stem: Stem
    title: str
    id: str
    tags: tuple[str, ...]
    feedback: Rich | None


def item_of(question: Outgoing) -> Item:
    """Return a question as GIFT says it.

    Raises ``UnrepresentableError`` or ``ItemError`` for what GIFT has no way to say.
    """
    content = question.content
    match content:
        case ChoiceContent():
            return _choice(content, _common(question, content.stem))
        case MultiContent():
            return MultiAnswer(answers=_weighed(content), **_common(question, content.stem))
        case ShortContent():
            return Short(answers=tuple(_short(content)), **_common(question, content.stem))
        case NumericContent():
            return _numerical(content, _common(question, content.stem))
        case MatchingContent():
            return Matching(pairs=tuple(_pairs(content)), **_common(question, content.stem))
        case EssayContent():
            return _essay(content, _common(question, content.stem))
    raise UnrepresentableError(
        _("a plain file has no questions of the kind %(kind)s") % {"kind": content.kind}
    )


def _common(question: Outgoing, stem: str) -> _Common:
    return {
        "stem": Stem(bare_of(stem), format=Format.MARKDOWN),
        "title": question.content.title,
        "id": question.slug,
        "tags": tuple(_tags(question)),
        "feedback": rich(_explained(question.content)),
    }


def _tags(question: Outgoing) -> Iterator[str]:
    content = question.content
    yield from (f"concept:{concept}" for concept in content.concepts)
    yield f"bloom:{content.bloom}"
    yield f"difficulty:{content.difficulty}"
    for tag in question.tags:
        if put_label(tag, {}):
            raise UnrepresentableError(
                _("its tag %(tag)s would be read as more than a tag") % {"tag": tag}
            )
        yield tag


def _explained(content: Content) -> str:
    explanation, source = bare_of(content.explanation), bare_of(content.source)
    if "\n\n" in source:
        raise UnrepresentableError(_("its source has several paragraphs"))
    return "\n\n".join(text for text in (explanation, source and SOURCE + source) if text)


def _choice(content: ChoiceContent, common: _Common) -> TrueFalse | MultipleChoice:
    texts = [choice.text for choice in content.choices]
    if texts == ["True", "False"]:
        said = {choice.correct: rich(choice.feedback) for choice in content.choices}
        truth = content.choices[0].correct
        return TrueFalse(truth=truth, if_right=said[True], if_wrong=said[False], **common)
    answers = tuple(
        _answer(choice, FULL if choice.correct else _NOTHING) for choice in content.choices
    )
    return MultipleChoice(answers=answers, **common)


def _weighed(content: MultiContent) -> tuple[Answer, ...]:
    if content.marking != "weights":
        raise UnrepresentableError(
            _("it is marked by %(marking)s; GIFT has weights alone") % {"marking": content.marking}
        )
    for choice in content.choices:
        if choice.weight is not None and choice.correct != (choice.weight > 0):
            raise UnrepresentableError(_("the weight of a choice belies whether it is right"))
    usual = map(rounded, usual_weights(content.right))
    weights = [
        usual_one if choice.weight is None else weight_of(choice.weight)
        for choice, usual_one in zip(content.choices, usual, strict=True)
    ]
    return tuple(map(_answer, content.choices, weights))


def _answer(choice: Choice, weight: Decimal) -> Answer:
    return Answer(Rich(bare_of(choice.text), Format.MARKDOWN), weight, rich(choice.feedback))


def _short(content: ShortContent) -> Iterator[Answer]:
    if content.match_case:
        raise UnrepresentableError(_("capitals count in it, which GIFT cannot say"))
    for accepted in content.accepted:
        if "\\*" in accepted.words:
            raise UnrepresentableError(_("in GIFT the \\* of an answer would be a star"))
        words = Rich(accepted.words, Format.MARKDOWN)
        yield Answer(words, weight_of_credit(accepted.credit), rich(accepted.feedback))
    rest = rich(content.otherwise)
    if rest:
        yield Answer(Rich("*", Format.MARKDOWN), _NOTHING, rest)


def _numerical(content: NumericContent, common: _Common) -> Numerical:
    answers = numerical(content)
    if "[[" in content.model_dump_json():
        raise UnrepresentableError(_("its texts hold [[…]], which is filled in for each learner"))
    return Numerical(answers=answers, **common)


def _pairs(content: MatchingContent) -> Iterator[Pair]:
    if content.marking != "each":
        raise UnrepresentableError(
            _("it is marked by %(marking)s; GIFT marks each line") % {"marking": content.marking}
        )
    for pair in content.pairs:
        if pair.feedback:
            raise UnrepresentableError(
                _("a plain file has no feedback on pairs: “%(premise)s”")
                % {"premise": bare_of(pair.premise)}
            )
        yield Pair(Rich(bare_of(pair.premise), Format.MARKDOWN), plain_of(pair.option))
    for distractor in content.distractors:
        yield Pair(Rich("", Format.MARKDOWN), plain_of(distractor))


def _essay(content: EssayContent, common: _Common) -> Essay:
    if content.model_answer:
        raise UnrepresentableError(_("a plain file has no place for a model answer"))
    if (content.words, content.rubric) != (usual.WORDS, usual.RUBRIC):
        raise UnrepresentableError(
            _("a plain file has no rubrics and no bounds for the number of words")
        )
    return Essay(**common)
