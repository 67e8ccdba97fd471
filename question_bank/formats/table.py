"""Questions as rows of a table: a column for each thing an author looks at.

``answers`` holds what GIFT writes between braces, braces included, with Markdown in it; all other
texts stand as they are. A cell that a spreadsheet would take for a formula begins with an
apostrophe (``guarded``).
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from grader.contract import SLUG
from grader.words import gettext as _
from question_bank.formats import usual
from question_bank.formats.entries import (
    LABELS,
    OF_AN_ESSAY,
    Entry,
    Outgoing,
    UnrepresentableError,
)
from question_bank.formats.gift.checks import ItemError, check_characters
from question_bank.formats.gift.incoming import BLOOM, asked_of, content_of
from question_bank.formats.gift.items import Format, Question, Stem
from question_bank.formats.gift.outgoing import item_of
from question_bank.formats.gift.questions import read_answers
from question_bank.formats.gift.syntax import hide_escapes
from question_bank.formats.gift.texts_out import bare_of
from question_bank.formats.gift.writing import answers_text
from question_bank.kinds import KINDS, Content
from question_bank.kinds.matching import Marking as MatchingMarking
from question_bank.kinds.matching import MatchingContent
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.short import ShortContent
from question_bank.marking.multi import SCHEMES
from question_bank.texts import markdown

COLUMNS = (
    "slug",
    "kind",
    "title",
    "folder",
    "tags",
    "concepts",
    "bloom",
    "difficulty",
    "stem",
    "answers",
    "marking",
    "capitals",
    "explanation",
    "source",
)
NEEDED = ("title", "stem", "answers")
"""Columns that every table has."""

CAPITALS_COUNT = "count"

_MARKINGS: dict[str, tuple[str, ...]] = {"multi": SCHEMES, "matching": get_args(MatchingMarking)}
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_BRACES = re.compile(r"\{(.*)\}", re.DOTALL)


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; ``unguarded`` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what a cell held before it was guarded; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def row_of(question: Outgoing) -> dict[str, str]:
    """Return the cells of a question by column.

    Raises ``UnrepresentableError`` or ``ItemError`` for what a table has no place for.
    """
    content = question.content
    if any(";" in tag or tag != tag.strip() for tag in question.tags):
        raise UnrepresentableError(_("a tag of it holds a semicolon, which separates tags"))
    item = item_of(Outgoing(question.slug, _simplified(content)))
    assert isinstance(item, Question)
    row = {
        "slug": question.slug,
        "kind": content.kind,
        "title": content.title,
        "folder": question.folder,
        "tags": "; ".join(question.tags),
        "concepts": ", ".join(content.concepts),
        "bloom": content.bloom,
        "difficulty": str(content.difficulty),
        "stem": bare_of(item.stem.before),
        "answers": f"{{{answers_text(item)}}}",
        "marking": str(getattr(content, "marking", "")),
        "capitals": CAPITALS_COUNT if getattr(content, "match_case", False) else "",
        "explanation": bare_of(content.explanation),
        "source": bare_of(content.source),
    }
    for cell in row.values():
        check_characters(cell)
    return row


def entry_of(row: Mapping[str, str], where: str) -> Entry:
    """Return the question that a row holds, by columns that there are.

    Raises ``ItemError`` for a row that cannot be read, ``UnrepresentableError`` for a question that
    cannot be one of ours.
    """
    for column, cell in row.items():
        _in_column(column, check_characters, cell)
    cells = {column: cell.strip(" \t\n") for column, cell in row.items()}
    kind, asked = _asked(cells)
    labels = _labels(cells)
    told = {
        "kind": kind,
        "title": _title(cells["title"]),
        "concepts": labels.get("concepts", ()),
        "bloom": labels.get("bloom", usual.BLOOM),
        "difficulty": labels.get("difficulty", usual.DIFFICULTY),
        "source": cells.get("source", ""),
        "explanation": markdown(cells.get("explanation", "")),
        "stem": cells["stem"] + "\n",
        **asked,
    }
    untold = {*LABELS, *OF_AN_ESSAY, *({"source", "explanation"} - cells.keys())}
    return Entry(
        where=where,
        content=content_of(kind, told),
        told=frozenset(told) - untold | labels.keys(),
        slug=_slug(cells.get("slug", "")),
        folder=cells.get("folder"),
        tags=_tags(cells["tags"]) if "tags" in cells else None,
    )


def _simplified(content: Content) -> Content:
    """Return a question without what columns of its own say."""
    said: dict[str, Any] = {"source": "", "explanation": ""}
    match content:
        case MultiContent():
            said["marking"] = "weights"
        case MatchingContent():
            said["marking"] = "each"
        case ShortContent():
            said["match_case"] = False
    return content.model_copy(update=said)


def _asked(cells: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    named = cells.get("kind", "")
    if named and named not in KINDS:
        raise ItemError(_("kind: write one of %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    block = _BRACES.fullmatch(cells["answers"])
    text = block[1] if block else cells["answers"]
    if not (block or text or named == "essay"):
        raise ItemError(_("answers: write them as in GIFT, such as {=right ~wrong}."))
    stem = _in_column("stem", lambda cell: Stem(cell, format=Format.MARKDOWN), cells["stem"])
    item = _in_column("answers", lambda cell: read_answers(hide_escapes(cell), stem), text)
    assert isinstance(item, Question)
    kind, asked = asked_of(item)
    if named and named != kind:
        raise UnrepresentableError(
            _("its answers are those of a %(kind)s question, not of a %(named)s")
            % {"kind": kind, "named": named}
        )
    return kind, asked | _marked(kind, cells)


def _marked(kind: str, cells: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    marking, capitals = cells.get("marking", ""), cells.get("capitals", "")
    if marking:
        known = _MARKINGS.get(kind, ())
        if marking not in known:
            choice = (
                _("write one of %(known)s") % {"known": ", ".join(known)}
                if known
                else _("leave it empty")
            )
            raise ItemError(
                _("marking: %(choice)s for a %(kind)s question.") % {"choice": choice, "kind": kind}
            )
        said["marking"] = marking
    if capitals:
        if capitals != CAPITALS_COUNT or kind != "short":
            raise ItemError(
                _("capitals: write %(capitals_count)s for a short question, or nothing.")
                % {"capitals_count": CAPITALS_COUNT}
            )
        said["match_case"] = True
    return said


def _labels(cells: Mapping[str, str]) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    if "concepts" in cells:
        concepts = tuple(dict.fromkeys(cells["concepts"].replace(",", " ").split()))
        for concept in concepts:
            if not re.fullmatch(SLUG, concept):
                raise ItemError(
                    _("concepts: write slugs with commas between, not %(concept)s.")
                    % {"concept": concept}
                )
        labels["concepts"] = concepts
    if cells.get("bloom"):
        if cells["bloom"] not in BLOOM:
            raise ItemError(_("bloom: write one of %(bloom)s.") % {"bloom": ", ".join(BLOOM)})
        labels["bloom"] = cells["bloom"]
    if cells.get("difficulty"):
        if cells["difficulty"] not in set("12345"):
            raise ItemError(_("difficulty: write a whole number from 1 to 5."))
        labels["difficulty"] = int(cells["difficulty"])
    return labels


def _title(title: str) -> str:
    longest = 120
    if not title or len(title) > longest:
        raise ItemError(
            _("title: write one of 1 to %(longest)s characters.") % {"longest": longest}
        )
    return title


def _slug(slug: str) -> str | None:
    if slug and not re.fullmatch(SLUG, slug):
        raise ItemError(_("slug: write lower-case words joined by hyphens, or nothing."))
    return slug or None


def _tags(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for part in cell.split(";") if (tag := part.strip())))


def _in_column(column: str, read: Any, cell: str) -> Any:
    try:
        return read(cell)
    except ItemError as fault:
        raise ItemError(f"{column}: {fault}") from fault
