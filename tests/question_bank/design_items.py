"""A small design question for tests: Llama 3 8B on an H100, eight texts of 65,536 tokens."""

import json
from typing import Any

from question_bank.kinds.design import DesignVariant
from question_bank.variants import vary
from tests.question_bank.test_case import HEAD

VALUES = {
    "dense": 8,
    "windowed": 24,
    "with_sinks": 0,
    "window": 4096,
    "sinks": 4,
    "kv_heads": 8,
    "bits": 16,
    "batch": 8,
}
RUBRIC = [{"key": "why", "title": "Says why", "points": 5, "description": "With a number."}]
DESIGN: dict[str, Any] = {
    **HEAD,
    "kind": "design",
    "stem": "Design it.",
    "model": "llama-3-8b",
    "accelerator": "h100",
    "tokens": 65_536,
    "form": {
        "dense": {"least": 0, "most": 32},
        "windowed": {"least": 0, "most": 32},
        "with_sinks": {"least": 0, "most": 32},
        "window": {"least": 64, "most": 65_536},
        "sinks": {"least": 1, "most": 128},
        "kv_heads": {"one_of": [1, 8, 32]},
        "bits": {"one_of": [16, 8, 4]},
        "page_tokens": 16,
        "batch": {"least": 1, "most": 512},
    },
    "start": VALUES | {"dense": 32, "windowed": 0},
    "constraints": [
        {
            "key": "memory",
            "title": "Cache",
            "quantity": "cache_bytes",
            "at_most": 32,
            "unit": "GiB",
            "feedback": "It is too large.",
        },
        {
            "key": "look-ups",
            "title": "Layers that see all",
            "quantity": "full_layers",
            "at_least": 4,
            "feedback": "Too few see all.",
        },
        {
            "key": "load",
            "title": "Texts",
            "quantity": "batch",
            "at_least": 8,
            "feedback": "Too few texts.",
        },
    ],
    "designs": [
        {"name": "Windows", "values": VALUES},
        {"name": "Bits", "values": VALUES | {"dense": 32, "windowed": 0, "bits": 4}},
        {
            "name": "No dense layer",
            "values": VALUES | {"dense": 0, "windowed": 32},
            "fails": ["look-ups"],
            "known_by": ["dense"],
            "feedback": "Hops are no look-ups.",
        },
        {
            "name": "All dense",
            "values": VALUES | {"dense": 32, "windowed": 0},
            "fails": ["memory"],
            "feedback": "Nothing shrinks it.",
        },
        {
            "name": "Fewer",
            "values": VALUES | {"batch": 4},
            "fails": ["load"],
            "feedback": "It is cheap to serve nobody.",
        },
    ],
    "justification": {"share": 0.4, "words": {"least": 2, "most": 9}, "rubric": RUBRIC},
}
TEXT = "Windows bound what is kept."


def design(**changed: Any) -> DesignVariant:
    made = vary(json.loads(json.dumps(DESIGN | changed)), 5)
    assert isinstance(made, DesignVariant)
    return made


def answer(**values: Any) -> dict[str, str]:
    """Fill the form with a design that passes, but for some values."""
    return {name: str(value) for name, value in (VALUES | {"text": TEXT} | values).items()}
