"""Load a course from a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.courses import load_course
from question_bank.courses import BUILT_IN, CourseError
from question_bank.publishing import KindChangedError


class Command(BaseCommand):
    help = "Load a course from a folder of files (the built-in one by default); safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=BUILT_IN)
        parser.add_argument(
            "--over",
            action="store_true",
            help="take the files' word also where a question was changed here since it was loaded",
        )

    def handle(self, *, folder: Path, over: bool, **_options: Any) -> None:
        try:
            course, changes = load_course(folder, over=over)
        except (CourseError, KindChangedError) as fault:
            raise CommandError(f"Nothing was loaded.\n{fault}") from fault
        for line in changes:
            self.stdout.write(line)
        self.stdout.write(f"{course.title}: {len(changes)} changes")
