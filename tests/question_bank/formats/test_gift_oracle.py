"""GIFT files of the grammar's own test suite: each is read as that suite says, field by field."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from question_bank.formats.gift import (
    Answer,
    Anything,
    Category,
    Description,
    Essay,
    Format,
    Interval,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Nominal,
    Numerical,
    NumericalAnswer,
    Question,
    Rich,
    Short,
    TrueFalse,
    parse,
    write,
)
from tests.cast import oracles

ANY = {"type": "any"}

TYPES = {
    Category: "Category",
    Description: "Description",
    Essay: "Essay",
    Matching: "Matching",
    MultiAnswer: "MC",
    MultipleChoice: "MC",
    Numerical: "Numerical",
    Short: "Short",
    TrueFalse: "TF",
}


def files() -> list[Any]:
    if oracles.FOLDER is None:
        return [pytest.param(None, marks=oracles.needed)]
    paths = sorted((oracles.FOLDER / "gift").glob("*.gift"))
    return [pytest.param(path, id=path.stem) for path in paths]


def rich(text: Rich | None) -> dict[str, str] | None:
    return text and {"format": str(text.format), "text": text.text}


def question(item: Question) -> dict[str, Any]:
    stem = item.stem
    around = f"{stem.before.strip()} _____ {stem.after.strip()}" if stem.has_gap else stem.before
    normal = {
        "type": TYPES[type(item)],
        "id": item.id,
        "tags": list(item.tags) or None,
        "title": item.title,
        "stem": {"format": str(stem.format), "text": around.strip()},
        "hasEmbeddedAnswers": stem.has_gap,
    }
    return (
        normal
        if isinstance(item, Description)
        else normal | {"globalFeedback": rich(item.feedback)}
    )


def chosen(answer: Answer, right: bool) -> dict[str, Any]:
    return {
        "isCorrect": right,
        "weight": answer.weight,
        "text": rich(answer.text),
        "feedback": rich(answer.feedback),
    }


def number(answer: NumericalAnswer) -> dict[str, Any]:
    match answer.value:
        case Nominal(value, tolerance):
            text = {"type": "range", "number": value, "range": tolerance}
        case Interval(low, high):
            text = {"type": "high-low", "numberLow": low, "numberHigh": high}
        case _:
            text = ANY
    right = not isinstance(answer.value, Anything)
    feedback = rich(answer.feedback)
    return {"isCorrect": right, "weight": answer.weight, "text": text, "feedback": feedback}


def ours(item: Item) -> dict[str, Any]:
    """Say an item in the words of the suite.

    Its files weigh an answer 100 where it is marked ``=`` and nowhere else, and ``=`` marks all
    answers to short-answer and numerical questions but the one for any number.
    """
    if isinstance(item, Category):
        return {"type": "Category", "title": item.name}
    normal = question(item)
    match item:
        case MultipleChoice(answers=answers):
            normal["choices"] = [chosen(answer, answer.weight == 100) for answer in answers]
        case MultiAnswer(answers=answers):
            normal["choices"] = [chosen(answer, False) for answer in answers]
        case Short(answers=answers):
            normal["choices"] = [chosen(answer, True) for answer in answers]
        case Numerical(answers=answers):
            normal["choices"] = [number(answer) for answer in answers]
        case Matching(pairs=pairs):
            sides = [{"subquestion": rich(pair.left), "subanswer": pair.right} for pair in pairs]
            normal["matchPairs"] = sides
        case TrueFalse(truth=truth, if_wrong=first, if_right=second):
            # The suite names the two by their place; Moodle shows the first to who is wrong.
            both = {"trueFeedback": rich(first), "falseFeedback": rich(second)}
            normal |= {"isTrue": truth} | both
    return normal


def theirs(item: dict[str, Any]) -> dict[str, Any]:
    """Say in one way what the suite says in two: weights, and numbers without a tolerance."""
    choices = item.get("choices")
    if choices is None:
        return item
    if isinstance(choices, dict):
        choices = [{"isCorrect": True, "weight": None, "text": choices, "feedback": None}]
    return item | {"choices": [choice(each, item["type"]) for each in choices]}


def choice(given: dict[str, Any], kind: str) -> dict[str, Any]:
    text, weight = given["text"], given["weight"]
    if kind == "Numerical":
        if text.get("type") == "simple":
            text = {"type": "range", "number": text["number"], "range": 0}
        elif text.get("text") == "*":
            text = ANY
    if weight is None:
        weight = 100 if given["isCorrect"] else 0
    return given | {"text": text, "weight": weight}


def read(path: Path) -> Sequence[Item]:
    parsed = parse(path.read_text(encoding="utf-8"))
    assert parsed.faults == ()
    return parsed.items


@pytest.mark.parametrize("path", files())
def test_a_file_is_read_as_the_suite_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"), parse_float=Decimal)
    assert [ours(item) for item in read(path)] == [theirs(item) for item in expected]


@pytest.mark.parametrize("path", files())
def test_a_file_written_again_holds_the_same_items(path: Path) -> None:
    items = read(path)
    again = parse(write(items))
    assert (again.items, again.faults) == (items, ())
    assert write(again.items) == write(items)


@oracles.needed
def test_the_suite_has_51_files_and_every_type_and_format_is_among_them() -> None:
    paths = [path.values[0] for path in files()]
    assert len(paths) == 51
    items = [item for path in paths for item in read(path)]
    assert {type(item) for item in items} == set(TYPES)
    texts = [
        answer.text for item in items if isinstance(item, MultiAnswer) for answer in item.answers
    ]
    lefts = [pair.left for item in items if isinstance(item, Matching) for pair in item.pairs]
    assert {text.format for text in texts + lefts} == set(Format)
