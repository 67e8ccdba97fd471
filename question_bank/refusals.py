"""What a schema refuses, in words for whoever wrote it: pydantic's own never reach an author."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_A_NUMBER = "Write a number in digits, such as 12 or 0.5."
_A_WHOLE_NUMBER = "Write a whole number in digits."
_A_TEXT = "Write a text."
_A_LIST = "Give a list."
_SOME_KEYS = "Give values under their names."
_YES_OR_NO = "Say true or false."

WORDS: Mapping[str, str] = {
    "missing": "This is missing.",
    "extra_forbidden": "There is nothing of this name here.",
    "model_type": _SOME_KEYS,
    "model_attributes_type": _SOME_KEYS,
    "dict_type": _SOME_KEYS,
    "literal_error": "Choose one of {expected}.",
    "enum": "Choose one of {expected}.",
    "string_type": _A_TEXT,
    "string_unicode": "This text holds a character that cannot be kept.",
    "string_too_short": "Write at least {min_length} characters.",
    "string_too_long": "Write at most {max_length} characters.",
    "string_pattern_mismatch": "This is not in the form that is asked for.",
    "tuple_type": _A_LIST,
    "too_short": "Give at least {min_length}; there are {actual_length}.",
    "too_long": "Give at most {max_length}; there are {actual_length}.",
    "int_type": _A_WHOLE_NUMBER,
    "int_parsing": _A_WHOLE_NUMBER,
    "int_from_float": _A_WHOLE_NUMBER,
    "int_parsing_size": "This number is too large.",
    "float_type": _A_NUMBER,
    "float_parsing": _A_NUMBER,
    "decimal_type": _A_NUMBER,
    "decimal_parsing": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "decimal_max_digits": "Write at most {max_digits} digits.",
    "decimal_max_places": "Write at most {decimal_places} digits after the point.",
    "decimal_whole_digits": "Write at most {whole_digits} digits before the point.",
    "greater_than": "This has to be more than {gt}.",
    "greater_than_equal": "This has to be {ge} or more.",
    "less_than": "This has to be less than {lt}.",
    "less_than_equal": "This has to be {le} or less.",
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "union_tag_invalid": "Choose a kind: one of {expected_tags}.",
    "union_tag_not_found": "Say of which kind this is.",
    "json_invalid": "This cannot be kept as it is.",
}

#: What a text has to be like, by the expression that it has to fit.
OF_PATTERNS: Mapping[str, str] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "Write small letters and digits, joined by hyphens.",
    r"^[A-Za-z_][A-Za-z0-9_]*$": "Write a name of letters, digits and _, without spaces.",
    r"^[^\n]+$": "Write one line.",
    r"^\d{1,4}(/[1-9]\d{0,3})?$": "Write a whole number or a fraction, such as 3 or 3/4.",
}
_EMPTY = "Write something here."
_OTHERWISE = "This is not as it has to be."


def reason_of(error: "ErrorDetails") -> str:
    """Return one error of a ``ValidationError`` in a sentence."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind == "string_too_short" and context.get("min_length") == 1:
        return _EMPTY
    if kind == "string_pattern_mismatch" and context.get("pattern") in OF_PATTERNS:
        return _EMPTY if error["input"] == "" else OF_PATTERNS[str(context["pattern"])]
    return WORDS.get(kind, _OTHERWISE).format_map(_plain(context))


def _plain(context: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).replace("'", "") for key, value in context.items()}
