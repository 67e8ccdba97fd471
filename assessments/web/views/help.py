"""The page behind "?"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def help_page(request: HttpRequest) -> HttpResponse:
    """Show shortcuts and how to read pictures and verdicts."""
    return render(request, "web/help.html")
