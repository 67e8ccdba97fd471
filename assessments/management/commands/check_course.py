"""Say what an author should look at in a loaded course."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.courses import NoSuchCourseError, course_called, loaded_course
from question_bank.courses import Course, CourseError
from question_bank.courses.lint import Findings, examine
from question_bank.courses.lint.concepts import questions_by_concept
from question_bank.kinds import KINDS


class Command(BaseCommand):
    help = (
        "Check a loaded course, the only one by default: manage.py check_course [SLUG] [--json]."
        " Exit status: 0 no problem, 1 problems, 2 it could not be checked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug: str | None, **options: Any) -> None:
        try:
            course = loaded_course(course_called(slug))
        except (NoSuchCourseError, CourseError) as fault:
            raise CommandError(str(fault), returncode=2) from fault
        findings = examine(course)
        if options["json"]:
            self.stdout.write(json.dumps(_told(course, findings), indent=2, ensure_ascii=False))
        else:
            self._say(course, findings)
        for line in findings.not_compared:
            self.stderr.write(f"Computed in one way only: {line}")
        if findings.problems:
            sys.exit(1)

    def _say(self, course: Course, findings: Findings) -> None:
        told = _told(course, findings)
        self.stdout.write(f"{course.head.title} ({course.head.slug})")
        kinds = ", ".join(f"{number} {kind}" for kind, number in told["kinds"].items() if number)
        self.stdout.write(f"{told['concepts']} concepts, {told['questions']} questions: {kinds}")
        for slug, number in questions_by_concept(course).items():
            self.stdout.write(f"{number:5}  {slug}")
        for fault in findings.problems:
            self.stdout.write(str(fault))
        self.stdout.write(f"{len(findings.problems)} problems")


def _told(course: Course, findings: Findings) -> dict[str, Any]:
    times = Counter(content.kind for content in course.questions.values())
    return {
        "concepts": len(course.concepts),
        "questions": len(course.questions),
        "kinds": {kind: times[kind] for kind in KINDS},
        "problems": [
            {"where": fault.place, "problem": fault.reason} for fault in findings.problems
        ],
    }
