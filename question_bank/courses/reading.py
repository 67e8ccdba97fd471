"""From files to models, file by file; a fault does not stop the reading of the next file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from grader.contract import SLUG
from grader.exercises import EXERCISES, texts
from grader.exercises.typed import Declaration, Refused
from question_bank.courses.checks import GLOSSARY
from question_bank.courses.faults import Fault, faults_of
from question_bank.courses.question_keys import OF_A_CASE
from question_bank.courses.schema import (
    ConceptFile,
    ConceptHead,
    Course,
    CourseHead,
    Glossary,
    Term,
)
from question_bank.kinds import KINDS, Content, ContentError, Kind
from question_bank.retyping import made_content
from question_bank.texts import hints_in, markdown
from question_bank.variants import DEPLOYED
from question_bank.yamls import read_yaml

_FRONT_MATTER = re.compile(r"---\n(.*?)^---\n(.*)", re.DOTALL | re.MULTILINE)
Model = TypeVar("Model", bound=BaseModel)


class Reader:
    """Reads one folder and collects the faults of its files, named from the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.faults: list[Fault] = []

    def read(self) -> Course | None:
        """Return the course, without the files that have faults, or None without course.yaml."""
        head = self._valid(CourseHead, self._yaml("course.yaml"), "course.yaml")
        concepts = dict(self._concepts())
        questions = dict(self._questions())
        glossary = self._glossary()
        return Course(head, concepts, questions, glossary) if head else None

    def _glossary(self) -> tuple[Term, ...]:
        if not (self._folder / GLOSSARY).exists():
            return ()
        read = self._valid(Glossary, self._yaml(GLOSSARY), GLOSSARY)
        return read.terms if read else ()

    def _concepts(self) -> Iterator[tuple[str, ConceptFile]]:
        for path in sorted(self._folder.glob("concepts/*.md")):
            name = f"concepts/{path.name}"
            parts = _FRONT_MATTER.fullmatch(self._text(name) or "")
            if parts is None or not parts[2].strip():
                self._fault(name, "", "this file has keys between two lines ---, then Markdown")
                continue
            head = self._valid(ConceptHead, _sliders_in_order(self._parsed(parts[1], name)), name)
            if head and self._named_well(name, path.stem):
                yield path.stem, ConceptFile(head, markdown(parts[2]))

    def _questions(self) -> Iterator[tuple[str, Content]]:
        for folder in sorted(path for path in self._folder.glob("questions/*") if path.is_dir()):
            name = f"questions/{folder.name}/question.yaml"
            data = self._yaml(name)
            if data is None or not self._named_well(name, folder.name):
                continue
            kind = KINDS.get(str(data.get("kind")))
            if kind is None:
                self._fault(name, "kind", f"one of {', '.join(KINDS)}")
                continue
            content = self._valid(kind.content, self._with_texts(data, folder.name), name)
            if content and self._rehearsed(kind, content, name):
                yield folder.name, content

    def _with_texts(self, data: dict[str, Any], slug: str) -> dict[str, Any] | None:
        """Return a question's keys with the texts that stand in files beside them."""
        data = data | self._texts(slug, "explanation")
        if data["kind"] == "code":
            return self._with_exercise(data, slug)
        if data["kind"] == "case":
            data["parts"] = _whole_parts(data)
        return _numeric_in_order(data) | self._texts(slug, "stem")

    def _texts(self, slug: str, key: str) -> dict[str, str]:
        text = self._text(f"questions/{slug}/{key}.md")
        return {} if text is None else {key: markdown(text)}

    def _with_exercise(self, data: dict[str, Any], slug: str) -> dict[str, Any] | None:
        if "typed" in data:
            return self._with_typed(data, f"questions/{slug}/question.yaml")
        exercise = EXERCISES.get(str(data.get("exercise")))
        if exercise is None:
            reason = f"one of {', '.join(sorted(EXERCISES))}"
            self._fault(f"questions/{slug}/question.yaml", "exercise", reason)
            return None
        its = texts(exercise.slug)
        return data | {
            "exercise": exercise.model_dump(mode="json"),
            "statement": its.statement,
            "starter": its.starter,
            "hints": self._hints(slug) or list(its.hints),
        }

    def _with_typed(self, data: dict[str, Any], name: str) -> dict[str, Any] | None:
        declaration = self._valid(Declaration, data["typed"], name)
        if declaration is None:
            return None
        try:
            return made_content(declaration) | data
        except Refused as refusal:
            self._fault(name, f"typed.{refusal.field}", str(refusal))
            return None

    def _hints(self, slug: str) -> list[str]:
        name = f"questions/{slug}/hints.md"
        if not (self._folder / name).exists():
            return []
        try:
            return list(hints_in(self._text(name) or ""))
        except ValueError as fault:
            self._fault(name, "", str(fault))
            return []

    def _rehearsed(self, kind: Kind, content: Content, name: str) -> bool:
        try:
            for seed in DEPLOYED:
                kind.variant(content, seed).rehearse()
        except ContentError as fault:
            self._fault(name, fault.key, fault.reason)
            return False
        return True

    def _named_well(self, name: str, slug: str) -> bool:
        if re.fullmatch(SLUG, slug):
            return True
        self._fault(name, "", "a slug is lower-case words joined by hyphens")
        return False

    def _valid(self, model: type[Model], data: Any, name: str) -> Model | None:
        if data is None:
            return None
        try:
            return model.model_validate_json(json.dumps(data, default=repr))
        except ValidationError as refusal:
            self.faults += faults_of(refusal, name)
            return None

    def _yaml(self, name: str) -> dict[str, Any] | None:
        text = self._text(name)
        return None if text is None else self._parsed(text, name)

    def _parsed(self, text: str, name: str) -> dict[str, Any] | None:
        try:
            return read_yaml(text)
        except ValueError as fault:
            self._fault(name, "", str(fault))
            return None

    def _text(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            self._fault(name, "", "this file is missing")
        except UnicodeDecodeError as fault:
            self._fault(name, "", f"this is not UTF-8 text (byte {fault.start})")
        return None

    def _fault(self, file: str, key: str, reason: str) -> None:
        self.faults.append(Fault(file, key, reason))


def _whole_parts(case: dict[str, Any]) -> Any:
    """Return a case's parts as whole questions: what a part does not say, its case says for it."""
    parts = case.get("parts")
    if not isinstance(parts, list):
        return parts
    shared = {key: case[key] for key in OF_A_CASE if key in case}
    return [
        {
            "points": part.get("points", 1),
            "question": _numeric_in_order(
                shared | {key: value for key, value in part.items() if key != "points"}
            ),
        }
        if isinstance(part, dict)
        else part
        for part in parts
    ]


def _sliders_in_order(data: dict[str, Any] | None) -> dict[str, Any] | None:
    if data is None or "parameters" not in data:
        return data
    return data | {"parameters": _in_written_order(data["parameters"])}


def _numeric_in_order(data: dict[str, Any]) -> dict[str, Any]:
    if data.get("kind") != "numeric":
        return data
    return data | {"parameters": _in_written_order(data.get("parameters"))}


def _in_written_order(parameters: Any) -> Any:
    """Return parameters as a list of named ones: they are drawn in the order written."""
    if not isinstance(parameters, dict):
        return parameters
    return [
        {"name": name, **how} if isinstance(how, dict) else how for name, how in parameters.items()
    ]
