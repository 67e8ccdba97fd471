"""Moodle's GIFT: plain text to items and back.

``parse`` reads a file as Moodle does: each entry becomes an item or a ``Fault``. ``write`` gives
text that ``parse`` reads as the same items. An item says what GIFT says and no more: whether a
question of ours can stand for it is for the caller to tell, by its class and its fields.
"""

from question_bank.formats.gift.checks import ItemError
from question_bank.formats.gift.items import (
    Answer,
    Anything,
    Category,
    Description,
    Essay,
    Format,
    Interval,
    Item,
    Matching,
    MultiAnswer,
    MultipleChoice,
    Nominal,
    Numerical,
    NumericalAnswer,
    Pair,
    Question,
    Rich,
    Short,
    Stem,
    TrueFalse,
)
from question_bank.formats.gift.reading import Fault, Parsed, parse
from question_bank.formats.gift.writing import write

__all__ = [
    "Answer",
    "Anything",
    "Category",
    "Description",
    "Essay",
    "Fault",
    "Format",
    "Interval",
    "Item",
    "ItemError",
    "Matching",
    "MultiAnswer",
    "MultipleChoice",
    "Nominal",
    "Numerical",
    "NumericalAnswer",
    "Pair",
    "Parsed",
    "Question",
    "Rich",
    "Short",
    "Stem",
    "TrueFalse",
    "parse",
    "write",
]
