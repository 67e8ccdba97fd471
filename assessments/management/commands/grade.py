"""Judge one file without database or broker, as the page would."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Judge one file on this machine: manage.py grade SLUG FILE [--json] [--device cpu|cuda]"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")

    def handle(self, *, slug: str, file: str, device: str, json: bool, **_options: Any) -> None:
        """Become the judge: this process imports no torch, and that one no Django."""
        command = [sys.executable, "-m", "grader.local", file]
        command += ["--exercise", slug, "--device", device, *(["--json"] if json else [])]
        path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
        os.execve(command[0], command, os.environ | {"PYTHONPATH": path})  # noqa: S606 (no shell)
