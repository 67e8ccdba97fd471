"""Write a loaded course into a folder of files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.courses import NoSuchCourseError, course_as_files, course_called
from question_bank.courses import CourseError
from question_bank.courses.folders import FolderInUseError, write_folder


class Command(BaseCommand):
    help = "Write a loaded course into a folder, in the canonical form of its files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--force",
            action="store_true",
            help="write over a folder that is not empty; only a course's own files are removed",
        )

    def handle(self, *, slug: str, folder: Path, force: bool, **_options: Any) -> None:
        try:
            files = course_as_files(course_called(slug))
            changes = write_folder(files, folder, force)
        except NoSuchCourseError as fault:
            raise CommandError(str(fault)) from fault
        except CourseError as fault:
            raise CommandError(f"Nothing was written.\n{fault}") from fault
        except FolderInUseError as fault:
            raise CommandError(f"Nothing was written: {fault}. --force writes over it.") from fault
        except OSError as fault:
            raise CommandError(str(fault)) from fault
        for name in changes.removed:
            self.stdout.write(f"{name}: removed")
        for name in changes.left:
            self.stderr.write(f"{name}: no question of this course, but it holds other files")
        self.stdout.write(f"{slug}: {len(files)} files, {len(changes.written)} written")
