"""Make a token for a person's scripts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Scope, User
from assessments.services.tokens import TokenRefusedError, make_token


class Command(BaseCommand):
    help = (
        "Make a token for the API and print it, this once: manage.py make_token USERNAME"
        " [--scope SCOPE]… [--days N] [--name NAME]. Without a scope it has all of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--scope", action="append", choices=Scope.values, metavar="SCOPE")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--name", default="made on the command line")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        scopes = options["scope"] or Scope.values
        try:
            _token, text = make_token(user, options["name"], scopes, options["days"])
        except TokenRefusedError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(text)
