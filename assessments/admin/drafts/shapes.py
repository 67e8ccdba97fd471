"""What a form asks for, read off the schema of a kind: leaves, groups, rows and a choice of groups.

Values are JSON as drafts keep it. A leaf keeps what cannot be read as it was typed.
"""

import types
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from question_bank.kinds import KINDS
from question_bank.kinds.design_form import Bounds

#: An exercise and the pattern that it was typed from have a page of their own.
_KEPT = {"exercise", "typed"}

Input = Literal["text", "number", "decimal", "tick", "choice", "constant", "setting"]


@dataclass(frozen=True)
class Leaf:
    """One value; ``empty`` is what stands for nothing typed.

    ``options`` are what may be chosen, whole numbers where the value is one. A ``setting`` is a
    whole number, or bounds between which learners set one.
    """

    input: Input
    empty: Any
    options: tuple[str | int, ...] = ()

    def blank(self) -> Any:
        """Return the value of a new row."""
        return self.empty


@dataclass(frozen=True)
class Kept:
    """What no form shows as fields; a save leaves it as it is."""


@dataclass(frozen=True)
class Group:
    """Named values, such as a choice with its feedback."""

    fields: tuple[tuple[str, "Shape"], ...]

    def blank(self) -> dict[str, Any]:
        """Return a new one with nothing in it."""
        return {
            name: shape.blank()
            for name, shape in self.fields
            if not isinstance(shape, Kept | OneOf)
        }


@dataclass(frozen=True)
class OneOf:
    """One of several groups, told apart by their ``kind``."""

    groups: tuple[tuple[str, Group], ...]

    def of(self, kind: str) -> Group:
        """Return the group of a kind; the first for one that is unknown."""
        found = dict(self.groups)
        return found.get(kind, self.groups[0][1])


@dataclass(frozen=True)
class Rows:
    """Items that can be added, removed and moved; ``single``: at most one, its value not a list."""

    item: "Shape"
    least: int = 0
    single: bool = False
    nullable: bool = False

    def blank(self) -> Any:
        """Return as many new items as there must be."""
        if self.single or (self.nullable and not self.least):
            return None
        return [blank_item(self) for _ in range(self.least)]


Shape = Leaf | Kept | Group | OneOf | Rows


def blank_item(rows: Rows, kind: str = "") -> Any:
    """Return a new item; ``kind`` says of which group where it holds one of several."""
    item = rows.item
    assert isinstance(item, Leaf | Group)
    made = item.blank()
    if isinstance(item, Group):
        for name, shape in item.fields:
            if isinstance(shape, OneOf):
                made[name] = shape.of(kind).blank()
    return made


@lru_cache(maxsize=32)
def shape_of_kind(kind: str) -> Group:
    """Return what the form of a kind asks for."""
    return _group(KINDS[kind].content)


def _group(model: type[BaseModel]) -> Group:
    found = model.model_fields.items()
    return Group(tuple((name, _field(name, info)) for name, info in found))


def _field(name: str, info: FieldInfo) -> Shape:
    if name in _KEPT:
        return Kept()
    given = info.default is not PydanticUndefined
    default = to_jsonable_python(info.default) if given else None
    least = next((one.min_length for one in info.metadata if hasattr(one, "min_length")), 0)
    return _shape(info.annotation, default, least if _is_tuple(info.annotation) else 0)


def _is_tuple(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _shape(annotation: Any, default: Any = None, least: int = 0) -> Shape:
    if get_origin(annotation) is Annotated:
        return _shape(get_args(annotation)[0], default, least)
    if get_origin(annotation) in (Union, types.UnionType):
        return _union(get_args(annotation), default)
    if get_origin(annotation) is Literal:
        return _literal(get_args(annotation), default)
    if _is_tuple(annotation):
        return Rows(_shape(get_args(annotation)[0]), least)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _group(annotation)
    if annotation is bool:
        return Leaf("tick", bool(default))
    if annotation is str:
        return Leaf("text", default or "")
    # A decimal is kept as it is typed: 0.50 stays 0.50.
    return Leaf("decimal" if annotation is Decimal else "number", default)


def _literal(options: tuple[str | int, ...], default: Any) -> Leaf:
    if len(options) == 1:
        return Leaf("constant", options[0])
    return Leaf("choice", default or options[0], options)


def _union(members: tuple[Any, ...], default: Any) -> Shape:
    some = [member for member in members if member is not types.NoneType]
    if Bounds in some:
        return Leaf("setting", default)
    if int in some:
        return Leaf("number", default)
    shapes = [_shape(member) for member in some]
    if len(shapes) > 1:
        return OneOf(tuple((_kind_of(one), one) for one in shapes if isinstance(one, Group)))
    only = shapes[0]
    if isinstance(only, Group):
        return Rows(only, single=True, nullable=True)
    if isinstance(only, Rows):
        return Rows(only.item, nullable=True)
    assert isinstance(only, Leaf)
    return Leaf(only.input, None, only.options)


def _kind_of(group: Group) -> str:
    kind = dict(group.fields)["kind"]
    assert isinstance(kind, Leaf)
    return str(kind.empty)
