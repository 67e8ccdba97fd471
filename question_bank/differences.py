"""What has changed between two contents of a question, as a person reads it."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.words import gettext

Kind = Literal["same", "added", "removed"]

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_PLURALS = re.compile(r"ies$|s$")
_UNCHANGED_SHOWN = 120


@dataclass(frozen=True)
class Run:
    """A stretch of text that is in both, only in the new or only in the old one."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """What changed at one place; ``place`` names it in words, such as ``choice 2, feedback``."""

    place: str
    runs: tuple[Run, ...]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return where two contents differ, in the order of the new one.

    Items of lists are matched by what they say, so that one put in between is one change.
    """
    return list(_of_maps((), old, new))


def _of(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_maps(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new)
    elif runs := _runs(_text(old), _text(new)):
        yield Change(", ".join(path), runs)


def _of_maps(
    path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        yield from _of((*path, key.replace("_", " ")), old.get(key), new.get(key))


def _of_lists(path: tuple[str, ...], old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    told = [[json.dumps(item, sort_keys=True) for item in items] for items in (old, new)]
    matcher = difflib.SequenceMatcher(a=told[0], b=told[1], autojunk=False)
    for _, low, high, start, end in matcher.get_opcodes():
        pairs = max(high - low, end - start)
        for step in range(pairs):
            before = old[low + step] if low + step < high else None
            after = new[start + step] if start + step < end else None
            number = start + step + 1 if after is not None else low + step + 1
            yield from _of((*path[:-1], f"{_PLURALS.sub('', path[-1])} {number}"), before, after)


def _text(value: Any) -> str:
    """Return a value as text; of a map, what is in it, each with its name."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(value, Mapping):
        told = ((key.replace("_", " "), _text(one)) for key, one in value.items())
        return "\n".join(f"{key}: {text}" for key, text in told if text)
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def _runs(old: str, new: str) -> tuple[Run, ...]:
    """Return both texts word by word; long stretches that are in both are shortened."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    runs: list[Run] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run("same", _shortened("".join(before[low:high]))))
        else:
            runs.append(Run("removed", "".join(before[low:high])))
            runs.append(Run("added", "".join(after[start:end])))
    return tuple(run for run in runs if run.text)


def _shortened(text: str) -> str:
    if len(text) <= _UNCHANGED_SHOWN:
        return text
    half = _UNCHANGED_SHOWN // 2
    return f"{text[:half]} … {text[-half:]}"
