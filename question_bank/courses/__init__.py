"""Courses as folders of files; ``content/FORMAT.md`` says what they hold."""

from pathlib import Path

from question_bank.courses.checks import all_faults
from question_bank.courses.faults import CourseError, Fault
from question_bank.courses.reading import Reader
from question_bank.courses.schema import Course

BUILT_IN = Path(__file__).parent.parent / "content" / "sparse-attention"

__all__ = ["BUILT_IN", "Course", "CourseError", "Fault", "read_course"]


def read_course(folder: Path) -> Course:
    """Return the course in a folder. Raises ``CourseError``, which lists every fault found."""
    reader = Reader(folder)
    course = reader.read()
    # What one file says is compared with another only when each can be read.
    faults = reader.faults or (all_faults(course) if course else [])
    if faults or course is None:
        raise CourseError(faults)
    return course
