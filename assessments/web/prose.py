"""Markdown of course authors to safe HTML: formulas as MathML, code highlighted, no scripts.

What authors write is still sanitised: an imported course must not become a way to run a script in
a learner's browser. The result is cached by content, so that a page costs no parsing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from assessments.web.pictures import mask_figure
from assessments.web.terms import Linked, link_terms
from question_bank.masks import read_mask

MATHML = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot",
    "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd",
    "mpadded", "mphantom", "mstyle", "menclose",
}  # fmt: skip
PRESENTATION = {
    "stretchy", "fence", "separator", "accent", "accentunder", "lspace", "rspace", "minsize",
    "maxsize", "movablelimits", "largeop", "mathvariant", "linethickness", "columnalign",
    "displaystyle", "scriptlevel", "width", "height", "depth", "form",
}  # fmt: skip
TAGS = MATHML | {
    "a", "abbr", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4",
    "hr", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    **dict.fromkeys(MATHML, PRESENTATION),
    "math": PRESENTATION | {"display"},
    "a": {"href", "title", "class", "aria-describedby"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"class", "tabindex"},
    "ol": {"start"},
    "pre": {"class", "tabindex"},
    "span": {"class"},
    "th": {"scope"},
}
LONGEST_HIGHLIGHTED = 20_000
_IN_TEXT = re.compile(r"\\text\{[^{}]*\}")
_formatter = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=512)
def render(markdown: str, terms: tuple[Linked, ...] = ()) -> SafeString:
    """Return Markdown with ``$LaTeX$`` as sanitised HTML; ``terms`` become links."""
    drawn: list[SafeString] = []
    html = _clean(_parser().render(markdown, {"drawn": drawn, "terms": terms}))
    for place, figure in enumerate(drawn):
        html = html.replace(_place_of(place), figure)
    return mark_safe(html)  # noqa: S308 (sanitised, and pictures drawn by us)


@lru_cache(maxsize=512)
def render_inline(markdown: str) -> SafeString:
    """Return one paragraph's worth of Markdown without the paragraph, for labels and choices."""
    return mark_safe(_clean(_parser().renderInline(markdown)))  # noqa: S308 (sanitised)


@lru_cache(maxsize=64)
def python_lines(source: str) -> SafeString:
    """Return Python source as one highlighted ``<span id="line-N">`` a line, all text escaped."""
    if len(source) > LONGEST_HIGHLIGHTED:
        lines = escape(source).split("\n")
    else:
        lines = highlight(source, PythonLexer(stripnl=False), _formatter).rstrip("\n").split("\n")
    numbered = (
        f'<span id="line-{n}" class="line">{text}\n</span>' for n, text in enumerate(lines, 1)
    )
    return mark_safe("".join(numbered))  # noqa: S308 (escaped by pygments or by us)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "highlight": _fenced})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("page", _fit_the_page)
    parser.core.ruler.push("terms", link_terms)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", lambda *_: '<div class="frame" tabindex="0"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.use(dollarmath_plugin, renderer=_formula, allow_digits=False, double_inline=True)
    parser.add_render_rule("math_block", _formula_block)
    return parser


def _fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """Leave a place for a picture that is asked for; show what cannot be drawn as it was typed."""
    token = tokens[index]
    language, _space, info = token.info.partition(" ")
    if language == "mask":
        try:
            figure = mask_figure(read_mask(info, token.content))
        except ValueError:
            pass
        else:
            env["drawn"].append(figure)
            return _place_of(len(env["drawn"]) - 1)
    return renderer.fence(tokens, index, options, env)


def _place_of(picture: int) -> str:
    """Return what stands for a picture until all else is sanitised, which would remove it."""
    return f'<div class="drawn-{picture}"></div>'


def _fenced(code: str, language: str, _attributes: str) -> str:
    python = language in {"python", "py"}
    body = highlight(code, PythonLexer(), _formatter) if python else escape(code)
    return f'<pre class="code" tabindex="0"><code>{body}</code></pre>'


def _fit_the_page(state: StateCore) -> None:
    """Let headings follow the page's own without a gap, and empty head cells be plain cells."""
    tokens = state.tokens
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    shown = {tag: f"h{place}" for place, tag in enumerate(levels, 2)}
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = shown[token.tag]
    for opening, content, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not content.content.strip():
            opening.tag = closing.tag = "td"


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, _env: EnvType
) -> str:
    """Turn ``concept:slug`` and ``question:slug`` into addresses of this site."""
    kind, _colon, slug = str(tokens[index].attrGet("href") or "").partition(":")
    if kind in {"concept", "question"}:
        tokens[index].attrSet("href", reverse(f"web:{kind}", args=[slug]))
    return renderer.renderToken(tokens, index, options, _env)


def _formula(latex: str, options: dict[str, bool]) -> str:
    """Return MathML; a formula that cannot be read is shown as its author typed it."""
    display = "block" if options.get("display_mode") else "inline"
    # The converter leaves what stands in \text as it is, escapes and all.
    latex = _IN_TEXT.sub(lambda words: words[0].replace(r"\_", "_"), latex)
    try:
        return convert(latex.strip(), display=display)
    except Exception:  # noqa: BLE001 (the converter raises of many types; a page must still render)
        return f"<code>{escape(latex)}</code>"


def _formula_block(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object
) -> str:
    """Return a formula of its own line in a frame that scrolls, so that a long one fits."""
    formula = _formula(tokens[index].content, {"display_mode": True})
    return f'<div class="math block" tabindex="0">{formula}</div>'


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
