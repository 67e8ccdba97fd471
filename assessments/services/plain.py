"""Text that every database can keep."""

from typing import Any


def storable(value: Any) -> Any:
    """Return a JSON value with the null characters replaced, which PostgreSQL refuses in JSON."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    return value
