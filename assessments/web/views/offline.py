"""What stands in while there is no connection."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what to do without a connection; it holds nothing of anybody, and browsers keep it."""
    return render(request, "web/offline.html")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; it stands at the root because it serves all pages."""
    response = render(request, "web/offline.js", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
