"""A question as one learner gets it: fixed for ever by version and seed."""

import json
from collections.abc import Mapping
from typing import Any

from question_bank.kinds import KINDS, Variant
from question_bank.models import QuestionVersion


def variant_of(version: QuestionVersion, seed: int) -> Variant:
    """Return the variant of a version that a seed draws."""
    return vary(version.content, seed)


def vary(content: Mapping[str, Any], seed: int) -> Variant:
    """Return the variant of a version's content that a seed draws.

    Raises pydantic's ``ValidationError`` where the content is not of its kind's schema.
    """
    kind = KINDS[content["kind"]]
    return kind.variant(kind.content.model_validate_json(json.dumps(content)), seed)
