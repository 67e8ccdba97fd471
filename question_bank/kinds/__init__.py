"""Kinds of questions: one file each, with its schema, its page and its marking.

A new kind is a file here, a line in ``KINDS``, a value in ``question_bank.models.Question.Kind``
and a template in ``assessments.web``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from question_bank.kinds.base import (
    Answerable,
    Content,
    ContentError,
    Mark,
    Page,
    UnreadableAnswerError,
    Variant,
)
from question_bank.kinds.choice import ChoiceContent, ChoicePage, ChoiceVariant
from question_bank.kinds.code import CodeContent, CodePage, CodeVariant
from question_bank.kinds.numeric import NumericContent, NumericPage, NumericVariant
from question_bank.kinds.ordering import OrderingContent, OrderingPage, OrderingVariant


@dataclass(frozen=True)
class Kind:
    """How a kind's content is read, and how a seed makes a variant of it."""

    content: type[Content]
    variant: Callable[[Any, int], Variant]


KINDS = {
    "choice": Kind(ChoiceContent, ChoiceVariant),
    "numeric": Kind(NumericContent, NumericVariant),
    "ordering": Kind(OrderingContent, OrderingVariant),
    "code": Kind(CodeContent, CodeVariant),
}

__all__ = [
    "KINDS",
    "Answerable",
    "ChoicePage",
    "CodePage",
    "Content",
    "ContentError",
    "Kind",
    "Mark",
    "NumericPage",
    "OrderingPage",
    "Page",
    "UnreadableAnswerError",
    "Variant",
]
