"""Terms of the glossary in a text: where one first stands it becomes a link to its definition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.rules_core import StateCore
from markdown_it.token import Token


@dataclass(frozen=True)
class Linked:
    """A term that becomes a link where it first stands, by any of its names.

    The element whose id is ``term-`` and the slug is said to describe it.
    """

    slug: str
    names: tuple[str, ...]
    href: str


def link_terms(state: StateCore) -> None:
    """Make links of the terms in ``env["terms"]``, outside of headings, links and code."""
    terms: tuple[Linked, ...] = state.env.get("terms", ())
    if not terms:
        return
    done: set[str] = set()
    in_heading = False
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
        elif token.type == "inline" and not in_heading:
            token.children = list(_linked(token.children or [], terms, done))


def _linked(children: list[Token], terms: tuple[Linked, ...], done: set[str]) -> Iterator[Token]:
    depth = 0
    for token in children:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not depth:
            yield from _split(token, terms, done)
        else:
            yield token


def _split(token: Token, terms: tuple[Linked, ...], done: set[str]) -> Iterator[Token]:
    pattern, by_name = _finder(terms)
    begin = 0
    for found in pattern.finditer(token.content):
        term = by_name[found[1].casefold()]
        if term.slug in done:
            continue
        done.add(term.slug)
        yield _text(token.content[begin : found.start()], token.level)
        attrs: dict[str, str | int | float] = {
            "href": term.href,
            "class": "term",
            "aria-describedby": f"term-{term.slug}",
        }
        yield Token("link_open", "a", 1, attrs=attrs, level=token.level)
        yield _text(found[0], token.level + 1)
        yield Token("link_close", "a", -1, level=token.level)
        begin = found.end()
    yield _text(token.content[begin:], token.level)


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


@lru_cache(maxsize=32)
def _finder(terms: tuple[Linked, ...]) -> tuple[re.Pattern[str], dict[str, Linked]]:
    """Return what finds any name, the longest first, with an s for more than one."""
    by_name = {name.casefold(): term for term in terms for name in term.names}
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({names})s?(?![\w-])", re.IGNORECASE), by_name
