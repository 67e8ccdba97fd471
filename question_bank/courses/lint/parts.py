"""The questions of a course one by one, those within cases among them."""

from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.courses.checks import question_file
from question_bank.courses.faults import Fault
from question_bank.courses.schema import Course
from question_bank.kinds import Content
from question_bank.kinds.case import CaseContent, part_seeds
from question_bank.variants import DEPLOYED


@dataclass(frozen=True)
class Asked:
    """A question, or a part of a case, and where it stands."""

    file: str
    within: str
    content: Content
    seeds: tuple[int, ...] = tuple(DEPLOYED)
    """Those that it is drawn from where the whole has the deployed seeds."""

    @property
    def place(self) -> str:
        """The file, and the part where it is one."""
        return f"{self.file}, {self.within}".removesuffix(".").removesuffix(", ")

    def fault(self, key: str, reason: str) -> Fault:
        """Return something wrong at a key of it."""
        return Fault(self.file, f"{self.within}{key}", reason)


def asked_in(course: Course) -> Iterator[Asked]:
    """Yield every question of a course, each case before its parts."""
    for slug, content in course.questions.items():
        yield Asked(question_file(slug), "", content)
        if isinstance(content, CaseContent):
            seeds = zip(*(part_seeds(len(content.parts), seed) for seed in DEPLOYED), strict=True)
            for place, (part, own) in enumerate(zip(content.parts, seeds, strict=True)):
                yield Asked(question_file(slug), f"parts.{place}.", part.question, own)
