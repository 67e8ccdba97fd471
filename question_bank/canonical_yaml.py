"""YAML in one form: equal data are equal bytes, and reading them gives the data back.

``content/FORMAT.md`` states the form. Nothing in it depends on a YAML library's taste in folding.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

WIDTH = 118
"""Lines are this long at most, but for words and quoted texts that are longer by themselves."""

Scalar: TypeAlias = str | int | Decimal
Value: TypeAlias = "Scalar | Mapping[str, Value] | Sequence[Value] | Flow"


@dataclass(frozen=True)
class Flow:
    """A mapping or list that stands on one line where it fits, with all that is in it."""

    value: "Mapping[str, Value] | Sequence[Value]"

    def opened(self) -> "Mapping[str, Value] | Sequence[Value]":
        """Return the same with a line of its own for each item."""
        if isinstance(self.value, Mapping):
            return {key: _flowing(item) for key, item in self.value.items()}
        return [_flowing(item) for item in self.value]


def write_yaml(data: Mapping[str, Value]) -> str:
    """Return the text of a mapping; ``read_yaml`` gives the same data, tuples as lists.

    A ``Decimal`` is read as the number that is written like it, or as text where none is.
    """
    return "".join(f"{line}\n" for line in _mapping(data, ""))


# Whatever else a reader of YAML refuses, takes for the end of a line or shows as nothing.
_SHOWN = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_HIDDEN = re.compile(rf"[^{_SHOWN}]")
_BLOCK = re.compile(rf"[{_SHOWN}\t\n]+")
_NOT_PLAIN = re.compile(r"""^[-?:,\[\]{}#&*!|>'"%@` ]|:(?: |$)| #| $""")
_NOT_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}:#?]")
# Numbers to YAML 1.2 alone; the resolver knows those of YAML 1.1.
_NUMBER = re.compile(r"[+-]?(\.\d+|\d+(\.\d*)?)(e[+-]?\d+)?|0o[0-7]+", re.IGNORECASE)
_FRACTION = re.compile(r"-?\d+\.\d+")
# A line that begins or ends with a space would keep it, and then another number of spaces is read.
_FOLDS = re.compile(r"(?<=[^ \t]) (?=[^ \t])")
_TEXT = "tag:yaml.org,2002:str"
_RESOLVER = Resolver()


def _flowing(item: Value) -> Value:
    return item if isinstance(item, str | int | Decimal | Flow) else Flow(item)


def _mapping(data: Mapping[str, Value], margin: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{margin}{_inline(key, in_flow=True)}:", value, margin)


def _sequence(items: Sequence[Value], margin: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, Flow) and len(f"{margin}- {_flow(item)}") > WIDTH:
            item = item.opened()
        if isinstance(item, Mapping) and item:
            first, *others = _mapping(item, f"{margin}  ")
            yield f"{margin}- {first[len(margin) + 2 :]}"
            yield from others
        else:
            yield from _entry(f"{margin}-", item, margin)


def _entry(head: str, value: Value, margin: str) -> Iterator[str]:
    """Yield the lines of a value whose first is, or begins with, ``head`` under ``margin``."""
    if isinstance(value, Flow):
        line = f"{head} {_flow(value.value)}"
        if len(line) <= WIDTH or not value.value:
            yield line
            return
        value = value.opened()
    if isinstance(value, str):
        yield from _text(head, value, f"{margin}  ")
    elif isinstance(value, int | Decimal) or not value:
        yield f"{head} {_flow(value)}"
    else:
        yield head
        yield from _block(value, f"{margin}  ")


def _block(value: Mapping[str, Value] | Sequence[Value], margin: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        return _mapping(value, margin)
    return _sequence(value, margin)


def _text(head: str, text: str, margin: str) -> Iterator[str]:
    line = f"{head} {_inline(text)}"
    body = text.removesuffix("\n")
    blocky = bool(_BLOCK.fullmatch(body)) and body == body.strip(" \t\n")
    if blocky and "\n" in text:
        yield f"{head} |{'' if body != text else '-'}"
        yield from (f"{margin}{one}" if one else "" for one in body.split("\n"))
    elif blocky and len(line) > WIDTH:
        yield f"{head} >-"
        yield from (f"{margin}{one}" for one in _folded(text, WIDTH - len(margin)))
    else:
        yield line


def _folded(text: str, width: int) -> Iterator[str]:
    line, *words = _FOLDS.split(text)
    for word in words:
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}"
        else:
            yield line
            line = word
    yield line


def _flow(value: Value) -> str:
    if isinstance(value, Flow):
        return _flow(value.value)
    if isinstance(value, str | int | Decimal):
        return _inline(value, in_flow=True)
    if isinstance(value, Mapping):
        pairs = (f"{_inline(key, in_flow=True)}: {_flow(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(map(_flow, value))}]"


def _inline(value: Scalar, in_flow: bool = False) -> str:
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, int):
        return json.dumps(value)
    if _HIDDEN.search(value):
        return _HIDDEN.sub(_escaped, json.dumps(value, ensure_ascii=False))
    if not _is_plain(value) or (in_flow and _NOT_PLAIN_IN_FLOW.search(value)):
        return "'" + value.replace("'", "''") + "'"
    return value


def _decimal(value: Decimal) -> str:
    text = str(value)
    read = text.lstrip("-").isdecimal() or (_FRACTION.fullmatch(text) and str(float(text)) == text)
    return text if read else f"'{text}'"


def _is_plain(text: str) -> bool:
    if not text or _NOT_PLAIN.search(text) or _NUMBER.fullmatch(text):
        return False
    tag = _RESOLVER.resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == _TEXT)


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
