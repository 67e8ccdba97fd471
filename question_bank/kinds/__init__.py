"""Kinds of questions: one file each, with its schema, its page and its marking.

A new kind is a file here, a line in ``KINDS``, a value in ``question_bank.models.Question.Kind``
and a form in ``assessments.web``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from question_bank.kinds.base import (
    Answerable,
    AskedPage,
    Content,
    ContentError,
    Mark,
    Page,
    UnreadableAnswerError,
    Variant,
)
from question_bank.kinds.case import CaseContent, CasePage, CaseVariant
from question_bank.kinds.choice import ChoiceContent, ChoicePage, ChoiceVariant
from question_bank.kinds.code import CodeContent, CodePage, CodeVariant
from question_bank.kinds.design import DesignPage, DesignVariant
from question_bank.kinds.design_content import DesignContent
from question_bank.kinds.essay import EssayContent, EssayPage, EssayVariant
from question_bank.kinds.matching import MatchingContent, MatchingPage, MatchingVariant
from question_bank.kinds.multi import MultiContent, MultiPage, MultiVariant
from question_bank.kinds.numeric import NumericContent, NumericPage, NumericVariant
from question_bank.kinds.ordering import OrderingContent, OrderingPage, OrderingVariant
from question_bank.kinds.short import ShortContent, ShortPage, ShortVariant


@dataclass(frozen=True)
class Kind:
    """How a kind's content is read, and how a seed makes a variant of it."""

    content: type[Content]
    variant: Callable[[Any, int], Variant]


KINDS = {
    "choice": Kind(ChoiceContent, ChoiceVariant),
    "multi": Kind(MultiContent, MultiVariant),
    "matching": Kind(MatchingContent, MatchingVariant),
    "numeric": Kind(NumericContent, NumericVariant),
    "short": Kind(ShortContent, ShortVariant),
    "essay": Kind(EssayContent, EssayVariant),
    "case": Kind(CaseContent, CaseVariant),
    "ordering": Kind(OrderingContent, OrderingVariant),
    "design": Kind(DesignContent, DesignVariant),
    "code": Kind(CodeContent, CodeVariant),
}

__all__ = [
    "KINDS",
    "Answerable",
    "AskedPage",
    "CasePage",
    "ChoicePage",
    "CodePage",
    "Content",
    "ContentError",
    "DesignPage",
    "EssayPage",
    "Kind",
    "Mark",
    "MatchingPage",
    "MultiPage",
    "NumericPage",
    "OrderingPage",
    "Page",
    "ShortPage",
    "UnreadableAnswerError",
    "Variant",
]
