"""Search over everything that a person may see."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.web.requests import SignedIn
from assessments.web.search import page


@login_required
@require_safe
def search(request: SignedIn) -> HttpResponse:
    """Show what is found for the words that were typed."""
    asked = request.GET
    typed, group = asked.get("q", ""), asked.get("in", "")
    return render(
        request, "web/search.html", page.context(request.user, typed, group, asked.get("page", "1"))
    )
