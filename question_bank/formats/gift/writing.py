"""Items to GIFT text: one way to write each item."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from question_bank.formats.gift.checks import ARROW, FULL
from question_bank.formats.gift.items import (
    Answer,
    Anything,
    Category,
    Description,
    Format,
    Interval,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Nominal,
    Numerical,
    NumericalAnswer,
    Pair,
    Question,
    Rich,
    Short,
    TrueFalse,
)
from question_bank.formats.gift.syntax import (
    CATEGORY,
    COMMENT,
    GENERAL,
    TAG,
    TITLE,
    WEIGHT,
    escape,
    plain_number,
)

# What would not be read as text where a text begins; naming the format in front of it prevents it.
_MISREAD = re.compile(rf"{TAG.pattern}|{WEIGHT.pattern}|{COMMENT}|\ufeff")


def write(items: Iterable[Item]) -> str:
    """Return a GIFT file; ``parse`` reads it as the same items, without faults."""
    return "\n".join(f"{_entry(item)}\n" for item in items)


def _entry(item: Item) -> str:
    if isinstance(item, Category):
        return f"{CATEGORY} {item.name}"
    return "\n".join([*_comments(item), _question(item)])


def _comments(item: Question) -> Iterator[str]:
    if item.id is not None:
        yield f"{COMMENT} {_label('id', item.id)}"
    if item.tags:
        yield f"{COMMENT} {' '.join(_label('tag', tag) for tag in item.tags)}"


def _label(name: str, value: str) -> str:
    closing = "\\]"
    return f"[{name}:{value.replace(']', closing)}]"


def _question(item: Question) -> str:
    stem = item.stem
    title = "" if item.title is None else f"{TITLE}{escape(item.title)}{TITLE}"
    head = title + _tag(stem.before, stem.format, Format.MOODLE) + escape(stem.before)
    if isinstance(item, Description):
        return head
    space = "" if stem.has_gap else " "
    return f"{head}{space}{{{_block(item)}}}{escape(stem.after)}"


def _block(item: Question) -> str:
    lines = list(_answers(item))
    if item.feedback:
        lines.append(GENERAL + _rich(item.feedback, item.stem.format))
    return _opening(item) + "".join(f"\n\t{line}" for line in lines) + ("\n" if lines else "")


def answers_text(item: Question) -> str:
    """Return what stands between the braces of a question, a line for each answer."""
    return _block(item).replace("\n\t", "\n")


def _opening(item: Question) -> str:
    if isinstance(item, Numerical):
        return "#"
    if not isinstance(item, TrueFalse):
        return ""
    wrong = _feedback(item.if_wrong, item.stem.format)
    right = _feedback(item.if_right, item.stem.format)
    return ("TRUE" if item.truth else "FALSE") + (wrong or ("#" if right else "")) + right


def _answers(item: Question) -> Iterator[str]:
    default = item.stem.format
    match item:
        case MultipleChoice() | MultiAnswer():
            for sign, answer in zip(_choice_signs(item), item.answers, strict=True):
                yield sign + _answer(answer, default)
        case Short():
            yield from _short_answers(item)
        case Numerical():
            yield from (_numerical_answer(answer, default) for answer in item.answers)
        case Matching():
            yield from (_pair(pair, default) for pair in item.pairs)


def _choice_signs(item: MultipleChoice | MultiAnswer) -> list[str]:
    single = isinstance(item, MultipleChoice)
    signs = [_choice_sign(answer.weight, single) for answer in item.answers]
    if "=" in signs and len(set(signs)) == 1:
        # Without a ~ these would be the answers of a short-answer question.
        signs[-1] = _choice_sign(FULL, single=False)
    return signs


def _choice_sign(weight: Decimal, single: bool) -> str:
    if single and weight == FULL:
        return "="
    return f"~%{plain_number(weight)}%" if weight else "~"


def _short_answers(item: Short) -> Iterator[str]:
    default = item.stem.format
    lines = [_given_sign(answer.weight) + _answer(answer, default) for answer in item.answers]
    if any(ARROW in line for line in lines):
        # An arrow after a = makes pairs. A single answer needs no =, but then has to show that it
        # is not the word TRUE or FALSE; its format does that.
        (answer,) = item.answers
        weight = _given_sign(answer.weight).removeprefix("=")
        text = f"[{answer.text.format}]{escape(answer.text.text)}"
        lines = [weight + text + _feedback(answer.feedback, default)]
    yield from lines


def _given_sign(weight: Decimal) -> str:
    return "=" if weight == FULL else f"=%{plain_number(weight)}%"


def _answer(answer: Answer, default: Format) -> str:
    return _rich(answer.text, default) + _feedback(answer.feedback, default)


def _numerical_answer(answer: NumericalAnswer, default: Format) -> str:
    feedback = _feedback(answer.feedback, default)
    match answer.value:
        case Nominal(value, tolerance):
            accepted = plain_number(value) + (f":{plain_number(tolerance)}" if tolerance else "")
        case Interval(low, high):
            accepted = f"{plain_number(low)}..{plain_number(high)}"
        case Anything():
            if not answer.weight:
                return f"~{feedback}"
            accepted = "*"
    return _given_sign(answer.weight) + accepted + feedback


def _pair(pair: Pair, default: Format) -> str:
    return f"={_rich(pair.left, default)} {ARROW} {escape(pair.right)}"


def _feedback(feedback: Rich | None, default: Format) -> str:
    return f"#{_rich(feedback, default)}" if feedback else ""


def _rich(rich: Rich, default: Format) -> str:
    return _tag(rich.text, rich.format, default) + escape(rich.text)


def _tag(text: str, markup: Format, default: Format) -> str:
    return f"[{markup}]" if markup != default or _MISREAD.match(text) else ""
