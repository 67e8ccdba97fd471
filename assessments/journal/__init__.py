"""The rules by which changes of an answer merge, as ``docs/answers.md`` states them.

Pure: no Django, no clock, no database. ``assessments/web/static/web/merge.js`` follows the same
rules in the browser.
"""

from assessments.journal.deadlines import Times, counts, typed_time
from assessments.journal.registers import (
    NOTHING,
    Change,
    Head,
    Register,
    State,
    Vector,
    change_of,
    everything,
    knows,
    merged,
    merged_states,
    others,
    plain,
    recorded,
    shown,
    values,
)

__all__ = [
    "NOTHING",
    "Change",
    "Head",
    "Register",
    "State",
    "Times",
    "Vector",
    "change_of",
    "counts",
    "everything",
    "knows",
    "merged",
    "merged_states",
    "others",
    "plain",
    "recorded",
    "shown",
    "typed_time",
    "values",
]
