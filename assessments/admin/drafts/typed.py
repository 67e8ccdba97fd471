"""From what a form sends to a content, and the buttons that add, remove and move rows.

Names are the paths of values with dots between, such as ``c.choices.0.text``; ``.rows`` after the
name of rows is how many there are.
"""

import re
from collections.abc import Mapping
from typing import Any

from assessments.admin.drafts.settings import read_setting
from assessments.admin.drafts.shapes import Group, Kept, Leaf, OneOf, Rows, Shape, blank_item

MOST_ROWS = 100
ROOT = "c"
_WHOLE = re.compile(r"-?[0-9]{1,18}")

_EMPTY_IS_NOTHING = {"number", "decimal", "setting"}

Sent = Mapping[str, str]


def read_content_sent(shape: Group, sent: Sent, base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content that a form holds; what no form shows comes from ``base``."""
    shown = {name for name, field in shape.fields if not isinstance(field, Kept)}
    kept = {name: value for name, value in base.items() if name not in shown}
    read = _group(shape, sent, ROOT)
    # Rows that a content may leave out stay left out while there are none.
    return kept | {name: value for name, value in read.items() if value != [] or name in base}


def _read(shape: Shape, sent: Sent, name: str) -> Any:
    if isinstance(shape, Leaf):
        return _leaf(shape, sent, name)
    if isinstance(shape, Rows):
        return _rows(shape, sent, name)
    if isinstance(shape, OneOf):
        return _group(shape.of(sent.get(f"{name}.kind", "")), sent, name)
    assert isinstance(shape, Group)
    return _group(shape, sent, name)


def _group(shape: Group, sent: Sent, name: str) -> dict[str, Any]:
    return {
        key: _read(field, sent, f"{name}.{key}")
        for key, field in shape.fields
        if not isinstance(field, Kept)
    }


def _rows(shape: Rows, sent: Sent, name: str) -> Any:
    count = sent.get(f"{name}.rows", "")
    number = min(int(count), MOST_ROWS) if re.fullmatch("[0-9]{1,4}", count) else 0
    if shape.single:
        return _read(shape.item, sent, name) if number else None
    items = [_read(shape.item, sent, f"{name}.{place}") for place in range(number)]
    return None if shape.nullable and not items else items


def _leaf(shape: Leaf, sent: Sent, name: str) -> Any:
    if shape.input == "constant":
        return shape.empty
    if shape.input == "tick":
        return name in sent
    text = sent.get(name, "").replace("\r\n", "\n")
    if not text.strip() and (shape.input in _EMPTY_IS_NOTHING or shape.empty is None):
        return shape.empty
    if shape.input == "setting":
        return read_setting(text)
    if shape.input == "choice":
        return next((one for one in shape.options if str(one) == text), text)
    if shape.input == "number" and _WHOLE.fullmatch(text.strip()):
        return int(text)
    return text


def act(shape: Group, content: dict[str, Any], action: str) -> None:
    """Do what a button says: ``add:NAME``, ``add:NAME:KIND``, or ``remove|up|down:NAME:PLACE``.

    What fits nothing changes nothing.
    """
    verb, name, argument = (*action.split(":"), "", "")[:3]
    found = _find(shape, content, name.split(".")[1:])
    if found is None:
        return
    rows, holder, key = found
    if rows.single:
        holder[key] = blank_item(rows) if verb == "add" else None
        return
    items = list(holder.get(key) or [])
    if verb == "add" and len(items) < MOST_ROWS:
        items.append(blank_item(rows, argument))
    elif argument.isdecimal() and int(argument) < len(items):
        _move(items, verb, int(argument))
    holder[key] = items or (None if rows.nullable else [])


def _move(items: list[Any], verb: str, place: int) -> None:
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "remove":
        del items[place]
    elif 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]


def _find(shape: Shape, value: Any, path: list[str]) -> tuple[Rows, dict[str, Any], str] | None:
    """Return the rows at a path, and where their value is kept."""
    while path:
        key, *path = path
        if isinstance(shape, OneOf) and isinstance(value, dict):
            shape = shape.of(str(value.get("kind")))
        if isinstance(shape, Group) and isinstance(value, dict):
            field = dict(shape.fields).get(key)
            if field is None:
                return None
            if isinstance(field, Rows) and not path:
                return field, value, key
            shape, value = field, value.get(key)
            if isinstance(shape, Rows) and shape.single:
                shape = shape.item
        elif isinstance(shape, Rows) and isinstance(value, list) and key.isdecimal():
            if int(key) >= len(value):
                return None
            shape, value = shape.item, value[int(key)]
        else:
            return None
    return None


def name_of(shape: Shape, place: tuple[str | int, ...]) -> str:
    """Return the name of the field that a schema's complaint is about, or of what it stands in."""
    name = ROOT
    for key in map(str, place):
        if isinstance(shape, Rows) and shape.single:
            shape = shape.item
        if isinstance(shape, OneOf):
            shape = shape.of(key)
        elif isinstance(shape, Group) and key in dict(shape.fields):
            shape, name = dict(shape.fields)[key], f"{name}.{key}"
        elif isinstance(shape, Rows) and key.isdecimal():
            shape, name = shape.item, f"{name}.{key}"
        else:
            break
    return name
