"""One concept."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.access import visible_concepts
from assessments.web import concept_page
from assessments.web.requests import SignedIn, find


@login_required
@require_safe
def concept(request: SignedIn, slug: str) -> HttpResponse:
    """Show a concept with its picture, its neighbours in the course, and practice."""
    found = find(visible_concepts(request.user), slug=slug)
    query = request.GET.get("query")
    return render(request, "web/concept.html", concept_page.context(found, request.user, query))
