"""A question's keys as they stand in its file: their order, and what stands on one line."""

from collections.abc import Mapping
from typing import Any

from question_bank.canonical_yaml import Flow
from question_bank.kinds import Content
from question_bank.kinds.case import CaseContent, Part
from question_bank.kinds.code import CodeContent
from question_bank.kinds.design_content import DesignContent
from question_bank.retyping import OWN, changed_by_hand

OF_A_CASE = ("title", "concepts", "bloom", "difficulty", "source")
"""What a part of a case has of its own only where it is not the same."""

BESIDE = ("stem", "explanation")
"""Texts that stand in files beside a question's, but for those of a case's parts."""

_ON_ONE_LINE = ("concepts", "fails", "known_by", "answer", "tolerance", "words", "start", "budget")
_EACH_ON_ONE_LINE = ("before",)


def keys_of(content: Content) -> dict[str, Any]:
    """Return a question's keys with their values, those of ``BESIDE`` among them.

    An exercise is its slug, and its statement, starter and hints are left out; one that was typed
    is its pattern, and what was made from that is left out.
    """
    told = content.model_dump(exclude_defaults=True)
    if isinstance(content, CodeContent):
        told = _typed(told, content) if content.typed else _built_in(told, content)
    if isinstance(content, CaseContent):
        told["parts"] = [_part(part, content) for part in content.parts]
    if "parameters" in told:
        told["parameters"] = {
            how["name"]: Flow({key: how[key] for key in how if key != "name"})
            for how in told["parameters"]
        }
    if "misconceptions" in told:
        told["misconceptions"] = [_idea(**idea) for idea in told["misconceptions"]]
    if isinstance(content, DesignContent):
        told["form"] = {
            name: Flow(value) if isinstance(value, dict) else value
            for name, value in told["form"].items()
        }
        told["designs"] = [_design(**design) for design in told["designs"]]
        if content.justification:
            told["justification"] = _laid_out(told["justification"])
    return _laid_out(told)


def _built_in(told: dict[str, Any], content: CodeContent) -> dict[str, Any]:
    left_out = {"statement", "starter", "hints"}
    kept = {key: value for key, value in told.items() if key not in left_out}
    return kept | {"exercise": content.exercise.slug}


def _typed(told: dict[str, Any], content: CodeContent) -> dict[str, Any]:
    own = changed_by_hand(content.model_dump(mode="json"))
    left_out = {"exercise", *OWN}.difference(own)
    kept = {key: value for key, value in told.items() if key not in left_out}
    return kept | {"typed": _declared(**told["typed"])}


def _declared(parameters: Mapping[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """Return a declaration's keys with each parameter on one line."""
    ranges = {name: Flow(how) for name, how in (parameters or {}).items()}
    return rest | ({"parameters": ranges} if ranges else {})


def _design(name: str, values: dict[str, int], **rest: Any) -> dict[str, Any]:
    """Return a design's keys with what it sets on one line."""
    return {"name": name, "values": Flow(values)} | _laid_out(rest)


def _part(part: Part, case: CaseContent) -> dict[str, Any]:
    keys = keys_of(part.question)
    for key in OF_A_CASE:
        if getattr(part.question, key) == getattr(case, key):
            del keys[key]
    first = {"kind": keys.pop("kind")} | ({"points": part.points} if part.points != 1 else {})
    first |= {key: keys.pop(key) for key in (*OF_A_CASE, "stem") if key in keys}
    last = {"explanation": keys.pop("explanation")}
    return first | keys | last


def _idea(name: str, feedback: str, **value: Any) -> dict[str, Any]:
    """Return a misconception's keys as one reads them: what it is, its number, what is said."""
    return _laid_out({"name": name, **value, "feedback": feedback})


def _laid_out(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: Flow(value)
        if key in _ON_ONE_LINE
        else list(map(Flow, value))
        if key in _EACH_ON_ONE_LINE
        else value
        for key, value in told.items()
    }
