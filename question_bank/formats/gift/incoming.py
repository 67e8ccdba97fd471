"""GIFT's items as questions of ours, or the reason why one of them cannot be."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from grader.contract import SLUG
from grader.words import gettext
from question_bank.formats import usual
from question_bank.formats.entries import (
    LABELS,
    OF_AN_ESSAY,
    Entry,
    UnrepresentableError,
)
from question_bank.formats.gift.checks import FULL
from question_bank.formats.gift.items import (
    Answer,
    Essay,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Numerical,
    Question,
    Short,
    TrueFalse,
)
from question_bank.formats.gift.notes import notes_of
from question_bank.formats.gift.numbers import numeric
from question_bank.formats.gift.syntax import plain_number
from question_bank.formats.gift.texts_in import line_of, markdown_of, stem_of, words_of
from question_bank.formats.gift.weights import credit_of, rounded, share_of, weight_of
from question_bank.formats.plain import from_plain
from question_bank.kinds import KINDS, Content, ContentError
from question_bank.marking.multi import usual_weights
from question_bank.refusals import reason_of
from question_bank.texts import markdown

BLOOM = get_args(Content.model_fields["bloom"].annotation)
LONGEST_TITLE = 120
LONGEST_MADE_TITLE = 60
SOURCE = "Source: "
"""How the last paragraph of the feedback for everybody begins that says where it is from."""

_MARKUP = re.compile(r"\\\\([!-/:-@\[-`{-~\n])|[*`$]")


def entry_of(item: Question, folder: str | None) -> Entry:
    """Return a question as one of ours, in ``folder``. Raises ``UnrepresentableError``."""
    kind, asked = asked_of(item)
    labels, tags = _labels(item)
    explanation, source = _explained(markdown_of(item.feedback))
    stem = stem_of(item.stem)
    told = {
        "kind": kind,
        "title": _title(item.title, stem),
        "concepts": labels.get("concepts", ()),
        "bloom": labels.get("bloom", usual.BLOOM),
        "difficulty": labels.get("difficulty", usual.DIFFICULTY),
        "source": source,
        "explanation": explanation,
        "stem": stem,
        **asked,
    }
    return Entry(
        where=gettext("line %(line)s") % {"line": item.line},
        content=content_of(kind, told),
        told=frozenset(told) - _untold(item) | labels.keys(),
        slug=item.id if item.id and re.fullmatch(SLUG, item.id) else None,
        folder=folder,
        tags=tags or None,
        notes=notes_of(item),
    )


def content_of(kind: str, told: Mapping[str, Any]) -> Content:
    """Return a question that is drawn without a fault. Raises ``UnrepresentableError``."""
    try:
        content = KINDS[kind].content.model_validate(told)
        KINDS[kind].variant(content, 0).rehearse()
    except ValidationError as refusal:
        first = refusal.errors(include_url=False)[0]
        reason = reason_of(first)
        key = ".".join(map(str, first["loc"]))
        raise UnrepresentableError(f"{key}: {reason}" if key else reason) from refusal
    except ContentError as fault:
        raise UnrepresentableError(str(fault)) from fault
    return content


def asked_of(item: Question) -> tuple[str, dict[str, Any]]:
    """Return the kind of a question, and what is particular to the kind.

    Raises ``UnrepresentableError``.
    """
    match item:
        case TrueFalse():
            return "choice", _true_or_false(item)
        case MultipleChoice():
            return "choice", _choice(item.answers)
        case MultiAnswer():
            return "multi", _multi(item.answers)
        case Short():
            return "short", _short(item.answers)
        case Numerical():
            return "numeric", numeric(item.answers)
        case Matching():
            return "matching", _matching(item)
        case Essay():
            return "essay", {"words": usual.WORDS, "rubric": usual.RUBRIC}
    raise UnrepresentableError(
        gettext("it asks nothing; put its text into the questions that it belongs to")
    )


def _true_or_false(item: TrueFalse) -> dict[str, Any]:
    said = {item.truth: item.if_right, not item.truth: item.if_wrong}
    return {
        "choices": tuple(
            {
                "text": str(truth),
                "correct": truth is item.truth,
                "feedback": markdown_of(said[truth]),
            }
            for truth in (True, False)
        )
    }


def _choice(answers: Sequence[Answer]) -> dict[str, Any]:
    right = [answer for answer in answers if answer.weight == FULL]
    if len(right) > 1:
        raise UnrepresentableError(
            gettext(
                "%(number)s of its answers are right and one may be chosen; leave one, or give all"
                " answers weights, as in ~%%50%%, so that several may be chosen"
            )
            % {"number": len(right)}
        )
    for answer in answers:
        if answer.weight not in (0, FULL):
            weight = plain_number(answer.weight)
            raise UnrepresentableError(
                gettext(
                    "“%(text)s” earns %(weight)s %% where one answer may be chosen; an answer"
                    " to choose is right or wrong"
                )
                % {"text": answer.text.text, "weight": weight}
            )
    _few(len(answers))
    return {
        "choices": tuple(
            {
                "text": line_of(answer.text),
                "correct": answer.weight == FULL,
                "feedback": markdown_of(answer.feedback),
            }
            for answer in answers
        )
    }


def _few(count: int) -> None:
    most = 12
    if count > most:
        raise UnrepresentableError(
            gettext("it has %(count)s answers; %(most)s are the most")
            % {"count": count, "most": most}
        )


def _multi(answers: Sequence[Answer]) -> dict[str, Any]:
    _few(len(answers))
    earned = sum((answer.weight for answer in answers if answer.weight > 0), Decimal(0))
    shares = [share_of(answer.weight) for answer in answers]
    right = tuple(share > 0 for share in shares)
    if sum(share for share in shares if share > 0) < 1:
        raise UnrepresentableError(
            gettext("the weights of its right answers add up to %(earned)s %%, less than 100 %%")
            % {"earned": plain_number(earned)}
        )
    if all(right):
        raise UnrepresentableError(gettext("all of its answers are right; one has to be wrong"))
    usual = all(
        weight_of(share) == rounded(weight)
        for share, weight in zip(shares, usual_weights(right), strict=True)
    )
    return {
        "marking": "weights",
        "choices": tuple(
            {
                "text": line_of(answer.text),
                "correct": share > 0,
                "feedback": markdown_of(answer.feedback),
                "weight": None if usual else share,
            }
            for answer, share in zip(answers, shares, strict=True)
        ),
    }


def _short(answers: Sequence[Answer]) -> dict[str, Any]:
    given, rest = list(answers), None
    if given[-1].text.text == "*" and not given[-1].weight:
        rest = given.pop().feedback
    full = next((one for one in given if one.weight == FULL and "*" not in one.text.text), None)
    if full is None:
        raise UnrepresentableError(
            gettext("none of its answers is the full one, written out without *")
        )
    if full is not given[0]:
        before = given[: given.index(full)]
        if any("*" in one.text.text for one in before):
            raise UnrepresentableError(gettext("an answer with * stands above the full one"))
        given = [full, *(one for one in given if one is not full)]
    return {"accepted": tuple(map(_accepted, given)), "otherwise": markdown_of(rest)}


def _accepted(answer: Answer) -> dict[str, Any]:
    words = words_of(answer.text)
    if "\\*" in words:
        raise UnrepresentableError(
            gettext("an answer of it holds a star; ours always stand for any text")
        )
    return {
        "words": words,
        "credit": credit_of(answer.weight),
        "feedback": markdown_of(answer.feedback),
    }


def _matching(item: Matching) -> dict[str, Any]:
    joined = [pair for pair in item.pairs if pair.left.text]
    alone = [pair for pair in item.pairs if not pair.left.text]
    return {
        "pairs": tuple(
            {"premise": line_of(pair.left), "option": from_plain(pair.right), "feedback": ""}
            for pair in joined
        ),
        "distractors": tuple(from_plain(pair.right) for pair in alone),
    }


def _title(title: str | None, stem: str) -> str:
    if title is None:
        text = " ".join(_MARKUP.sub(r"\1", stem).split())
        return textwrap.shorten(text, LONGEST_MADE_TITLE, placeholder="…") or text[:LONGEST_TITLE]
    if len(title) > LONGEST_TITLE:
        raise UnrepresentableError(
            gettext("its title has %(number)s characters; %(longest_title)s are the most")
            % {"number": len(title), "longest_title": LONGEST_TITLE}
        )
    return title


def _explained(feedback: str) -> tuple[str, str]:
    """Return the explanation that feedback for everybody holds, and the source."""
    *before, last = feedback.split("\n\n")
    if not last.startswith(SOURCE):
        return markdown(feedback), ""
    return markdown("\n\n".join(before)), last.removeprefix(SOURCE)


def _untold(item: Question) -> set[str]:
    return {*LABELS, *OF_AN_ESSAY, *(["title"] if item.title is None else [])}


def _labels(item: Question) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what the tags say of the question's place in a course, and the other tags."""
    labels: dict[str, Any] = {}
    tags = [tag for tag in dict.fromkeys(item.tags) if not put_label(tag, labels)]
    if item.id and not re.fullmatch(SLUG, item.id):
        tags.append(f"id:{item.id}")
    return labels, tuple(tags)


def put_label(tag: str, labels: dict[str, Any]) -> bool:
    """Add what a tag says of a question's place in a course; tell whether it says anything."""
    name, _, value = tag.partition(":")
    if name == "concept" and re.fullmatch(SLUG, value):
        labels["concepts"] = (*labels.get("concepts", ()), value)
    elif name == "bloom" and value in BLOOM and name not in labels:
        labels[name] = value
    elif name == "difficulty" and value in set("12345") and name not in labels:
        labels[name] = int(value)
    else:
        return False
    return True
