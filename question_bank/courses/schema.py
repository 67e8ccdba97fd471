"""What the files of a course say, one model each."""

from dataclasses import dataclass

import networkx as nx
from pydantic import Field, model_validator

from grader.contract import Slug
from grader.patterns import parse
from question_bank.kinds import Content
from question_bank.kinds.base import Strict, Text, Title


class CourseHead(Strict):
    """``course.yaml``."""

    slug: Slug
    title: Title
    summary: Text
    chapters: tuple[Title, ...] = Field(min_length=1)
    questions: tuple[Slug, ...]


class ConceptHead(Strict):
    """What stands above a concept's Markdown."""

    title: Title
    summary: str = Field(min_length=1, max_length=400)
    chapter: Title
    learn_before: tuple[Slug, ...]
    pattern: str | None = Field(default=None, max_length=400)
    pattern_n: int | None = Field(default=None, ge=1, le=64)

    @model_validator(mode="after")
    def _drawable(self) -> "ConceptHead":
        if (self.pattern is None) != (self.pattern_n is None):
            raise ValueError("pattern and pattern_n go together")
        if self.pattern is not None and self.pattern_n is not None:
            parse(self.pattern).count(self.pattern_n)
        return self


@dataclass(frozen=True)
class ConceptFile:
    """A concept: what is above its Markdown, and its Markdown."""

    head: ConceptHead
    body: str


@dataclass(frozen=True)
class Course:
    """A course: concepts and questions by slug."""

    head: CourseHead
    concepts: dict[str, ConceptFile]
    questions: dict[str, Content]

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
