"""A few words: compared without regard to what does not matter."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.kinds import UnreadableAnswerError
from question_bank.kinds.short import LONGEST, Accepted, ShortContent, ShortVariant

HEAD = {
    "title": "What forgets",
    "concepts": ("local-window",),
    "bloom": "remember",
    "difficulty": 1,
    "source": "Definition.",
    "explanation": "A window forgets.",
    "stem": "Which pattern frees memory for good?",
}
ACCEPTED = (
    Accepted(words="sliding window"),
    Accepted(words="*window*", credit=Decimal("0.5"), feedback="Which kind of window?"),
    Accepted(words="flash*", credit=Decimal(0), feedback="That leaves the cache as it is."),
)


def variant(**changed: Any) -> ShortVariant:
    given = {"kind": "short", "accepted": ACCEPTED, "otherwise": "Think of the cache.", **changed}
    return ShortVariant(ShortContent(**{**HEAD, **given}), 0)


@pytest.mark.parametrize("words", ["sliding window", " Sliding   WINDOW ", "sliding\u00a0window"])
def test_capitals_and_spaces_do_not_count(words: str) -> None:
    assert variant().mark({"words": words}).fraction == 1


def test_capitals_count_where_the_question_says_so() -> None:
    strict = variant(match_case=True)
    assert strict.mark({"words": "Sliding Window"}).fraction == 0
    assert strict.mark({"words": "sliding  window"}).fraction == 1


@pytest.mark.parametrize(
    ("words", "credit", "said"),
    [
        ("a window of keys", "0.5", "Which kind of window?"),
        ("FlashAttention", "0", "That leaves the cache as it is."),
        ("paging", "0", "Think of the cache."),
    ],
)
def test_the_first_accepted_words_that_fit_decide(words: str, credit: str, said: str) -> None:
    mark = variant().mark({"words": words})
    assert (mark.fraction, mark.feedback) == (Decimal(credit), said)


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST + 1)])
def test_nothing_and_too_much_are_no_answers(words: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        variant().mark({"words": words})


def test_what_was_given_is_shown_as_it_is_and_not_read_as_markdown() -> None:
    given = variant().mark({"words": "*[x](javascript:y)* <b>"}).given
    assert given == r"\*\[x\]\(javascript\:y\)\* \<b\>"


@given(
    st.lists(st.sampled_from("ab"), max_size=12),
    st.lists(st.sampled_from("ab*"), min_size=1, max_size=6),
)
def test_a_star_stands_for_any_text(text: list[str], words: list[str]) -> None:
    def fits(rest: str, wanted: str) -> bool:
        if not wanted:
            return not rest
        if wanted[0] == "*":
            return any(fits(rest[cut:], wanted[1:]) for cut in range(len(rest) + 1))
        return rest[:1] == wanted[0] and fits(rest[1:], wanted[1:])

    accepted = "".join(words)
    if not text or not accepted.strip("*"):
        return
    found = variant(
        accepted=(Accepted(words="zzz"), Accepted(words=accepted, credit=Decimal("0.5")))
    )
    words_given = "".join(text)
    half = found.mark({"words": words_given}).fraction == Decimal("0.5")
    assert half == fits(words_given, accepted)


def test_many_stars_are_gone_through_once() -> None:
    """Trying all ways to spread them would not end in a lifetime."""
    accepted = (Accepted(words="zzz"), Accepted(words="a*" * 90 + "b", credit=Decimal("0.5")))
    marked = variant(accepted=accepted)
    assert marked.mark({"words": "a" * LONGEST}).fraction == 0
    assert marked.mark({"words": "a" * 150 + "b"}).fraction == Decimal("0.5")


def test_the_full_answer_comes_first_and_without_a_star() -> None:
    with pytest.raises(ValidationError, match="without"):
        variant(accepted=ACCEPTED[1:])
    with pytest.raises(ValidationError, match="beside"):
        Accepted(words=" * ")
