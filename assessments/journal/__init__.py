"""How answers that are typed in several places at once become one: values only, no database."""

from assessments.journal.entries import FORM, Entry, Malformed, entries_of, known_of, seen_of
from assessments.journal.state import Gap, State, Tip, applied, news, posted, recorded

__all__ = [
    "FORM",
    "Entry",
    "Gap",
    "Malformed",
    "State",
    "Tip",
    "applied",
    "entries_of",
    "known_of",
    "news",
    "posted",
    "recorded",
    "seen_of",
]
