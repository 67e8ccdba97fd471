"""Plain texts and a little HTML as Markdown: a question's page shows the same."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.web.prose import render, render_inline
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.html import from_html
from question_bank.formats.plain import from_plain
from tests.question_bank.formats.gift_items import RAW

PIECES = [
    *"\\_*`~$[]<>&|:-+=#!.()1a é\n\t\"'{}^",
    *["---", "___", "~~~", "```", "1.", "&amp;", "<http://a.b>", "<b>", "[a]: b", "==", "- ", "# "],
    *["    ", "word", "_____", "$x$", "a@b.c", "\\frac", "|--|--|"],
]
PLAIN = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | RAW.map(
    lambda text: re.sub(r"[^\S \n\t]|\ufeff", " ", text)
)
WORDS = st.lists(st.sampled_from([*PIECES, "&lt;", "&nbsp;"]), max_size=6).map("".join)


def words(html: str) -> list[str]:
    return unescape(re.sub(r"<[^>]*>", " ", html)).split()


def tags(html: str) -> set[str]:
    return set(re.findall(r"<(\w+)", html))


@given(PLAIN)
def test_a_plain_text_is_shown_as_it_is(text: str) -> None:
    shown = render(from_plain(text))
    assert words(shown) == text.split()
    assert tags(shown) <= {"p", "br"}


@given(PLAIN.map(lambda text: text.replace("\n", " ")))
def test_a_plain_line_is_shown_as_it_is_in_a_choice(text: str) -> None:
    shown = render_inline(from_plain(text))
    assert words(shown) == text.split()
    assert tags(shown) == set()


def test_what_needs_no_backslash_gets_none() -> None:
    text = "Who's buried in Grant's tomb? (It isn't a trick: 2 + 2 < 5, snake_case, 50% & more.)"
    assert from_plain(text) == text


def test_lines_stay_apart_and_blank_lines_part_paragraphs() -> None:
    assert render(from_plain("a\nb\n\n\nc")) == "<p>a<br>\nb</p>\n<p>c</p>\n"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One.</p>\n<p>Two<br>lines.</p>", "One.\n\nTwo\\\nlines."),
        (
            "<b>bold</b>, <STRONG>too</STRONG>, <i>it</i> <em> all </em>.",
            "**bold**, **too**, *it* *all* .",
        ),
        ("<code>a*b`c</code> &lt;x&gt; 5*6", "``a*b`c`` \\<x> 5\\*6"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n\n  1. c"),
        ("<pre>\n  x = {}\n\ny\n</pre>", "```\n  x = {}\n\ny\n```"),
        ('<p dir="ltr" style="text-align: left;">x</p>', "x"),
        ("1. a<br/>2. b", "1\\. a\\\n2\\. b"),
        ("<p> &nbsp; </p>", ""),
    ],
)
def test_a_little_html_is_markdown(html: str, markdown: str) -> None:
    assert from_html(html) == markdown


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ('<p>See <a href="https://example.org">this</a></p>', "the HTML <a href="),
        ('<p style="color: red">x</p>', "<p style="),
        ("H<sub>2</sub>O", "<sub>"),
        ("<img src='x'>", "<img"),
        ("a<!-- b -->c", "comment"),
        ("<b>a", "does not close <strong>"),
        ("a</b>", "closes </strong>"),
        ("<b>a<p>b</p></b>", "<p> within <strong>"),
        ("<li>a</li>", "<li>"),
        ("<ul>a</ul>", "text directly within <ul>"),
        ('a<b>"x"</b>c', "parts of words"),
        ("<ul>" + "<li><ul>" * 30, "nested too deep"),
    ],
)
def test_html_that_markdown_cannot_say_is_refused_by_name(html: str, why: str) -> None:
    with pytest.raises(UnrepresentableError, match=re.escape(why)):
        from_html(html)


@given(
    st.recursive(
        WORDS.map(lambda text: re.sub(r"[<>]", " ", text)),
        lambda inner: st.tuples(
            st.sampled_from(["b", "em", "code", "p", "ul><li", "pre"]), st.lists(inner, max_size=3)
        ).map(
            lambda made: f"<{made[0]}>{''.join(made[1])}</{'></'.join(made[0].split('><')[::-1])}>"
        ),
        max_leaves=6,
    )
)
def test_html_that_is_not_refused_is_shown_with_all_its_words(html: str) -> None:
    try:
        markdown = from_html(html)
    except UnrepresentableError:
        return
    assert "".join(words(render(markdown))) == "".join(words(html))
