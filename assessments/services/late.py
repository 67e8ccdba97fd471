"""What came when its sitting no longer took it: kept, and counted nowhere."""

from collections.abc import Iterable

from assessments.journal import State
from assessments.models import Attempt, Saved


def late_answers(attempts: Iterable[Attempt]) -> dict[int, dict[str, str]]:
    """Return the fields that came too late, by the key of those attempts that have some.

    One query.
    """
    rows = Saved.objects.filter(attempt__in=[one.pk for one in attempts]).exclude(late={})
    found = {row.pk: State.of_json(row.late).answer() for row in rows.only("late")}
    return {pk: answer for pk, answer in found.items() if answer}
