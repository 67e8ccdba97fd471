"""When two JSON values are the same."""

import hashlib
import json
from typing import Any


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON: keys in order, no spaces, ASCII."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
