import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from assessments.web.search.words import (
    MOST_WORDS,
    fit,
    folded,
    marked,
    plain,
    query_words,
    sentence,
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("KV  Cache", ("kv", "cache")),
        ("Épîtres naïves", ("epitre", "naive")),
        ("cache CACHE caches", ("cache",)),
        ("class s", ("class", "s")),
        ("  -- ", ()),
        (" ".join(f"w{number}" for number in range(20)), tuple(f"w{n}" for n in range(MOST_WORDS))),
    ],
)
def test_what_is_typed_becomes_words(typed: str, words: tuple[str, ...]) -> None:
    assert query_words(typed) == words


@pytest.mark.parametrize("text", ["Sliding window", "window, sliding", "WINDÖW: a slide"])
def test_words_fit_by_their_beginning_in_any_order(text: str) -> None:
    assert fit(("wind", "slid"), text) is not None


def test_every_word_has_to_fit() -> None:
    assert fit(("window", "ring"), "Sliding window", "A body.") is None


def test_a_word_inside_another_does_not_fit() -> None:
    assert fit(("indow",), "window") is None


def test_a_title_is_better_than_a_body_and_a_whole_word_than_its_beginning() -> None:
    word = ("cache",)
    ranks = [
        fit(word, "KV cache", ""),
        fit(word, "Caches", ""),
        fit(word, "KV", "a cache"),
        fit(word, "KV", "caches"),
    ]
    assert ranks == sorted(ranks, key=lambda rank: rank if rank is not None else 99)
    assert len(set(ranks)) == 4


def test_the_sentence_with_most_of_the_words_is_shown() -> None:
    text = "One cache. A window of the cache. Another window."
    assert sentence(("window", "cache"), text) == "A window of the cache."
    assert sentence(("none",), "") == ""


def test_long_sentences_are_cut_at_a_word() -> None:
    assert sentence(("word",), "word " * 200).endswith("word …")


def test_words_are_marked_with_their_accents() -> None:
    assert marked(("cache",), "Un caché & co") == "Un <mark>caché</mark> &amp; co"


@given(st.text(), st.lists(st.text("abc", min_size=1), max_size=3))
def test_marking_changes_no_text_and_lets_no_markup_through(text: str, words: list[str]) -> None:
    html = marked(words, text)
    without = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in without
    assert marked((), text) == without


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_prose_is_what_is_left_of_markdown() -> None:
    text = "## Head\n\nA *window* of $w \\cdot n$, [a link](concept:x).\n\n$$x$$\n\n"
    text += "| a |\n\n```py\nz\n```"
    assert plain(text) == "A window of w ·n, a link."
    assert strip_tags(plain("`a_b`")) == "a_b"
