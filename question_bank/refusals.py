"""What a schema refuses, in words for whoever wrote it: pydantic's own never reach an author."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.words import gettext, gettext_noop

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_A_NUMBER = gettext_noop("Write a number in digits, such as 12 or 0.5.")
_A_WHOLE_NUMBER = gettext_noop("Write a whole number in digits.")
_A_TEXT = gettext_noop("Write a text.")
_A_LIST = gettext_noop("Give a list.")
_SOME_KEYS = gettext_noop("Give values under their names.")
_YES_OR_NO = gettext_noop("Say true or false.")

WORDS: Mapping[str, str] = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is nothing of this name here."),
    "model_type": _SOME_KEYS,
    "model_attributes_type": _SOME_KEYS,
    "dict_type": _SOME_KEYS,
    "literal_error": gettext_noop("Choose one of {expected}."),
    "enum": gettext_noop("Choose one of {expected}."),
    "string_type": _A_TEXT,
    "string_unicode": gettext_noop("This text holds a character that cannot be kept."),
    "string_too_short": gettext_noop("Write at least {min_length} characters."),
    "string_too_long": gettext_noop("Write at most {max_length} characters."),
    "string_pattern_mismatch": gettext_noop("This is not in the form that is asked for."),
    "tuple_type": _A_LIST,
    "too_short": gettext_noop("Give at least {min_length}; there are {actual_length}."),
    "too_long": gettext_noop("Give at most {max_length}; there are {actual_length}."),
    "int_type": _A_WHOLE_NUMBER,
    "int_parsing": _A_WHOLE_NUMBER,
    "int_from_float": _A_WHOLE_NUMBER,
    "int_parsing_size": gettext_noop("This number is too large."),
    "float_type": _A_NUMBER,
    "float_parsing": _A_NUMBER,
    "decimal_type": _A_NUMBER,
    "decimal_parsing": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "decimal_max_digits": gettext_noop("Write at most {max_digits} digits."),
    "decimal_max_places": gettext_noop("Write at most {decimal_places} digits after the point."),
    "decimal_whole_digits": gettext_noop("Write at most {whole_digits} digits before the point."),
    "greater_than": gettext_noop("This has to be more than {gt}."),
    "greater_than_equal": gettext_noop("This has to be {ge} or more."),
    "less_than": gettext_noop("This has to be less than {lt}."),
    "less_than_equal": gettext_noop("This has to be {le} or less."),
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "union_tag_invalid": gettext_noop("Choose a kind: one of {expected_tags}."),
    "union_tag_not_found": gettext_noop("Say of which kind this is."),
    "json_invalid": gettext_noop("This cannot be kept as it is."),
}

#: What a text has to be like, by the expression that it has to fit.
OF_PATTERNS: Mapping[str, str] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": gettext_noop("Write small letters and digits, joined by hyphens."),
    r"^[A-Za-z_][A-Za-z0-9_]*$": gettext_noop(
        "Write a name of letters, digits and _, without spaces."
    ),
    r"^[^\n]+$": gettext_noop("Write one line."),
    r"^\d{1,4}(/[1-9]\d{0,3})?$": gettext_noop(
        "Write a whole number or a fraction, such as 3 or 3/4."
    ),
}
_EMPTY = gettext_noop("Write something here.")
_OTHERWISE = gettext_noop("This is not as it has to be.")


def reason_of(error: "ErrorDetails") -> str:
    """Return one error of a ``ValidationError`` in a sentence."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind == "string_too_short" and context.get("min_length") == 1:
        return gettext(_EMPTY)
    if kind == "string_pattern_mismatch" and context.get("pattern") in OF_PATTERNS:
        is_empty = error["input"] == ""
        return gettext(_EMPTY) if is_empty else gettext(OF_PATTERNS[str(context["pattern"])])
    return gettext(WORDS.get(kind, _OTHERWISE)).format_map(_plain(context))


def _plain(context: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).replace("'", "") for key, value in context.items()}
