"""Whether an exercise is counted while somebody types its pattern: told beforehand."""

from grader.exercises.typed import Declaration
from grader.patterns import parse
from grader.patterns.effort import effort_of_count

# An exercise is counted dozens of times: at what is timed, and for each wrong solution.
_MOST = 50_000
_LONGEST_COUNTED = 8448


def takes_long(declaration: Declaration) -> bool:
    """Tell whether an exercise's counts would take long; what cannot be read does not."""
    n = _LONGEST_COUNTED if declaration.work else declaration.probe_n
    try:
        pattern = parse(declaration.pattern, declaration.probe_values)
        return effort_of_count(pattern, n) > _MOST
    except ValueError:
        return False
