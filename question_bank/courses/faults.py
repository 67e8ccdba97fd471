"""What is wrong in a course's files."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from question_bank.refusals import reason_of


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file; ``key`` is where, and empty where it is the file as a whole."""

    file: str
    key: str
    reason: str

    @property
    def place(self) -> str:
        """The file, and the key where there is one."""
        return f"{self.file}, {self.key}" if self.key else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class CourseError(ValueError):
    """A folder that is not a course; ``faults`` are all that were found, one a line in its text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def faults_of(refusal: ValidationError, file: str) -> list[Fault]:
    """Return what a schema refuses in a file, key by key."""
    return [
        Fault(file, ".".join(map(str, error["loc"])), reason_of(error))
        for error in refusal.errors()
    ]
