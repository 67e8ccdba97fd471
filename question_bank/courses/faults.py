"""What is wrong in a course's files."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file; ``key`` is where, and empty where it is the file as a whole."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: {self.reason}"


class CourseError(ValueError):
    """A folder that is not a course; ``faults`` are all that were found, one a line in its text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
