"""A question as one learner gets it: fixed for ever by version and seed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from question_bank.kinds import KINDS, Answerable, Content, Variant
from question_bank.models import QuestionVersion

DEPLOYED = range(64)
"""The seeds that attempts are given: every variant that a learner meets has been tested."""


def deployed_seed(text: str) -> int:
    """Return the deployed seed that a text names; the first for anything else."""
    seed = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return seed if seed in DEPLOYED else DEPLOYED[0]


@dataclass(frozen=True)
class _Drawn:
    """Which variant is meant: content that is the same under the same digest, and a seed."""

    digest: str
    seed: int
    version: QuestionVersion = field(compare=False, repr=False)


def variant_of(version: QuestionVersion, seed: int) -> Variant:
    """Return the variant of a version that a seed draws.

    Versions never change, so each process remembers the variants that were asked for last. A
    version whose ``content`` was deferred is read only where its variant is not remembered.
    """
    return _remembered(_Drawn(version.digest, seed, version))


def names_of(variant: Variant) -> tuple[str, ...]:
    """Return the names of a question's fields; code has one."""
    return variant.fields if isinstance(variant, Answerable) else ("source",)


@lru_cache(maxsize=1024)
def _remembered(drawn: _Drawn) -> Variant:
    content = _content(_Drawn(drawn.digest, 0, drawn.version))
    return KINDS[content.kind].variant(content, drawn.seed)


@lru_cache(maxsize=256)
def _content(drawn: _Drawn) -> Content:
    return read_content(drawn.version.content)


def vary(content: Mapping[str, Any], seed: int) -> Variant:
    """Return the variant of a version's content that a seed draws.

    Raises pydantic's ``ValidationError`` where the content is not of its kind's schema.
    """
    return KINDS[content["kind"]].variant(read_content(content), seed)


def read_content(content: Mapping[str, Any]) -> Content:
    """Return a version's content as its kind's schema. Raises pydantic's ``ValidationError``."""
    return KINDS[content["kind"]].content.model_validate_json(json.dumps(content))
