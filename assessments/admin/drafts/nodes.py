"""What the templates draw of a content: fields, groups and rows, each with its problems."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.admin.drafts.exercise_facts import facts_of
from assessments.admin.drafts.settings import setting_text
from assessments.admin.drafts.shapes import Group, Kept, Leaf, OneOf, Rows, Shape
from assessments.admin.drafts.typed import ROOT
from assessments.admin.drafts.words import ANSWERS, HELPS, LABELS, ONE
from grader.costs import Accelerator, Model
from question_bank.kinds.costs import ACCELERATORS_BY_SLUG, MODELS_BY_SLUG
from question_bank.models import Question

_PROSE = {
    *("stem", "explanation", "feedback", "otherwise", "description", "model_answer"),
    *("statement", "starter", "text", "premise", "option", "answer", "hints"),
}
_LATE = {"explanation", "concepts", "bloom", "difficulty", "source", "tests"}
_LONG = 70
_UNSHOWN = {"typed"}
_CATALOGUES: dict[str, Mapping[str, Model | Accelerator]] = {
    "model": MODELS_BY_SLUG,
    "accelerator": ACCELERATORS_BY_SLUG,
}
_FOLDED = "solutions"

Node = dict[str, Any]


@dataclass(frozen=True)
class Drawing:
    """What nodes need beside their values: the problems by name, and the known concepts."""

    problems: Mapping[str, Sequence[str]]
    concepts: Sequence[tuple[str, str]]


def nodes_of(shape: Group, content: Mapping[str, Any], drawing: Drawing) -> list[Node]:
    """Return the nodes of a content's form."""
    return _fields(shape, content, ROOT, drawing)


def _fields(shape: Group, value: Any, name: str, drawing: Drawing) -> list[Node]:
    value = value if isinstance(value, Mapping) else {}
    kind = str(value.get("kind", ""))
    return [
        _node(field, value.get(key), f"{name}.{key}", key, drawing, kind)
        for key, field in sorted(shape.fields, key=_comes_late)
        if key not in _UNSHOWN
    ]


def _comes_late(field: tuple[str, Shape]) -> bool:
    """Tell what is filled in after the question itself."""
    return field[0] in _LATE


def _node(shape: Shape, value: Any, name: str, key: str, drawing: Drawing, kind: str = "") -> Node:
    shared = {
        "name": name,
        "label": LABELS[key] if key else "",
        "help": ANSWERS.get(kind, "") if key == "tests" else HELPS.get(key, ""),
        "problems": drawing.problems.get(name, ()),
    }
    if isinstance(shape, Leaf):
        return shared | _leaf(shape, value, key, drawing, is_code=_FOLDED in name.split("."))
    if isinstance(shape, Rows):
        return shared | _rows(shape, value, name, key, drawing)
    if isinstance(shape, Kept):
        return shared | {"is": "exercise", "facts": facts_of(value)}
    if isinstance(shape, OneOf):
        kind = str(value.get("kind")) if isinstance(value, Mapping) else ""
        shape = shape.of(kind)
    return shared | {"is": "group", "help": "", "nodes": _fields(shape, value, name, drawing)}


def _leaf(shape: Leaf, value: Any, key: str, drawing: Drawing, *, is_code: bool) -> Node:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value)
    node: Node = {"is": shape.input, "value": text, "pattern": key == "pattern"}
    if shape.input == "tick":
        return node | {"ticked": value is True}
    if shape.input == "setting":
        return node | {"is": "text", "value": setting_text(value)}
    if key in _CATALOGUES:
        named = [(slug, one.name) for slug, one in _CATALOGUES[key].items()]
        return node | {"is": "choice", "options": _with_chosen(named, text)}
    if key == "concepts":
        return node | {"is": "choice", "options": _with_chosen(drawing.concepts, text)}
    if shape.input == "choice":
        options = [("", "–")] if shape.empty is None else []
        options += [(str(one), _option(key, str(one))) for one in shape.options]
        return node | {"options": _with_chosen(options, text)}
    prose = key in _PROSE or (is_code and key == "source")
    if shape.input == "text" and (prose or "\n" in text or len(text) > _LONG):
        lines = text.count("\n") + len(text) // 80 + 2
        return node | {"is": "prose", "lines": min(20, lines)}
    return node


def _option(key: str, value: str) -> str:
    """Return what may be chosen in words, where it is no word of the schema that files say too."""
    return str(Question.Bloom(value).label) if key == "bloom" else value


def _with_chosen(options: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Return options with what is chosen among them, also where it is none of them."""
    known = {value for value, _label in options}
    return list(options) if chosen in known else [(chosen, chosen or "–"), *options]


def _rows(shape: Rows, value: Any, name: str, key: str, drawing: Drawing) -> Node:
    one = str(ONE[key])
    if shape.single:
        items = [value] if isinstance(value, Mapping) else []
    else:
        items = value if isinstance(value, list) else []
    rows = [
        {
            "title": _titled(one, place),
            "called": item.get("name", "") if key == _FOLDED and isinstance(item, Mapping) else "",
            "place": place,
            "first": place == 0,
            "last": place == len(items) - 1,
            "node": _item(shape, item, name if shape.single else f"{name}.{place}", key, drawing),
        }
        for place, item in enumerate(items)
    ]
    return {
        "is": "rows",
        "single": shape.single,
        "folded": key == _FOLDED,
        "one": one,
        "rows": rows,
        "adds": _adds(shape),
    }


def _titled(one: str, place: int) -> str:
    return _("%(what)s %(number)s") % {"what": one.capitalize(), "number": place + 1}


def _item(rows: Rows, value: Any, name: str, key: str, drawing: Drawing) -> Node:
    node = _node(rows.item, value, name, key, drawing)
    if rows.single:
        return node | {"help": "", "problems": ()}
    # The head of the row shows the label, and the rows as a whole the help.
    label = _titled(str(ONE[key]), int(name.rpartition(".")[2]))
    return node | {"label": label, "help": "", "is_row": True}


def _adds(rows: Rows) -> list[str]:
    """Return the kinds of items that can be added; one that is empty where there is one kind."""
    fields = rows.item.fields if isinstance(rows.item, Group) else ()
    several = [shape for _name, shape in fields if isinstance(shape, OneOf)]
    return [kind for kind, _group in several[0].groups] if several else [""]
