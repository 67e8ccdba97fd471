"""What the files of a course say, one model each."""

from dataclasses import dataclass
from itertools import product
from typing import Annotated

import networkx as nx
from pydantic import Field, field_validator, model_validator

from grader.contract import Slug
from grader.patterns import outline, parse
from grader.patterns.pictures import MOST_SQUARES
from question_bank.kinds import Content
from question_bank.kinds.base import Strict, Text, Title

TagName = Annotated[str, Field(min_length=1, max_length=60)]


class CourseHead(Strict):
    """``course.yaml``."""

    slug: Slug
    title: Title
    summary: Text
    chapters: tuple[Title, ...] = Field(min_length=1)
    questions: tuple[Slug, ...]
    tags: dict[TagName, tuple[Slug, ...]] = Field(default_factory=dict)

    @field_validator("tags")
    @classmethod
    def _tags_sort_something(cls, tags: dict[str, tuple[Slug, ...]]) -> dict[str, tuple[Slug, ...]]:
        for tag, slugs in tags.items():
            if not slugs or len(set(slugs)) < len(slugs):
                raise ValueError(f"{tag}: one question or more, each once")
        return tags


class Slider(Strict):
    """What a learner may set in a concept's picture: a free name of its pattern."""

    name: str = Field(pattern=r"[a-z]", max_length=1)
    title: Title
    value: int
    low: int = Field(ge=0)
    high: int = Field(le=MOST_SQUARES)

    @model_validator(mode="after")
    def _in_range(self) -> "Slider":
        if not self.low <= self.value <= self.high or self.low == self.high:
            raise ValueError("low, value and high go up, and low and high are different")
        return self


class ConceptHead(Strict):
    """What stands above a concept's Markdown."""

    title: Title
    summary: str = Field(min_length=1, max_length=400)
    chapter: Title
    learn_before: tuple[Slug, ...]
    pattern: str | None = Field(default=None, max_length=400)
    pattern_n: int | None = Field(default=None, ge=1, le=MOST_SQUARES)
    parameters: tuple[Slider, ...] = Field(default=(), max_length=3)

    @model_validator(mode="after")
    def _drawable(self) -> "ConceptHead":
        if (self.pattern is None) != (self.pattern_n is None):
            raise ValueError("pattern and pattern_n go together")
        names = [slider.name for slider in self.parameters]
        if len({*names, "n"}) != len(names) + 1:
            raise ValueError("a parameter is named twice, or n")
        if names and self.pattern is None:
            raise ValueError("parameters go with a pattern")
        if self.pattern is not None:
            self._check_every_corner(self.pattern, names)
        return self

    def _check_every_corner(self, pattern: str, names: list[str]) -> None:
        """Count the pattern with each parameter at its ends, at every n that a learner may set."""
        unused = set(names) - set(outline(pattern)[1])
        if unused:
            raise ValueError(f"the pattern has no {sorted(unused)[0]}")
        for values in product(*((slider.low, slider.high) for slider in self.parameters)):
            drawn = parse(pattern, dict(zip(names, values, strict=True)))
            for n in {1, self.pattern_n or 1, MOST_SQUARES}:
                drawn.count(n)


class Term(Strict):
    """A term of the glossary: what else it is called, what it means, and where more stands."""

    term: str = Field(min_length=2, max_length=80)
    also: tuple[str, ...] = Field(default=(), max_length=6)
    definition: Text
    concept: Slug | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return all that it is called."""
        return (self.term, *self.also)


class Glossary(Strict):
    """``glossary.yaml``."""

    terms: tuple[Term, ...] = Field(min_length=1)


@dataclass(frozen=True)
class ConceptFile:
    """A concept: what is above its Markdown, and its Markdown."""

    head: ConceptHead
    body: str


@dataclass(frozen=True)
class Course:
    """A course: concepts and questions by slug, and its glossary."""

    head: CourseHead
    concepts: dict[str, ConceptFile]
    questions: dict[str, Content]
    glossary: tuple[Term, ...] = ()

    def graph(self) -> "nx.DiGraph[str]":
        """Return the concepts with an arrow to each from those learnt before it."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.concepts)
        for slug, concept in self.concepts.items():
            graph.add_edges_from((before, slug) for before in concept.head.learn_before)
        return graph

    def concepts_in_order(self) -> list[str]:
        """Return the slugs by chapter, after those learnt before them, and otherwise by slug."""
        learnt = nx.lexicographical_topological_sort(self.graph())
        chapters = self.head.chapters
        return sorted(learnt, key=lambda slug: chapters.index(self.concepts[slug].head.chapter))
