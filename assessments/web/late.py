"""What came too late in a sitting, for those who teach: kept, and counted nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.models import Attempt
from assessments.services.late import late_answers


@dataclass(frozen=True)
class LateLine:
    """What came too late for a question, field by field; ``number`` counts from 1."""

    number: int
    fields: Mapping[str, str]


def late_lines(attempts: Iterable[Attempt]) -> list[LateLine]:
    """Return a line for each of a sitting's questions for which something came too late."""
    listed = list(attempts)
    late = late_answers(listed)
    return [LateLine((one.place or 0) + 1, late[one.pk]) for one in listed if one.pk in late]
