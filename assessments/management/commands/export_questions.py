"""Export questions to a file of another system."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet

from assessments.services.courses import NoSuchCourseError, course_called
from question_bank.exchange import FORMATS, Exported, export
from question_bank.models import Question


class Command(BaseCommand):
    help = (
        "Export questions as they are live, or as their drafts where none is live:"
        " manage.py export_questions FILE --format gift [--folder PATH] [--tag NAME]"
        " [--course SLUG] [--slug SLUG ...] [--json]. Without a condition it is all of them."
        " Exit status: 0 all of them, 1 some cannot be in such a file, 2 it could not be written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, default="gift")
        parser.add_argument("--folder", help="this folder and those in it")
        parser.add_argument("--tag")
        parser.add_argument("--course")
        parser.add_argument("--slug", action="append", help="may be given several times")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, format: str, **options: Any) -> None:  # noqa: A002
        made = export(_chosen(options), format)
        try:
            file.write_bytes(made.data)
        except OSError as fault:
            raise CommandError(str(fault), returncode=2) from fault
        if options["json"]:
            self.stdout.write(json.dumps(_told(made), indent=2, ensure_ascii=False))
        else:
            for slug, reason in made.unsupported:
                self.stdout.write(f"{slug}: not supported. {reason}")
            for slug in made.left_out:
                self.stdout.write(f"{slug}: its author tests are not in the file.")
            self.stdout.write(
                f"{made.exported} questions exported, {len(made.unsupported)} not supported"
            )
        if made.unsupported:
            sys.exit(1)


def _chosen(options: dict[str, Any]) -> QuerySet[Question]:
    """Return the questions that meet all conditions. Raises ``CommandError``."""
    chosen = Question.objects.all()
    if (folder := options["folder"]) is not None:
        chosen = chosen.filter(Q(folder=folder) | Q(folder__startswith=f"{folder}/"))
    if options["tag"]:
        chosen = chosen.filter(tags__name=options["tag"])
    if options["course"]:
        try:
            chosen = chosen.filter(courses=course_called(options["course"]))
        except NoSuchCourseError as fault:
            raise CommandError(str(fault), returncode=2) from fault
    if slugs := options["slug"]:
        chosen = chosen.filter(slug__in=slugs)
        missing = sorted(set(slugs) - set(chosen.values_list("slug", flat=True)))
        if missing:
            raise CommandError(f"There is no such question: {', '.join(missing)}.", returncode=2)
    return chosen


def _told(made: Exported) -> dict[str, Any]:
    return {
        "exported": made.exported,
        "unsupported": [{"item": item, "reason": reason} for item, reason in made.unsupported],
        "without_author_tests": list(made.left_out),
    }
