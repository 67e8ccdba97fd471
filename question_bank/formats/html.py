"""A little HTML as Markdown. What Markdown cannot say is refused, with the tag's name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.words import gettext as _
from question_bank.formats.entries import UnrepresentableError
from question_bank.formats.plain import HARD_BREAK, escape_inline, start_of_line

_TOKEN = re.compile(r"<!--|<(/?)([A-Za-z][A-Za-z0-9]*)((?:[\s/][^<>]*)?)>")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLANKS = " \t\n\r\f"
_TICKS = re.compile(r"`+")
# Attributes that Moodle's editors write and that change nothing.
_IDLE = re.compile(r"""\s*(?:(?:dir=["']ltr["']|style=["']text-align: ?left;?["'])\s*)*/?\s*""")

_NAMES = {"b": "strong", "i": "em", "div": "p"}
_MARKS = {"strong": "**", "em": "*"}
_LISTS = {"ul", "ol"}
_BLOCKS = {"p", "pre", *_LISTS}
_KNOWN = {"br", "code", "li", *_MARKS, *_BLOCKS}
_DEEPEST = 20

LONGEST = 100_000
"""A text has no more characters: they are read in half a second."""


@dataclass
class _Element:
    tag: str
    children: list["_Element | str"] = field(default_factory=list)


def from_html(html: str, *, breaks: bool = False) -> str:
    """Return Markdown that shows what the HTML shows; with ``breaks`` a line break breaks a line.

    Knows paragraphs, line breaks, strong and emphasised text, code and lists. Raises
    ``UnrepresentableError`` for all else.
    """
    if len(html) > LONGEST:
        raise UnrepresentableError(
            _("one of its texts has more than %(longest)s characters") % {"longest": f"{LONGEST:,}"}
        )
    root = _tree(html, breaks)
    markdown = "\n\n".join(_blocks(root.children))
    rendered = _tree(_parser().render(markdown), breaks=False)
    if list(_shown(root)) != list(_shown(rendered)):
        raise UnrepresentableError(_("its HTML marks up parts of words, which Markdown cannot"))
    return markdown


def _tree(html: str, breaks: bool) -> _Element:
    root = _Element("")
    path = [root]
    at = 0
    for token in _TOKEN.finditer(html):
        _add_text(path[-1], html[at : token.start()], breaks)
        at = token.end()
        if token[2] is None:
            raise UnrepresentableError(_("it holds an HTML comment"))
        tag = token[2].lower()
        if not (_IDLE.fullmatch(token[3]) and _NAMES.get(tag, tag) in _KNOWN):
            raise UnrepresentableError(
                _("it holds the HTML %(token)s, which Markdown cannot say") % {"token": token[0]}
            )
        _step(path, _NAMES.get(tag, tag), closing=bool(token[1]))
    _add_text(path[-1], html[at:], breaks)
    if len(path) > 1:
        raise UnrepresentableError(_("its HTML does not close <%(tag)s>") % {"tag": path[-1].tag})
    return root


def _step(path: list[_Element], tag: str, *, closing: bool) -> None:
    if closing:
        if path[-1].tag != tag:
            raise UnrepresentableError(
                _("its HTML closes </%(tag)s> where it is not open") % {"tag": tag}
            )
        path.pop()
        return
    if len(path) > _DEEPEST:
        raise UnrepresentableError(_("its HTML is nested too deep"))
    if path[-1].tag in {*_MARKS, "code"} and tag in {*_BLOCKS, "li"}:
        raise UnrepresentableError(
            _("its HTML has <%(tag)s> within <%(tag_2)s>") % {"tag": tag, "tag_2": path[-1].tag}
        )
    if (tag == "li") != (path[-1].tag in _LISTS):
        raise UnrepresentableError(
            _("its HTML has <%(tag)s> directly within <%(parent)s>")
            % {"tag": tag, "parent": path[-1].tag or tag}
        )
    element = _Element(tag)
    path[-1].children.append(element)
    if tag != "br":
        path.append(element)


def _add_text(parent: _Element, raw: str, breaks: bool) -> None:
    text = unescape(raw)
    if parent.tag in _LISTS:
        if text.strip():
            raise UnrepresentableError(
                _("its HTML has text directly within <%(tag)s>") % {"tag": parent.tag}
            )
    elif breaks and parent.tag != "pre":
        for place, line in enumerate(text.split("\n")):
            parent.children += [_Element("br"), line] if place else [line]
    elif text:
        parent.children.append(text)


def _blocks(children: Iterable[_Element | str]) -> Iterator[str]:
    inline: list[_Element | str] = []
    for child in children:
        if isinstance(child, _Element) and child.tag in _BLOCKS:
            yield from _paragraph(inline)
            inline = []
            yield from _block(child)
        else:
            inline.append(child)
    yield from _paragraph(inline)


def _block(element: _Element) -> Iterator[str]:
    if element.tag == "pre":
        code = _text(element).removeprefix("\n").rstrip("\n")
        fence = _fence(code, least=3)
        yield f"{fence}\n{code}\n{fence}"
    elif element.tag == "p":
        yield from _blocks(element.children)
    else:
        signs = (f"{n}. " if element.tag == "ol" else "- " for n in range(1, 10**6))
        items = (child for child in element.children if isinstance(child, _Element))
        lines = [_item(sign, item) for sign, item in zip(signs, items, strict=False)]
        if lines:
            yield "\n".join(lines)


def _item(sign: str, item: _Element) -> str:
    blocks = list(_blocks(item.children))
    # A list below a single paragraph needs no blank line between them.
    whole = "\n".join(blocks) if len(blocks) <= 1 else "\n\n".join(blocks)
    indent = " " * len(sign)
    return sign + "\n".join(
        f"{indent}{line}" if place and line else line
        for place, line in enumerate(whole.split("\n"))
    )


def _paragraph(inline: list[_Element | str]) -> Iterator[str]:
    text = "".join(map(_inline, inline))
    lines = [_SPACE.sub(" ", line).strip(_BLANKS) for line in text.split(HARD_BREAK)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    shown = [start_of_line(line) for line in lines if line]
    if any(line.strip() for line in shown):
        yield HARD_BREAK.join(shown)


def _inline(child: _Element | str) -> str:
    if isinstance(child, str):
        return escape_inline(_SPACE.sub(" ", child))
    if child.tag == "br":
        return HARD_BREAK
    if child.tag == "code":
        return _code(_SPACE.sub(" ", _text(child)))
    inside = "".join(map(_inline, child.children))
    bare = inside.strip(_BLANKS)
    if not bare:
        return inside
    start = inside.index(bare)
    mark = _MARKS[child.tag]
    return f"{inside[:start]}{mark}{bare}{mark}{inside[start + len(bare) :]}"


def _code(text: str) -> str:
    if not text.strip():
        return text
    fence = _fence(text, least=1)
    padding = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _fence(code: str, *, least: int) -> str:
    longest = max((len(ticks) for ticks in _TICKS.findall(code)), default=0)
    return "`" * max(least, longest + 1)


def _text(element: _Element) -> str:
    """Return the text of code, in which line breaks are the only tags."""
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.tag == "br":
            parts.append("\n")
        elif element.tag == "pre" and child.tag == "code":
            parts.append(_text(child))
        else:
            raise UnrepresentableError(
                _("its HTML has <%(tag)s> within <%(tag_2)s>")
                % {"tag": child.tag, "tag_2": element.tag}
            )
    return "".join(parts)


def _shown(element: _Element, within: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield every visible character with the tags that it stands in, paragraphs apart."""
    tags = within | {element.tag} - {"p", ""}
    if "pre" in tags:
        tags -= {"code"}
    for child in element.children:
        if isinstance(child, str):
            where = " ".join(sorted(tags))
            yield from ((character, where) for character in child if not character.isspace())
        else:
            yield from _shown(child, tags)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Return what shows Markdown as a question's page does."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return parser.use(dollarmath_plugin, allow_digits=False, double_inline=True)
