"""Hypothesis strategies for questions of the plain kinds, their texts full of GIFT's signs."""

from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.formats import usual
from question_bank.formats.entries import Outgoing
from question_bank.formats.gift.syntax import plain_number
from question_bank.kinds import KINDS, Content
from tests.question_bank.formats.gift_items import RAW, decimal

T = TypeVar("T")

TEXTS = RAW | RAW.map("{}\n".format)
SOME_TEXT = TEXTS.filter(str.strip)
WORDS = RAW.map(lambda text: text.strip()).filter(bool)
SLUGS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
FOLDERS = st.lists(st.sampled_from(["A", "B c", "é", "top", "$a$"]), max_size=3).map("/".join)
TAGS = st.lists(WORDS | st.just("bloom:apply"), max_size=3, unique=True).map(tuple)
SHARES = st.sampled_from(["1", "0.5", "0.25", "0.3333", "0.1", "0", "0.75"]).map(Decimal)
WEIGHTS = SHARES | SHARES.map(lambda share: -share) | st.just(Decimal("0.333333334"))

_COMMON = {
    "title": WORDS.map(lambda text: text[:120]),
    "concepts": st.lists(SLUGS, max_size=2, unique=True).map(tuple),
    "bloom": st.sampled_from(["remember", "apply", "create"]),
    "difficulty": st.integers(1, 5),
    "source": st.just("") | WORDS,
    "explanation": TEXTS,
    "stem": SOME_TEXT,
}
_CHOICE = {"text": SOME_TEXT, "correct": st.booleans(), "feedback": TEXTS}


def _built(kind: str, **asked: st.SearchStrategy[Any]) -> st.SearchStrategy[Content]:
    @st.composite
    def draw_one(draw: st.DrawFn) -> Content:
        told = {name: draw(part) for name, part in {**_COMMON, **asked}.items()}
        try:
            return KINDS[kind].content.model_validate({"kind": kind, **told})
        except ValidationError:
            reject()

    return draw_one()


def _several(least: int, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.fixed_dictionaries(parts), min_size=least, max_size=4).map(tuple)


def _one_right(choices: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    return tuple({**choice, "correct": not place} for place, choice in enumerate(choices))


def _by_weight(choices: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    return tuple({**choice, "correct": choice["weight"] > 0} for choice in choices)


def _first_is_full(accepted: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    first = accepted[0] | {"credit": Decimal(1), "words": accepted[0]["words"].replace("*", "a")}
    return (first, *accepted[1:])


TRUE_OR_FALSE = st.fixed_dictionaries(
    {"truth": st.booleans(), "said": st.tuples(TEXTS, TEXTS)}
).map(
    lambda told: tuple(
        {"text": str(truth), "correct": truth is told["truth"], "feedback": feedback}
        for truth, feedback in zip((True, False), told["said"], strict=True)
    )
)
CHOICE = _built("choice", choices=_several(2, **_CHOICE).map(_one_right) | TRUE_OR_FALSE)
MULTI = _built(
    "multi",
    marking=st.sampled_from(["weights", "weights", "weights", "net"]),
    choices=_several(2, **_CHOICE)
    | _several(2, **_CHOICE, weight=WEIGHTS).map(_by_weight)
    | _several(2, **_CHOICE, weight=WEIGHTS),
)
SHORT = _built(
    "short",
    match_case=st.sampled_from([False, False, False, True]),
    accepted=_several(1, words=WORDS, credit=SHARES, feedback=TEXTS).map(_first_is_full),
    otherwise=TEXTS,
)
_DIGITS = st.builds(decimal, st.integers(-(10**6), 10**6), st.integers(-3, 6))
NUMERIC = _built(
    "numeric",
    answer=_DIGITS.map(lambda number: {"number": number}),
    tolerance=st.none()
    | st.fixed_dictionaries(
        {
            "rule": st.sampled_from(["nominal", "nominal", "relative"]),
            "size": _DIGITS.map(abs).filter(bool),
        }
    ),
    misconceptions=_several(
        0, name=st.just("?"), feedback=SOME_TEXT, answer=_DIGITS.map(lambda n: {"number": n})
    ).map(
        lambda ideas: tuple(
            {**idea, "name": plain_number(idea["answer"]["number"])} for idea in ideas
        )
    ),
    otherwise=TEXTS,
    if_right=TEXTS,
)
MATCHING = _built(
    "matching",
    marking=st.sampled_from(["each", "each", "each", "all-or-nothing"]),
    pairs=_several(2, premise=SOME_TEXT, option=SOME_TEXT, feedback=st.just("") | TEXTS),
    distractors=st.lists(SOME_TEXT, max_size=2).map(tuple),
)
ESSAY = _built(
    "essay",
    words=st.just(usual.WORDS) | st.just({"least": 5, "most": 9}),
    rubric=st.just(usual.RUBRIC),
    model_answer=st.sampled_from(["", "", "a b c d e"]),
)
CONTENTS = st.one_of(CHOICE, MULTI, SHORT, NUMERIC, MATCHING, ESSAY)


def outgoing(contents: st.SearchStrategy[Content]) -> st.SearchStrategy[tuple[Outgoing, ...]]:
    """Some questions under slugs that differ."""
    one = st.builds(Outgoing, slug=SLUGS, content=contents, folder=FOLDERS, tags=TAGS)
    return st.lists(one, max_size=3, unique_by=lambda question: question.slug).map(tuple)
