"""Import questions from files of other systems."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import User
from question_bank.exchange import FORMATS, ImportRefusedError, Plan, Source, apply, plan
from question_bank.formats.decoding import MOST_BYTES


class Command(BaseCommand):
    help = (
        "Import a file of questions, or all such files of a folder and those in it, as drafts:"
        " manage.py import_questions FILE|DIR --format gift [--dry-run] [--json]."
        " Exit status: 0 all of it, 1 something is not supported or, for errors, nothing is"
        " imported, 2 it could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE|DIR")
        parser.add_argument("--format", choices=FORMATS, default="gift")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be imported, and import nothing"
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--by", metavar="USERNAME", help="whose drafts they become")

    def handle(self, *, path: Path, format: str, **options: Any) -> None:  # noqa: A002
        by = _person(options["by"])
        try:
            sources = list(_sources(path, FORMATS[format].suffix))
        except OSError as fault:
            raise CommandError(str(fault), returncode=2) from fault
        if not sources:
            suffix = FORMATS[format].suffix
            raise CommandError(f"There is no {suffix} file in {path}.", returncode=2)
        made = plan(sources, format, by=by)
        if not (options["dry_run"] or made.errors):
            try:
                apply(made, by=by)
            except ImportRefusedError as refusal:
                raise CommandError(str(refusal), returncode=2) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(made.as_json(), indent=2, ensure_ascii=False))
        else:
            self._say(made, dry_run=options["dry_run"])
        if made.unsupported or made.errors:
            sys.exit(1)

    def _say(self, made: Plan, *, dry_run: bool) -> None:
        for change in made.changes:
            if change.what != "unchanged":
                keys = f" ({', '.join(change.keys)})" if change.keys else ""
                self.stdout.write(f"{change.label}: {change.what}, {change.slug}{keys}")
            for note in change.notes:
                self.stdout.write(f"{change.label}: {note}")
        for label, reason in made.unsupported:
            self.stdout.write(f"{label}: not supported. {reason}")
        for error in made.errors:
            self.stdout.write(error)
        verb = "would be imported" if dry_run else "imported"
        new, changed = len(made.that_are("new")), len(made.that_are("changed"))
        same = len(made.that_are("unchanged"))
        self.stdout.write(
            f"{made.items} items, {made.imported} {verb}: {new} new, {changed} changed,"
            f" {same} unchanged; {len(made.unsupported)} not supported, {len(made.errors)} errors"
        )


def _person(username: str | None) -> int | None:
    if username is None:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is nobody called {username}.", returncode=2)
    return user.pk


def _sources(path: Path, suffix: str) -> Iterator[Source]:
    """Yield the file, or the files of a folder by name. Raises ``OSError``."""
    if not path.is_dir():
        yield Source("", _bytes(path))
        return
    for file in sorted(path.rglob(f"*{suffix}")):
        if file.is_file():
            yield Source(file.relative_to(path).as_posix(), _bytes(file))


def _bytes(path: Path) -> bytes:
    """Return a file, of one that is too large no more than shows it."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
