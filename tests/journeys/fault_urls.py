"""The site's addresses, and one at which each page of a fault can be looked at."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from config.urls import urlpatterns as ours


def show(request: HttpRequest, name: str) -> HttpResponse:
    """Render the page of a fault as if it had come to it."""
    return HttpResponse(render_to_string(f"{name}.html", request=request))


urlpatterns = [*ours, path("see/<path:name>", show)]
